-- One row per day on which a booking was made; bookings without a time are in bookings_without_time.
-- The rolling figures take the day and the six calendar days before it, also where some of them have no booking.
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
week_of as (
  select
    today.event_date,
    sum(before.attempts) as attempts_7_days,
    sum(before.completed) as completed_7_days
  from daily as today
  join daily as before
    on before.event_date <= today.event_date
    and date_diff('day', before.event_date, today.event_date) <= 6
  group by today.event_date
)
select
  daily.event_date,
  daily.attempts,
  daily.completed,
  round(cast(daily.completed as double) / cast(daily.attempts as double), 4) as completion_rate,
  cast(week_of.attempts_7_days as bigint) as attempts_7_days,
  cast(week_of.completed_7_days as bigint) as completed_7_days,
  round(cast(week_of.completed_7_days as double) / cast(week_of.attempts_7_days as double), 4) as completion_rate_7_days,
  daily.has_simulated_times
from daily
join week_of on week_of.event_date = daily.event_date
