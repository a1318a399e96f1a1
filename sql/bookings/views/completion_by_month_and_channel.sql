-- One row per month and sales channel.
select
  cast(year(event_date) as varchar) as booking_year,
  cast(date_trunc('month', event_date) as date) as month,
  sales_channel,
  count(*) as attempts,
  count_if(booking_complete) as completed,
  round(1e0 * count_if(booking_complete) / count(*), 4) as completion_rate,
  bool_or(coalesce(event_time_simulated, false)) as has_simulated_times
from bookings
where event_date is not null
group by year(event_date), date_trunc('month', event_date), sales_channel
