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
    count_if(booking_complete) as completed,
    cast(count_if(booking_complete) as double) / cast(count(*) as double) as rate
  from wishes
  group by extra, is_wanted
)
select
  extra,
  is_wanted,
  attempts,
  round(cast(attempts as double) / cast(sum(attempts) over (partition by extra) as double), 4) as share_of_bookings,
  completed,
  round(rate, 4) as completion_rate,
  round((rate + 1.9207 / cast(attempts as double) - 1.96 * sqrt(rate * (1e0 - rate) / cast(attempts as double) + 0.9604 / (cast(attempts as double) * cast(attempts as double)))) / (1e0 + 3.8416 / cast(attempts as double)), 4) as rate_low,
  round((rate + 1.9207 / cast(attempts as double) + 1.96 * sqrt(rate * (1e0 - rate) / cast(attempts as double) + 0.9604 / (cast(attempts as double) * cast(attempts as double)))) / (1e0 + 3.8416 / cast(attempts as double)), 4) as rate_high,
  attempts < 30 as is_small_sample
from counted
