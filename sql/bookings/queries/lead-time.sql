-- title: Completion by lead time
-- question: Do early bookers complete more often?
select lead_time_bucket, attempts, completed, completion_rate, rate_low, rate_high, is_small_sample
from completion_by_lead_time
order by lead_time_bucket nulls last
