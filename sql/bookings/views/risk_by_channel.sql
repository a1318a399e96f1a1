-- One row per sales channel and risk band: bookings that are not completed, and how many completions their probabilities add up to.
select
  sales_channel,
  risk_band,
  count(*) as open_bookings,
  round(sum(completion_probability), 2) as expected_completions,
  round(avg(completion_probability), 4) as mean_probability
from at_risk_bookings
group by sales_channel, risk_band
