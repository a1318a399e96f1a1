-- The share of rows refused among those of the last hour that were kept or refused.
-- param: now text = 2026-03-10T08:30:00.000Z | End of the hour
with arrived as (
  select ingested_at, ingest_date, false as is_refused from processed_bookings
  union all
  select ingested_at, ingest_date, true as is_refused from rejected_bookings
),
counted as (
  select
    count(*) as rows_in,
    count_if(is_refused) as refused
  from arrived
  where ingest_date >= cast(date_add('hour', -1, cast(from_iso8601_timestamp(:now) as timestamp(3))) as date)
    and ingested_at > date_add('hour', -1, cast(from_iso8601_timestamp(:now) as timestamp(3)))
    and ingested_at <= cast(from_iso8601_timestamp(:now) as timestamp(3))
)
select
  round(1e0 * refused / nullif(rows_in, 0), 4) as value,
  rows_in as n,
  concat(
    date_format(date_add('hour', -1, cast(from_iso8601_timestamp(:now) as timestamp(3))), '%Y-%m-%d %H:%i'),
    ' – ',
    date_format(cast(from_iso8601_timestamp(:now) as timestamp(3)), '%H:%i'),
    ' UTC'
  ) as period
from counted
