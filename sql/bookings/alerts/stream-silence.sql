-- Minutes since a row last came through the stream, refused rows among them; null where none came for a day.
-- param: now text = 2026-03-10T08:30:00.000Z | The moment from which it is counted
with arrived as (
  select ingested_at, ingest_date, source from processed_bookings
  union all
  select ingested_at, ingest_date, source from rejected_bookings
),
streamed as (
  select
    max(ingested_at) as latest,
    count(*) as events
  from arrived
  where source = 'stream'
    and ingest_date >= date_add('day', -1, cast(cast(from_iso8601_timestamp(:now) as timestamp(3)) as date))
    and ingested_at <= cast(from_iso8601_timestamp(:now) as timestamp(3))
)
select
  round(1e0 * date_diff('second', latest, cast(from_iso8601_timestamp(:now) as timestamp(3))) / 60, 1) as value,
  events as n,
  concat(date_format(latest, '%Y-%m-%d %H:%i'), ' UTC') as period
from streamed
