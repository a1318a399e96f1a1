-- One row per route: how many attempts were abandoned, and how many more would have completed at the rate of all bookings.
-- The interval is Wilson's at 95 % (z = 1.96); fewer than 30 attempts are a small sample.
with counted as (
  select
    route,
    count(*) as attempts,
    count_if(booking_complete) as completed
  from bookings
  group by route
),
compared as (
  select
    route,
    attempts,
    completed,
    1e0 * sum(completed) over () / sum(attempts) over () as rate_of_all
  from counted
)
select
  route,
  attempts,
  completed,
  round(1e0 * completed / attempts, 4) as completion_rate,
  round((2e0 * completed + 3.8416e0 - 1.96e0 * sqrt(3.8416e0 + 4e0 * completed * (attempts - completed) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as rate_low,
  round((2e0 * completed + 3.8416e0 + 1.96e0 * sqrt(3.8416e0 + 4e0 * completed * (attempts - completed) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as rate_high,
  attempts < 30 as is_small_sample,
  attempts - completed as abandoned,
  round(attempts * rate_of_all - completed, 1) as lost_to_average
from compared
