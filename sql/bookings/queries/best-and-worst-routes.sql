-- title: Routes that complete most and least
-- question: Which routes complete most, and which least?
-- param: least int = 100 | Fewest attempts for a route to be listed
-- param: places int = 5 | How many at each end
-- report: 3
with ranked as (
  select
    route,
    attempts,
    completed,
    completion_rate,
    rate_low,
    rate_high,
    row_number() over (order by completion_rate desc nulls last, attempts desc nulls last, route) as from_best,
    row_number() over (order by completion_rate nulls last, attempts desc nulls last, route) as from_worst
  from completion_by_route
  where attempts >= :least
)
select route, attempts, completed, completion_rate, rate_low, rate_high
from ranked
where from_best <= :places or from_worst <= :places
order by completion_rate desc nulls last, route nulls last
