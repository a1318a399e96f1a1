-- level: error
-- check: Rejected rows are what the ledger rejected.
with accounted as (
  select coalesce(sum(rejected), 0) as rows_accounted from ledger where dataset = 'bookings'
),
stored as (
  select count(*) as rows_stored from rejected_bookings
)
select rows_accounted, rows_stored
from accounted
cross join stored
where rows_accounted <> rows_stored
