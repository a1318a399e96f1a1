-- One row per day of ingestion: the account of all objects taken in.
select
  ingest_date,
  count(*) as objects,
  cast(sum(rows_in) as bigint) as rows_in,
  cast(sum(accepted) as bigint) as accepted,
  cast(sum(rejected) as bigint) as rejected,
  cast(sum(duplicates) as bigint) as duplicates,
  cast(sum(rows_in - accepted - rejected - duplicates) as bigint) as missing
from ledger
group by ingest_date
