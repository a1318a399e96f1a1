-- title: All routes of one airport
-- question: Which routes touch one airport, and how do they complete?
-- param: airport text = KUL | Airport code
select route, attempts, completed, completion_rate, rate_low, rate_high, is_small_sample
from completion_by_route
where airport_a = :airport or airport_b = :airport
order by attempts desc nulls last, route nulls last
