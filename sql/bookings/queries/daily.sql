-- title: Days and rolling weeks
-- question: How many bookings a day, and over the last seven days, between two dates?
-- param: from date = 2000-01-01 | First day
-- param: to date = 2100-01-01 | Last day
select
  event_date,
  attempts,
  completed,
  completion_rate,
  attempts_7_days,
  completion_rate_7_days,
  has_simulated_times
from daily_bookings
where event_date >= :from and event_date <= :to
order by event_date nulls last
