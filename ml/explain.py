"""What XGBoost itself says of the rows of a frame: margins, probabilities and, when asked, SHAP values.

The SHAP values are those of the library (`pred_contribs`): in log odds, one for each feature and one for the base; they
add up to the margin.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import xgboost as xgb

MARKS = ("row", "fold", "label")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--frame", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--contributions", type=int, default=0, help="rows, from the first, whose SHAP values are wanted")
    given = parser.parse_args()
    booster = xgb.Booster(params={"nthread": 1}, model_file=str(given.model))
    table = pq.read_table(given.frame)
    features = [name for name in table.column_names if name not in MARKS]
    matrix = xgb.DMatrix(np.column_stack([table[name].to_numpy() for name in features]).astype(np.float32), nthread=1)
    started = time.process_time()
    probability = booster.predict(matrix)
    seconds = time.process_time() - started
    said = {
        "rows_per_second": len(probability) / max(seconds, 1e-9),
        "margin": booster.predict(matrix, output_margin=True).astype(float).tolist(),
        "probability": probability.astype(float).tolist(),
    }
    if given.contributions:
        first = matrix.slice(range(min(given.contributions, matrix.num_row())))
        contributions = booster.predict(first, pred_contribs=True).astype(float)
        said["contributions"] = contributions[:, :-1].tolist()
        said["base"] = float(contributions[0, -1])
    given.out.write_text(json.dumps(said))


if __name__ == "__main__":
    main()
