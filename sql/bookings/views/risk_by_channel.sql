-- One row per sales channel and risk band: bookings that are not completed, and how many completions their probabilities add up to.
select
  sales_channel,
  risk_band,
  count(*) as open_bookings,
  round(cast(sum(cast(completion_probability as decimal(12, 9))) as double), 2) as expected_completions,
  round(1e0 * cast(sum(cast(completion_probability as decimal(12, 9))) as double) / count(*), 4) as mean_probability,
  case risk_band when 'high' then 1 when 'medium' then 2 else 3 end as risk_rank
from at_risk_bookings
group by sales_channel, risk_band
