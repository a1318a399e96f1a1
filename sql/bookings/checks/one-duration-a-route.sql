-- level: warning
-- check: A route has one flight duration.
select route, min(flight_duration) as shortest, max(flight_duration) as longest
from bookings
group by route
having min(flight_duration) <> max(flight_duration)
