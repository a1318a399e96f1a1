-- How far the mean prediction of the newest version is from the outcomes that came after its training, on its latest day.
-- param: now text = 2026-03-10T08:30:00.000Z | The moment before which it is looked for
with judged as (
  select scored_date, model_version, bookings, calibration_gap
  from model_metrics
  where basis = 'outcomes' and decile is null
    and scored_date >= date_add('day', -35, cast(cast(from_iso8601_timestamp(:now) as timestamp(3)) as date))
),
newest as (
  select max(scored_date) as scored_date from judged
)
select
  abs(judged.calibration_gap) as value,
  judged.bookings as n,
  concat(judged.model_version, ', ', cast(judged.scored_date as varchar)) as period
from judged
join newest on newest.scored_date = judged.scored_date
order by judged.bookings desc nulls last, judged.model_version nulls last
limit 1
