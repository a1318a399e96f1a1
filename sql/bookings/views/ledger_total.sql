-- One row: the account of all objects ever taken in.
with accounted as (
  select
    count(*) as objects,
    cast(coalesce(sum(rows_in), 0) as bigint) as rows_in,
    cast(coalesce(sum(accepted), 0) as bigint) as accepted,
    cast(coalesce(sum(rejected), 0) as bigint) as rejected,
    cast(coalesce(sum(duplicates), 0) as bigint) as duplicates
  from ledger
  where dataset = 'bookings'
)
select
  objects,
  rows_in,
  accepted,
  rejected,
  duplicates,
  rows_in - accepted - rejected - duplicates as missing,
  round(1e0 * rejected / nullif(rows_in, 0), 4) as rejected_share
from accounted
