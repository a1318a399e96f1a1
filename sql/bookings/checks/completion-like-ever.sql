-- level: error
-- check: Of a new file with 500 bookings or more, between 2 and 60 in a hundred are completed.
-- when: publication
select ledger.id, ledger.name, count(*) as attempts, round(avg(if(bookings.booking_complete, 1e0, 0e0)), 4) as completion_rate
from bookings
join ledger on ledger.id = bookings.source_checksum
where ledger.dataset = 'bookings' and not coalesce(ledger.is_published, false)
group by ledger.id, ledger.name
having count(*) >= 500 and (avg(if(bookings.booking_complete, 1e0, 0e0)) < 2e-2 or avg(if(bookings.booking_complete, 1e0, 0e0)) > 6e-1)
