-- level: warning
-- check: A route is two airport codes in alphabetical order.
select route, count(*) as bookings_found
from bookings
where airport_a > airport_b
group by route
