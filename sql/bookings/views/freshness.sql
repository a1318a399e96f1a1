-- One row per day of ingestion and way in.
select
  ingest_date,
  source,
  count(*) as attempts,
  max(ingested_at) as last_ingested_at,
  max(event_time) as last_event_time
from bookings
group by ingest_date, source
