-- One row per dimension and segment: what it adds to the change of the completion rate between the two compared_periods.
-- rate_effect: the segment completes otherwise; mix_effect: it has another share of the attempts. Both, over a dimension, add up to the change.
with placed as (
  select
    bookings.sales_channel,
    bookings.trip_type,
    bookings.booking_origin,
    bookings.booking_complete,
    compared_periods.period = 'current' as is_current
  from bookings
  join compared_periods on bookings.event_date between compared_periods.first_day and compared_periods.last_day
),
segments as (
  select 'sales_channel' as dimension, sales_channel as segment, booking_complete, is_current from placed
  union all
  select 'trip_type' as dimension, trip_type as segment, booking_complete, is_current from placed
  union all
  select 'booking_origin' as dimension, booking_origin as segment, booking_complete, is_current from placed
),
counted as (
  select
    dimension,
    segment,
    count_if(is_current) as attempts,
    count_if(is_current and booking_complete) as completed,
    count_if(not is_current) as attempts_before,
    count_if(not is_current and booking_complete) as completed_before
  from segments
  group by dimension, segment
),
shared as (
  select
    dimension,
    segment,
    attempts,
    attempts_before,
    1e0 * attempts / nullif(sum(attempts) over (partition by dimension), 0) as share_now,
    1e0 * attempts_before / nullif(sum(attempts_before) over (partition by dimension), 0) as share_before,
    coalesce(1e0 * completed / nullif(attempts, 0), 1e0 * completed_before / nullif(attempts_before, 0)) as rate_now,
    coalesce(1e0 * completed_before / nullif(attempts_before, 0), 1e0 * completed / nullif(attempts, 0)) as rate_before,
    1e0 * sum(completed) over (partition by dimension) / nullif(sum(attempts) over (partition by dimension), 0) as all_now,
    1e0 * sum(completed_before) over (partition by dimension) / nullif(sum(attempts_before) over (partition by dimension), 0) as all_before
  from counted
),
effects as (
  select
    dimension,
    segment,
    attempts,
    attempts_before,
    rate_before,
    rate_now,
    0.5e0 * (share_now + share_before) * (rate_now - rate_before) as rate_effect,
    0.5e0 * (share_now - share_before) * (rate_now + rate_before - all_now - all_before) as mix_effect
  from shared
)
select
  dimension,
  segment,
  attempts,
  attempts_before,
  attempts + attempts_before as attempts_compared,
  round(rate_before, 4) as rate_before,
  round(rate_now, 4) as rate_now,
  round(rate_effect, 6) as rate_effect,
  round(mix_effect, 6) as mix_effect,
  round(rate_effect + mix_effect, 6) as contribution,
  round(abs(rate_effect + mix_effect), 6) as contribution_size,
  dimension = 'sales_channel' as is_channel,
  dimension = 'trip_type' as is_trip_type,
  dimension = 'booking_origin' as is_origin
from effects
