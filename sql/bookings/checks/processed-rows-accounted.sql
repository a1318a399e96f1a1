-- level: error
-- check: Processed rows are what the ledger accepted, and its duplicates.
with accounted as (
  select coalesce(sum(accepted + duplicates), 0) as rows_accounted from ledger where dataset = 'bookings'
),
stored as (
  select count(*) as rows_stored from processed_bookings
)
select rows_accounted, rows_stored
from accounted
cross join stored
where rows_accounted <> rows_stored
