-- title: One route by country of origin
-- question: Where do the bookings of one route come from, and do they complete?
-- param: route text = AKLKUL | Two airport codes in alphabetical order
select
  booking_origin,
  count(*) as attempts,
  count_if(booking_complete) as completed,
  round(cast(count_if(booking_complete) as double) / cast(count(*) as double), 4) as completion_rate
from bookings
where route = :route
group by booking_origin
order by attempts desc nulls last, booking_origin nulls last
