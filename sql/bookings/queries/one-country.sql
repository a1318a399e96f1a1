-- title: One country by channel and trip type
-- question: How do bookings made in one country complete, by channel and trip type?
-- param: origin text = Australia | Country where the booking was made, as in completion_by_origin
with counted as (
  select
    sales_channel,
    trip_type,
    count(*) as attempts,
    count_if(booking_complete) as completed
  from bookings
  where booking_origin = :origin
  group by sales_channel, trip_type
)
select
  sales_channel,
  trip_type,
  attempts,
  completed,
  round(1e0 * completed / attempts, 4) as completion_rate,
  round((2e0 * completed + 3.8416e0 - 1.96e0 * sqrt(3.8416e0 + 4e0 * completed * (attempts - completed) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as rate_low,
  round((2e0 * completed + 3.8416e0 + 1.96e0 * sqrt(3.8416e0 + 4e0 * completed * (attempts - completed) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as rate_high,
  attempts < 30 as is_small_sample
from counted
order by sales_channel nulls last, trip_type nulls last
