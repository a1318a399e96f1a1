-- One row per day and check that was broken on it.
with tries as (
  select cast(checked_at as date) as day, name, level, is_kept, is_overruled, checked_at
  from check_results
  where dataset = 'bookings'
)
select
  day,
  name,
  level,
  count_if(not is_kept) as times_broken,
  count_if(not is_kept and level = 'error' and not is_overruled) as publications_stopped,
  count_if(is_overruled) as times_overruled,
  max(if(is_kept, null, checked_at)) as last_broken_at
from tries
group by day, name, level
having count_if(not is_kept) > 0
