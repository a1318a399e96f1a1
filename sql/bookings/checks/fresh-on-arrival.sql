-- level: warning
-- check: A new file comes at most two days after the one before it, and its newest booking was made at most two days before.
-- when: publication
-- Measured from when the file was received, not from now: asked again later, the answer is the same.
with files as (
  select id, name, is_published, received_at, lag(received_at) over (order by received_at, id) as received_before
  from ledger
  where dataset = 'bookings' and source = 'batch' and name not like 'replay of %'
),
newest as (
  select source_checksum as id, max(event_time) as newest_booking
  from bookings
  where not coalesce(event_time_simulated, false)
  group by source_checksum
)
select files.id, files.name, files.received_at, files.received_before, newest.newest_booking
from files
left join newest on newest.id = files.id
where
  not coalesce(files.is_published, false)
  and (
    date_diff('hour', files.received_before, files.received_at) > 48
    or date_diff('hour', newest.newest_booking, files.received_at) > 48
  )
