-- One row per extra service and sales channel: how many bookings wanted it. The interval is Wilson's at 95 % (z = 1.96).
with wishes as (
  select sales_channel, 'extra baggage' as extra, wants_extra_baggage as is_wanted from bookings
  union all
  select sales_channel, 'preferred seat' as extra, wants_preferred_seat as is_wanted from bookings
  union all
  select sales_channel, 'in-flight meals' as extra, wants_in_flight_meals as is_wanted from bookings
),
counted as (
  select
    extra,
    sales_channel,
    count(*) as attempts,
    count_if(is_wanted) as wanted
  from wishes
  group by extra, sales_channel
)
select
  extra,
  sales_channel,
  attempts,
  wanted,
  round(1e0 * wanted / attempts, 4) as wanted_share,
  round((2e0 * wanted + 3.8416e0 - 1.96e0 * sqrt(3.8416e0 + 4e0 * wanted * (attempts - wanted) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as share_low,
  round((2e0 * wanted + 3.8416e0 + 1.96e0 * sqrt(3.8416e0 + 4e0 * wanted * (attempts - wanted) / attempts)) / (2e0 * attempts + 7.6832e0), 4) as share_high
from counted
