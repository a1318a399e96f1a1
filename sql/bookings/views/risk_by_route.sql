-- One row per route and risk band: bookings that are not completed, and how many completions their probabilities add up to.
select
  route,
  risk_band,
  count(*) as open_bookings,
  round(cast(sum(cast(completion_probability as decimal(12, 9))) as double), 2) as expected_completions,
  round(1e0 * cast(sum(cast(completion_probability as decimal(12, 9))) as double) / count(*), 4) as mean_probability
from at_risk_bookings
group by route, risk_band
