-- level: error
-- check: A booking id stands once in the curated table.
select booking_id, count(*) as rows_found
from bookings
group by booking_id
having count(*) > 1
