-- One row per extra service and whether it was wanted.
-- The interval is Wilson's at 95 % (z = 1.96); fewer than 30 attempts are a small sample.
with wishes as (
  select 'extra baggage' as extra, wants_extra_baggage as is_wanted, booking_complete from bookings
  union all
  select 'preferred seat' as extra, wants_preferred_seat as is_wanted, booking_complete from bookings
  union all
  select 'in-flight meals' as extra, wants_in_flight_meals as is_wanted, booking_complete from bookings
),
counted as (
  select
    extra,
    is_wanted,
    count(*) as attempts,
    count_if(booking_complete) as completed
  from wishes
  group by extra, is_wanted
)
select
  extra,
  is_wanted,
  attempts,
  round(1e0 * attempts / sum(attempts) over (partition by extra), 4) as share_of_bookings,
  completed,
  round(1e0 * completed / attempts, 4) as completion_rate,
  round((2e0 * completed + 3.8416e0 - 1.96e0 * sqrt(3.8416e0 + 4e0 * completed * (attempts - completed) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as rate_low,
  round((2e0 * completed + 3.8416e0 + 1.96e0 * sqrt(3.8416e0 + 4e0 * completed * (attempts - completed) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as rate_high,
  attempts < 30 as is_small_sample
from counted
