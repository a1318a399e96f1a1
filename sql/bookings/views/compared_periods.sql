-- One row per period that is compared: the last 28 complete days (current) and the 28 before them (previous).
-- The last day with bookings is left out, since it may not be over.
with span as (
  select max(event_date) as latest from bookings
)
select
  'current' as period,
  date_add('day', -28, latest) as first_day,
  date_add('day', -1, latest) as last_day
from span
union all
select
  'previous' as period,
  date_add('day', -56, latest) as first_day,
  date_add('day', -29, latest) as last_day
from span
