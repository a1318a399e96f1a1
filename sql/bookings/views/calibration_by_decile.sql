-- One row per model version, basis and tenth of the bookings by probability, over all days: what was foretold, and what came.
with added as (
  select
    model_version,
    basis,
    decile,
    sum(bookings) as bookings,
    sum(completed) as completed,
    sum(mean_prediction * bookings) as foretold
  from model_metrics
  where decile is not null
  group by model_version, basis, decile
)
select
  model_version,
  basis,
  decile,
  cast(bookings as bigint) as bookings,
  cast(completed as bigint) as completed,
  round(1e0 * foretold / bookings, 4) as mean_prediction,
  round(1e0 * completed / bookings, 4) as completion_rate,
  round(1e0 * foretold / bookings - 1e0 * completed / bookings, 4) as calibration_gap,
  model_version = max(model_version) over () as is_newest_version
from added
