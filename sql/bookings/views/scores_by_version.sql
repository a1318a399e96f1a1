-- One row per model version: bookings that it scored, those of them that it may have learnt from, and when.
select
  model_version,
  count(distinct booking_id) as scored_bookings,
  count(distinct case when was_trained_on then booking_id end) as learnt_from,
  min(scored_at) as first_scored_at,
  max(scored_at) as last_scored_at
from booking_scores
group by model_version
