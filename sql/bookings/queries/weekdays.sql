-- title: Completion by weekday of departure
-- question: Do some weekdays complete more often than others?
select flight_day, attempts, completed, completion_rate, rate_low, rate_high, is_small_sample
from completion_by_weekday
order by flight_day_number nulls last
