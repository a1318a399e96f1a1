-- level: error
-- check: A new file is made up as what is published: the population stability index of no column is above 0.5.
-- when: publication
-- The index is sum((new share - old share) * ln(new share / old share)) over the values of a column; above 0.25 is
-- commonly called a major shift. A half is added to each count, so that a value on one side only has a finite share.
-- The bookings are counted once, by all their values together: what is added up afterwards is small.
with counted as (
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
    end as part_of_day,
    count(*) as rows_found
  from bookings
  join ledger on ledger.id = bookings.source_checksum
  where ledger.dataset = 'bookings'
  group by 1, 2, 3, 4, 5, 6
),
names as (
  select 'purchase_lead' as name
  union all
  select 'length_of_stay' as name
  union all
  select 'sales_channel' as name
  union all
  select 'trip_type' as name
  union all
  select 'flight_hour' as name
),
named as (
  select
    counted.id,
    names.name,
    case names.name
      when 'purchase_lead' then counted.lead_time_bucket
      when 'length_of_stay' then counted.stay_bucket
      when 'sales_channel' then counted.sales_channel
      when 'trip_type' then counted.trip_type
      else counted.part_of_day
    end as value,
    counted.rows_found
  from counted
  cross join names
),
of_values as (
  select id, name, value, sum(rows_found) as rows_found from named group by id, name, value
),
totals as (
  select id, sum(rows_found) as total from counted group by id
),
new_files as (
  select totals.id, totals.total, old.total as old_total
  from totals
  cross join totals as old
  where old.id = 'published' and totals.id <> 'published' and old.total >= 1000 and totals.total >= 1000
),
known_values as (
  select distinct name, value from of_values
),
shares as (
  select
    new_files.id,
    known_values.name,
    1e0 * (coalesce(old.rows_found, 0) + 5e-1) / (new_files.old_total + 5e-1) as old_share,
    1e0 * (coalesce(new.rows_found, 0) + 5e-1) / (new_files.total + 5e-1) as new_share
  from new_files
  cross join known_values
  left join of_values as old on old.id = 'published' and old.name = known_values.name and old.value = known_values.value
  left join of_values as new on new.id = new_files.id and new.name = known_values.name and new.value = known_values.value
)
select id, name, round(sum((new_share - old_share) * ln(1e0 * new_share / old_share)), 4) as stability_index
from shares
group by id, name
having sum((new_share - old_share) * ln(1e0 * new_share / old_share)) > 5e-1
