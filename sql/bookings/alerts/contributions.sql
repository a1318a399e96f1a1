-- The segments behind a change of the completion rate, the biggest first.
select dimension, segment, attempts, attempts_before, rate_before, rate_now, contribution
from change_contributions
where attempts > 0 and attempts_before > 0
order by contribution_size desc nulls last, dimension nulls last, segment nulls last
limit 50
