-- One row per booking: the newest of the rows that carry its id.
select
  booking_id,
  event_time,
  cast(event_time as date) as event_date,
  event_time_simulated,
  num_passengers,
  sales_channel,
  trip_type,
  purchase_lead,
  case
    when purchase_lead < 7 then '1: 0-6 days'
    when purchase_lead < 30 then '2: 7-29 days'
    when purchase_lead < 90 then '3: 30-89 days'
    when purchase_lead < 180 then '4: 90-179 days'
    else '5: 180 days or more'
  end as lead_time_bucket,
  length_of_stay,
  case
    when length_of_stay < 7 then '1: 0-6 days'
    when length_of_stay < 21 then '2: 7-20 days'
    when length_of_stay < 60 then '3: 21-59 days'
    else '4: 60 days or more'
  end as stay_bucket,
  flight_hour,
  flight_day,
  case flight_day
    when 'Mon' then 1
    when 'Tue' then 2
    when 'Wed' then 3
    when 'Thu' then 4
    when 'Fri' then 5
    when 'Sat' then 6
    else 7
  end as flight_day_number,
  route,
  substr(route, 1, 3) as airport_a,
  substr(route, 4, 3) as airport_b,
  booking_origin,
  wants_extra_baggage,
  wants_preferred_seat,
  wants_in_flight_meals,
  if(wants_extra_baggage, 1, 0) + if(wants_preferred_seat, 1, 0) + if(wants_in_flight_meals, 1, 0) as extras,
  flight_duration,
  booking_complete,
  ingested_at,
  source,
  source_checksum,
  source_line,
  versions,
  is_repeat,
  ingest_date
from settled_bookings
