-- title: Countries that complete most and least
-- question: Which countries of origin complete most, and which least?
-- param: least int = 100 | Fewest attempts for a country to be listed
-- param: places int = 5 | How many at each end
-- report: 2
with ranked as (
  select
    booking_origin,
    attempts,
    completed,
    completion_rate,
    rate_low,
    rate_high,
    row_number() over (order by completion_rate desc nulls last, attempts desc nulls last, booking_origin) as from_best,
    row_number() over (order by completion_rate nulls last, attempts desc nulls last, booking_origin) as from_worst
  from completion_by_origin
  where attempts >= :least
)
select booking_origin, attempts, completed, completion_rate, rate_low, rate_high
from ranked
where from_best <= :places or from_worst <= :places
order by completion_rate desc nulls last, booking_origin nulls last
