-- title: Completion by hour of departure
-- question: At which departure hours do bookings complete, on one weekday?
-- param: weekday text = Mon | Weekday of departure, Mon to Sun
select flight_hour, attempts, completed, completion_rate, rate_low, rate_high, is_small_sample
from completion_by_departure_time
where flight_day = :weekday
order by flight_hour nulls last
