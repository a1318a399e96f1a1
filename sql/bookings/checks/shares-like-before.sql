-- level: error
-- check: A new file is made up as what is published: the population stability index of no column is above 0.5.
-- when: publication
-- The index is sum((new share - old share) * ln(new share / old share)) over the values of a column; above 0.25 is
-- commonly called a major shift. A half is added to each count, so that a value on one side only has a finite share.
with sorted as (
  select
    if(coalesce(ledger.is_published, false), 'published', ledger.id) as id,
    bookings.lead_time_bucket,
    bookings.stay_bucket,
    bookings.sales_channel,
    bookings.trip_type,
    case
      when bookings.flight_hour < 6 then 'night'
      when bookings.flight_hour < 12 then 'morning'
      when bookings.flight_hour < 18 then 'afternoon'
      else 'evening'
    end as part_of_day
  from bookings
  join ledger on ledger.id = bookings.source_checksum
  where ledger.dataset = 'bookings'
),
counted as (
  select id, 'purchase_lead' as name, lead_time_bucket as value, count(*) as rows_found from sorted group by id, lead_time_bucket
  union all
  select id, 'length_of_stay' as name, stay_bucket as value, count(*) as rows_found from sorted group by id, stay_bucket
  union all
  select id, 'sales_channel' as name, sales_channel as value, count(*) as rows_found from sorted group by id, sales_channel
  union all
  select id, 'trip_type' as name, trip_type as value, count(*) as rows_found from sorted group by id, trip_type
  union all
  select id, 'flight_hour' as name, part_of_day as value, count(*) as rows_found from sorted group by id, part_of_day
),
totals as (
  select id, count(*) as total from sorted group by id
),
new_files as (
  select totals.id, totals.total, old.total as old_total
  from totals
  cross join totals as old
  where old.id = 'published' and totals.id <> 'published' and old.total >= 1000 and totals.total >= 1000
),
known_values as (
  select distinct name, value from counted
),
shares as (
  select
    new_files.id,
    known_values.name,
    1e0 * (coalesce(old.rows_found, 0) + 5e-1) / (new_files.old_total + 5e-1) as old_share,
    1e0 * (coalesce(new.rows_found, 0) + 5e-1) / (new_files.total + 5e-1) as new_share
  from new_files
  cross join known_values
  left join counted as old on old.id = 'published' and old.name = known_values.name and old.value = known_values.value
  left join counted as new on new.id = new_files.id and new.name = known_values.name and new.value = known_values.value
)
select id, name, round(sum((new_share - old_share) * ln(1e0 * new_share / old_share)), 4) as stability_index
from shares
group by id, name
having sum((new_share - old_share) * ln(1e0 * new_share / old_share)) > 5e-1
