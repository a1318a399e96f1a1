-- level: error
-- check: A new file has at least six tenths of the rows that the files before it had on average, where there were three.
-- when: publication
-- A replay tries again a few rows of an earlier file, and is no file of its own.
with files as (
  select
    id,
    name,
    rows_in,
    is_published,
    avg(1e0 * rows_in) over (order by received_at, id rows between 7 preceding and 1 preceding) as rows_before,
    count(*) over (order by received_at, id rows between 7 preceding and 1 preceding) as files_before
  from ledger
  where dataset = 'bookings' and source = 'batch' and name not like 'replay of %'
)
select id, name, rows_in, round(rows_before, 0) as rows_before
from files
where not coalesce(is_published, false) and files_before >= 3 and rows_in < 6e-1 * rows_before
