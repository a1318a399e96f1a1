-- One row per week, Monday first, and sales channel. A week is complete where the bookings begin before it and go on after it.
-- The interval is Wilson's at 95 % (z = 1.96); fewer than 30 attempts are a small sample.
with dated as (
  select
    cast(date_trunc('week', event_date) as date) as week,
    event_date,
    sales_channel,
    booking_complete,
    coalesce(event_time_simulated, false) as is_simulated
  from bookings
  where event_date is not null
),
span as (
  select
    min(event_date) as first_day,
    max(event_date) as last_day
  from dated
),
counted as (
  select
    week,
    sales_channel,
    count(*) as attempts,
    count_if(booking_complete) as completed,
    bool_or(is_simulated) as has_simulated_times
  from dated
  group by week, sales_channel
)
select
  week,
  sales_channel,
  attempts,
  completed,
  round(1e0 * completed / attempts, 4) as completion_rate,
  round((2e0 * completed + 3.8416e0 - 1.96e0 * sqrt(3.8416e0 + 4e0 * completed * (attempts - completed) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as rate_low,
  round((2e0 * completed + 3.8416e0 + 1.96e0 * sqrt(3.8416e0 + 4e0 * completed * (attempts - completed) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as rate_high,
  attempts < 30 as is_small_sample,
  first_day <= week and last_day > date_add('day', 6, week) as is_complete_week,
  has_simulated_times
from counted
cross join span
