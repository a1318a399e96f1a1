-- One row per day of scores, model version and basis: how well the version foretold the outcomes that are known.
select
  scored_date,
  model_version,
  basis,
  bookings,
  completed,
  round(roc_auc, 4) as roc_auc,
  round(log_loss, 4) as log_loss,
  round(brier, 4) as brier,
  round(mean_prediction, 4) as mean_prediction,
  round(completion_rate, 4) as completion_rate,
  round(calibration_gap, 4) as calibration_gap
from model_metrics
where decile is null
