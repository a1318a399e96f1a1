-- One row per day of ingestion: the account of all objects taken in. Nothing is ever missing.
with accounted as (
  select
    ingest_date,
    count(*) as objects,
    sum(rows_in) as rows_in,
    sum(accepted) as accepted,
    sum(rejected) as rejected,
    sum(duplicates) as duplicates
  from ledger
  where dataset = 'bookings'
  group by ingest_date
)
select
  ingest_date,
  objects,
  cast(rows_in as bigint) as rows_in,
  cast(accepted as bigint) as accepted,
  cast(rejected as bigint) as rejected,
  cast(duplicates as bigint) as duplicates,
  cast(rows_in - accepted - rejected - duplicates as bigint) as missing
from accounted
