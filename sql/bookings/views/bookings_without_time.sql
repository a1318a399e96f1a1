-- One row: how many bookings carry no time, since a date is never invented.
select
  count(*) as attempts,
  count_if(event_time is null) as without_time,
  count_if(coalesce(event_time_simulated, false)) as with_simulated_time
from bookings
