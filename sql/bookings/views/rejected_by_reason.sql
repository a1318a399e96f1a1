-- One row per day of ingestion and reason.
select
  ingest_date,
  reason,
  count(*) as rejected_rows,
  min(source_name) as example_source,
  min(source_line) as example_line,
  min(message) as example_message
from rejected_bookings
group by ingest_date, reason
