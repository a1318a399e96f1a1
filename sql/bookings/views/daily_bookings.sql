-- One row per day on which bookings were made. Bookings without a time are counted in bookings_without_time.
-- The figures of seven days take the day and the six calendar days before it, also where some of them have no booking;
-- has_seven_days says whether the bookings begin early enough for it.
-- The interval is Wilson's at 95 % (z = 1.96); fewer than 30 attempts are a small sample.
with daily as (
  select
    event_date,
    count(*) as attempts,
    count_if(booking_complete) as completed,
    bool_or(coalesce(event_time_simulated, false)) as has_simulated_times
  from bookings
  where event_date is not null
  group by event_date
),
rolling as (
  select
    event_date,
    attempts,
    completed,
    has_simulated_times,
    cast(sum(attempts) over (order by event_date range between interval '6' day preceding and current row) as bigint) as attempts_7_days,
    cast(sum(completed) over (order by event_date range between interval '6' day preceding and current row) as bigint) as completed_7_days,
    event_date >= date_add('day', 6, min(event_date) over ()) as has_seven_days
  from daily
)
select
  event_date,
  attempts,
  completed,
  round(1e0 * completed / attempts, 4) as completion_rate,
  round((2e0 * completed + 3.8416e0 - 1.96e0 * sqrt(3.8416e0 + 4e0 * completed * (attempts - completed) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as rate_low,
  round((2e0 * completed + 3.8416e0 + 1.96e0 * sqrt(3.8416e0 + 4e0 * completed * (attempts - completed) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as rate_high,
  attempts < 30 as is_small_sample,
  attempts_7_days,
  completed_7_days,
  round(1e0 * completed_7_days / attempts_7_days, 4) as completion_rate_7_days,
  has_simulated_times,
  has_seven_days
from rolling
