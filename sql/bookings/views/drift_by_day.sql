-- One row per day of scores, model version and watched figure: how far it is from the training, and whether that rings.
select
  scored_date,
  model_version,
  kind,
  name,
  bookings,
  round(psi, 4) as psi,
  round(baseline, 4) as baseline,
  round(found, 4) as found,
  round(change, 4) as change,
  is_alarm
from model_drift
