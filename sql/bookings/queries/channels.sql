-- title: Completion by sales channel
-- question: How often is a booking completed on each channel?
-- report: 1
select sales_channel, attempts, completed, completion_rate, rate_low, rate_high, is_small_sample
from completion_by_channel
order by completion_rate desc nulls last, sales_channel nulls last
