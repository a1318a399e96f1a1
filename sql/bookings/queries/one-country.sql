-- title: One country by channel and trip type
-- question: How do bookings made in one country complete, by channel and trip type?
-- param: origin text = Australia | Country where the booking was made, as in completion_by_origin
select
  sales_channel,
  trip_type,
  count(*) as attempts,
  count_if(booking_complete) as completed,
  round(cast(count_if(booking_complete) as double) / cast(count(*) as double), 4) as completion_rate
from bookings
where booking_origin = :origin
group by sales_channel, trip_type
order by sales_channel nulls last, trip_type nulls last
