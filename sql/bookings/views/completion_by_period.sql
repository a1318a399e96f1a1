-- One row per period: the last 28 complete days (current) and the 28 before them (previous).
-- The last day with bookings is left out, since it may not be over. is_covered says whether the bookings begin early enough.
-- The interval is Wilson's at 95 % (z = 1.96); fewer than 30 attempts are a small sample.
with span as (
  select
    min(event_date) as earliest,
    max(event_date) as latest
  from bookings
),
placed as (
  select
    case when event_date >= date_add('day', -28, latest) then 'current' else 'previous' end as period,
    case when event_date >= date_add('day', -28, latest) then date_add('day', -28, latest) else date_add('day', -56, latest) end as first_day,
    case when event_date >= date_add('day', -28, latest) then date_add('day', -1, latest) else date_add('day', -29, latest) end as last_day,
    earliest,
    num_passengers,
    booking_complete,
    coalesce(event_time_simulated, false) as is_simulated
  from bookings
  cross join span
  where event_date < latest and event_date >= date_add('day', -56, latest)
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
