-- title: Segments worth a campaign
-- question: Which segments have many attempts and few completions?
-- param: least int = 200 | Fewest attempts for a segment to be listed
select sales_channel, trip_type, lead_time_bucket, attempts, attempts - completed as abandoned, completion_rate, rate_low, rate_high, is_small_sample
from completion_by_segment
where attempts >= :least
order by abandoned desc nulls last, sales_channel nulls last, trip_type nulls last, lead_time_bucket nulls last
