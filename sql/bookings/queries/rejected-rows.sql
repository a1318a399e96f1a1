-- title: Rejected rows
-- question: Why were rows rejected, and what is an example?
select ingest_date, reason, rejected_rows, example_source, example_line, example_message
from rejected_by_reason
order by ingest_date desc nulls last, rejected_rows desc nulls last, reason nulls last
