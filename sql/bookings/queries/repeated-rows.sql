-- title: Repeated rows
-- question: How many bookings of each source file say the same as an earlier line of it?
-- param: least int = 1 | Fewest repeated rows for a file to be listed
with counted as (
  select
    source_checksum,
    count(*) as attempts,
    count_if(is_repeat) as repeated
  from bookings
  where source_checksum is not null
  group by source_checksum
)
select source_checksum, attempts, repeated, round(1e0 * repeated / attempts, 4) as share_repeated
from counted
where repeated >= :least
order by repeated desc nulls last, source_checksum nulls last
