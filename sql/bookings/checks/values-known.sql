-- level: warning
-- check: Of a new file with 500 bookings or more, nine tenths have a country and a route that are among 10,000 published.
-- when: publication
with sorted as (
  select
    ledger.id,
    ledger.name,
    coalesce(ledger.is_published, false) as is_published,
    bookings.booking_origin,
    bookings.route
  from bookings
  join ledger on ledger.id = bookings.source_checksum
  where ledger.dataset = 'bookings'
),
published as (
  select count(*) as rows_published from sorted where is_published
),
countries as (
  select distinct booking_origin from sorted where is_published
),
routes as (
  select distinct route from sorted where is_published
)
select
  sorted.id,
  sorted.name,
  count(*) as attempts,
  count_if(countries.booking_origin is null) as of_new_countries,
  count_if(routes.route is null) as of_new_routes
from sorted
cross join published
left join countries on countries.booking_origin = sorted.booking_origin
left join routes on routes.route = sorted.route
where not sorted.is_published and published.rows_published >= 10000
group by sorted.id, sorted.name
having
  count(*) >= 500
  and (
    count_if(countries.booking_origin is null) > 1e-1 * count(*)
    or count_if(routes.route is null) > 1e-1 * count(*)
  )
