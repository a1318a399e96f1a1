-- The completion rate of the last 7 days that are over, by the latest day with bookings; no row where none have a day.
-- The interval is Wilson's at 95 % (z = 1.96).
with span as (
  select max(event_date) as latest from bookings
),
counted as (
  select
    latest,
    count(*) as attempts,
    count_if(booking_complete) as completed
  from bookings
  cross join span
  where event_date < latest and event_date >= date_add('day', -7, latest)
  group by latest
),
measured as (
  select
    latest,
    attempts,
    completed,
    round(1e0 * completed / attempts, 4) as completion_rate,
    round((2e0 * completed + 3.8416e0 - 1.96e0 * sqrt(3.8416e0 + 4e0 * completed * (attempts - completed) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as rate_low,
    round((2e0 * completed + 3.8416e0 + 1.96e0 * sqrt(3.8416e0 + 4e0 * completed * (attempts - completed) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as rate_high,
    attempts < 30 as is_small_sample
  from counted
)
select
  completion_rate as value,
  attempts as n,
  concat(cast(date_add('day', -7, latest) as varchar), ' – ', cast(date_add('day', -1, latest) as varchar)) as period,
  rate_low as low,
  rate_high as high
from measured
