-- One row per route: a pair of airports in alphabetical order, not a direction.
-- The interval is Wilson's at 95 % (z = 1.96); fewer than 30 attempts are a small sample.
with counted as (
  select
    route,
    airport_a,
    airport_b,
    count(*) as attempts,
    count_if(booking_complete) as completed,
    cast(count_if(booking_complete) as double) / cast(count(*) as double) as rate
  from bookings
  group by route, airport_a, airport_b
)
select
  route,
  airport_a,
  airport_b,
  attempts,
  completed,
  round(rate, 4) as completion_rate,
  round((rate + 1.9207 / cast(attempts as double) - 1.96 * sqrt(rate * (1e0 - rate) / cast(attempts as double) + 0.9604 / (cast(attempts as double) * cast(attempts as double)))) / (1e0 + 3.8416 / cast(attempts as double)), 4) as rate_low,
  round((rate + 1.9207 / cast(attempts as double) + 1.96 * sqrt(rate * (1e0 - rate) / cast(attempts as double) + 0.9604 / (cast(attempts as double) * cast(attempts as double)))) / (1e0 + 3.8416 / cast(attempts as double)), 4) as rate_high,
  attempts < 30 as is_small_sample
from counted
