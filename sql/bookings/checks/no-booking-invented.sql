-- level: error
-- check: Every curated booking has a processed row.
select bookings.booking_id
from bookings
left join processed_bookings on processed_bookings.booking_id = bookings.booking_id
where processed_bookings.booking_id is null
