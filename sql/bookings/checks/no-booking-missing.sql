-- level: error
-- check: Every booking id of the processed rows is in the curated table.
select processed_bookings.booking_id
from processed_bookings
left join bookings on bookings.booking_id = processed_bookings.booking_id
where bookings.booking_id is null
