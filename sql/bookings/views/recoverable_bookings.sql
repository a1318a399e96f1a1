-- One row for all bookings that are not completed, none while no model has scored any: how many completions their
-- probabilities add up to, as the newest score of each foretells it. Sums are of decimals, so that they are the same in any order.
select
  count(*) as open_bookings,
  round(cast(sum(cast(completion_probability as decimal(12, 9))) as double), 2) as expected_completions,
  round(1e0 * cast(sum(cast(completion_probability as decimal(12, 9))) as double) / count(*), 4) as mean_probability,
  round(cast(sum(cast(expected_passengers as decimal(12, 2))) as double), 2) as expected_passengers,
  max(model_version) as model_version,
  max(scored_at) as last_scored_at
from at_risk_bookings
having count(*) > 0
