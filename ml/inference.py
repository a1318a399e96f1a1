"""Serves the model of completion in SageMaker's own XGBoost container, from the folder that `train.py` wrote.

Takes rows of features as CSV, without a header, in the order of the training frames; gives one calibrated probability
a row. The features are made elsewhere, by the same TypeScript as those of the training.
"""

import json
from pathlib import Path

import numpy as np
import xgboost as xgb

TARGET = "booking_complete"
CSV = "text/csv"


def model_fn(model_dir: str) -> dict:
    folder = Path(model_dir) / TARGET
    record = json.loads((folder / "training.json").read_text())
    booster = xgb.Booster(params={"nthread": 1}, model_file=str(folder / "all.model.json"))
    return {"booster": booster, **record["calibration"]["all"]}


def input_fn(body, content_type: str) -> xgb.DMatrix:
    if content_type.split(";")[0].strip() != CSV:
        raise ValueError(f"found the content type {content_type}, expected {CSV}")
    text = body if isinstance(body, str) else bytes(body).decode()
    rows = [[float(cell) if cell else np.nan for cell in line.split(",")] for line in text.splitlines() if line]
    if not rows or len({len(row) for row in rows}) != 1:
        raise ValueError("expected rows of equally many features")
    return xgb.DMatrix(np.array(rows, dtype=np.float32), nthread=1)


def predict_fn(rows: xgb.DMatrix, model: dict) -> np.ndarray:
    booster = model["booster"]
    if rows.num_col() != booster.num_features():
        raise ValueError(f"found {rows.num_col()} features, expected {booster.num_features()}")
    margin = booster.predict(rows, output_margin=True).astype(float)
    return 1.0 / (1.0 + np.exp(-(model["intercept"] + model["slope"] * margin)))


def output_fn(probability: np.ndarray, accept: str):
    return "\n".join(map(repr, probability.tolist())), CSV
