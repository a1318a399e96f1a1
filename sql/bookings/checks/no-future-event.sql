-- level: warning
-- check: No booking was made after it was received, but for simulated times.
select booking_id, event_time, ingested_at
from bookings
where event_time > ingested_at and not coalesce(event_time_simulated, false)
