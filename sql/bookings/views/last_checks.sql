-- One row per check: what it said last, and since when. The severest that is broken stands first by rank.
with tries as (
  select
    name,
    level,
    checked_at,
    is_kept,
    is_overruled,
    row_number() over (partition by name order by checked_at desc, run desc) as latest,
    max(if(is_kept, null, checked_at)) over (partition by name) as last_broken_at
  from check_results
  where dataset = 'bookings'
)
select
  if(is_kept, 3, if(level = 'error', 1, 2)) as rank,
  name,
  level,
  is_kept,
  is_overruled,
  checked_at,
  last_broken_at
from tries
where latest = 1
