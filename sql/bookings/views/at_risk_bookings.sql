-- One row per booking that is not completed, with what the newest score foretells of it.
with ranked as (
  select
    booking_id,
    scored_at,
    model_version,
    completion_probability,
    risk_band,
    flags,
    row_number() over (partition by booking_id order by scored_at desc, model_version desc) as place
  from booking_scores
)
select
  ranked.booking_id,
  bookings.event_date,
  ranked.completion_probability,
  ranked.risk_band,
  ranked.flags,
  bookings.route,
  bookings.booking_origin,
  bookings.sales_channel,
  bookings.trip_type,
  bookings.purchase_lead,
  bookings.num_passengers,
  bookings.extras,
  ranked.model_version,
  ranked.scored_at,
  round(ranked.completion_probability * bookings.num_passengers, 2) as expected_passengers,
  coalesce(bookings.event_time_simulated, false) as has_simulated_time
from ranked
join bookings on bookings.booking_id = ranked.booking_id
where ranked.place = 1 and not bookings.booking_complete
