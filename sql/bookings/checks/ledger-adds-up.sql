-- level: error
-- check: Rows in = accepted + rejected + duplicates, for every object.
select id, name, rows_in, accepted, rejected, duplicates
from ledger
where dataset = 'bookings' and rows_in <> accepted + rejected + duplicates
