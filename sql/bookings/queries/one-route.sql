-- title: One route by country of origin
-- question: Where do the bookings of one route come from, and do they complete?
-- param: route text = AKLKUL | Two airport codes in alphabetical order
with counted as (
  select
    booking_origin,
    count(*) as attempts,
    count_if(booking_complete) as completed
  from bookings
  where route = :route
  group by booking_origin
)
select
  booking_origin,
  attempts,
  completed,
  round(1e0 * completed / attempts, 4) as completion_rate,
  round((2e0 * completed + 3.8416e0 - 1.96e0 * sqrt(3.8416e0 + 4e0 * completed * (attempts - completed) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as rate_low,
  round((2e0 * completed + 3.8416e0 + 1.96e0 * sqrt(3.8416e0 + 4e0 * completed * (attempts - completed) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as rate_high,
  attempts < 30 as is_small_sample
from counted
order by attempts desc nulls last, booking_origin nulls last
