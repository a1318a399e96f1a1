-- One row per country and sales channel.
select
  booking_origin,
  sales_channel,
  count(*) as attempts,
  count_if(booking_complete) as completed,
  round(1e0 * count_if(booking_complete) / count(*), 4) as completion_rate
from bookings
group by booking_origin, sales_channel
