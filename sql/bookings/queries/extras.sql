-- title: Demand for extras
-- question: How many want each extra, and do they complete more often?
select extra, is_wanted, attempts, share_of_bookings, completed, completion_rate, rate_low, rate_high, is_small_sample
from demand_for_extras
order by extra nulls last, is_wanted desc nulls last
