-- One row per period of compared_periods. is_covered says whether the bookings begin early enough.
-- The interval is Wilson's at 95 % (z = 1.96); fewer than 30 attempts are a small sample.
with span as (
  select min(event_date) as earliest from bookings
),
placed as (
  select
    compared_periods.period,
    compared_periods.first_day,
    compared_periods.last_day,
    span.earliest,
    bookings.num_passengers,
    bookings.booking_complete,
    coalesce(bookings.event_time_simulated, false) as is_simulated
  from bookings
  cross join span
  join compared_periods on bookings.event_date between compared_periods.first_day and compared_periods.last_day
),
counted as (
  select
    period,
    first_day,
    last_day,
    earliest,
    count(*) as attempts,
    count_if(booking_complete) as completed,
    cast(sum(num_passengers) as bigint) as passengers,
    bool_or(is_simulated) as has_simulated_times
  from placed
  group by period, first_day, last_day, earliest
)
select
  period,
  first_day,
  last_day,
  earliest <= first_day as is_covered,
  attempts,
  completed,
  round(1e0 * completed / attempts, 4) as completion_rate,
  round((2e0 * completed + 3.8416e0 - 1.96e0 * sqrt(3.8416e0 + 4e0 * completed * (attempts - completed) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as rate_low,
  round((2e0 * completed + 3.8416e0 + 1.96e0 * sqrt(3.8416e0 + 4e0 * completed * (attempts - completed) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as rate_high,
  attempts < 30 as is_small_sample,
  attempts - completed as abandoned,
  passengers,
  has_simulated_times
from counted
