"""Trains the models that prepared frames ask for: on SageMaker (script mode) and on a laptop, the same.

Reads the channel that `prepare-features` writes: `plan.json`, and for each target and split its frames. For each split
the parameters are chosen inside the split's training rows, so that its test rows judge what they had no part in.
Writes the models as XGBoost's JSON, the predictions of test rows and of the witness rows, and how each was trained.
One thread a model and two models at a time: the same bytes on every run.
"""

import argparse
import json
import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import xgboost as xgb

MARKS = ("row", "fold", "label")
FIXED = {
    "objective": "binary:logistic",
    "eval_metric": "logloss",
    "tree_method": "hist",
    "nthread": 1,
    "eta": 0.06,
    "subsample": 0.8,
    "reg_lambda": 5.0,
}
# The budget of tuning: these, each with as many trees as its inner folds want.
CANDIDATES = (
    {"max_depth": 5, "min_child_weight": 20.0, "colsample_bytree": 0.4},
    {"max_depth": 4, "min_child_weight": 20.0, "colsample_bytree": 0.4},
    {"max_depth": 6, "min_child_weight": 50.0, "colsample_bytree": 0.3},
)
MOST_TREES = 300
PATIENCE = 25


@dataclass(frozen=True)
class Budget:
    candidates: int
    inner_folds: int


BUDGETS = {"full": Budget(3, 2), "reduced": Budget(1, 1)}


@dataclass(frozen=True)
class Task:
    channel: str
    target: str
    split: str
    seed: int
    budget: Budget


def main() -> None:
    given = arguments()
    plan = json.loads((Path(given.train) / "plan.json").read_text())
    tasks = [
        Task(given.train, target["column"], split, given.seed, budget_of(given.budget, target["main"]))
        for target in plan["targets"]
        for split in plan["splits"]
    ]
    with ProcessPoolExecutor(given.processes, mp_context=get_context("spawn")) as pool:
        trained = list(pool.map(train_split, tasks))
    for target in plan["targets"]:
        splits = [it for task, it in zip(tasks, trained) if task.target == target["column"]]
        write_target(Path(given.model_dir) / target["column"], splits)
    if given.inference:
        code = Path(given.model_dir) / "code"
        code.mkdir(exist_ok=True)
        shutil.copyfile(given.inference, code / "inference.py")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
    parser.add_argument("--inference", type=Path, help="the script that serves, to be packed with the model")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--budget", choices=BUDGETS, default="full")
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


def budget_of(name: str, main_target: bool) -> Budget:
    """The targets beside the main one get the first candidate, and as many trees as one inner fold wants."""
    return BUDGETS[name if main_target else "reduced"]


def train_split(task: Task) -> dict:
    folder = Path(task.channel) / task.target / task.split
    frame, marks = read_frame(folder / "train.parquet")
    chosen = choose(frame, marks, task)
    booster = fit(frame, marks["label"], chosen["params"], chosen["trees"], task.seed)
    return {
        "split": task.split,
        **chosen,
        "model": booster.save_raw("json").decode(),
        "test": predict(booster, folder / "test.parquet"),
        "witness": predict(booster, folder / "witness.parquet"),
        "importance": importance(booster),
        "shap": weights(booster, folder / "witness.parquet"),
    }


def choose(frame: np.ndarray, marks: dict, task: Task) -> dict:
    """The candidate with the least log loss on inner folds of the training rows, and its number of trees."""
    inner = sorted(set(marks["fold"].tolist()))[: task.budget.inner_folds]
    tried = []
    for candidate in CANDIDATES[: task.budget.candidates]:
        curves = [inner_curve(frame, marks, candidate, fold, task.seed) for fold in inner]
        length = min(map(len, curves))
        mean = np.mean([curve[:length] for curve in curves], axis=0)
        tried.append({"params": candidate, "trees": int(mean.argmin()) + 1, "log_loss": float(mean.min())})
    return {**min(tried, key=lambda it: it["log_loss"]), "tried": tried}


def inner_curve(frame: np.ndarray, marks: dict, candidate: dict, fold: int, seed: int) -> list:
    inside = marks["fold"] != fold
    label = marks["label"]
    valid = xgb.DMatrix(frame[~inside], label[~inside], nthread=1)
    curve: dict = {}
    xgb.train(
        {**FIXED, **candidate, "seed": seed},
        xgb.DMatrix(frame[inside], label[inside], nthread=1),
        MOST_TREES,
        evals=[(valid, "inner")],
        evals_result=curve,
        early_stopping_rounds=PATIENCE,
        verbose_eval=False,
    )
    return curve["inner"]["logloss"]


def fit(frame: np.ndarray, label: np.ndarray, params: dict, trees: int, seed: int) -> xgb.Booster:
    return xgb.train({**FIXED, **params, "seed": seed}, xgb.DMatrix(frame, label, nthread=1), trees)


def predict(booster: xgb.Booster, path: Path) -> dict | None:
    if not path.exists():
        return None
    frame, marks = read_frame(path)
    matrix = xgb.DMatrix(frame, nthread=1)
    margin = booster.predict(matrix, output_margin=True)
    return {
        **{name: marks[name].tolist() for name in MARKS},
        "margin": margin.astype(float).tolist(),
        "probability": booster.predict(matrix).astype(float).tolist(),
    }


def importance(booster: xgb.Booster) -> dict:
    """Gain of each feature, by its place, as a share of all gain."""
    gain = booster.get_score(importance_type="total_gain")
    total = sum(gain.values()) or 1.0
    return {int(name[1:]): value / total for name, value in gain.items()}


def weights(booster: xgb.Booster, path: Path) -> list | None:
    """Mean absolute SHAP value of each feature, in log odds."""
    if not path.exists():
        return None
    frame, _ = read_frame(path)
    contributions = booster.predict(xgb.DMatrix(frame, nthread=1), pred_contribs=True)
    return np.abs(contributions[:, :-1].astype(float)).mean(axis=0).tolist()


def read_frame(path: Path) -> tuple[np.ndarray, dict]:
    table = pq.read_table(path)
    features = [name for name in table.column_names if name not in MARKS]
    frame = np.column_stack([table[name].to_numpy() for name in features]).astype(np.float32)
    return frame, {name: table[name].to_numpy() for name in MARKS}


def write_target(folder: Path, splits: list) -> None:
    """The splits `fold-…` give the predictions that judge; `all` is the model to publish."""
    judged = [it["test"] for it in splits if it["test"] is not None]
    out = {name: sum((it[name] for it in judged), []) for name in (*MARKS, "margin")}
    calibrated, calibration = calibrate(out)
    folder.mkdir(parents=True, exist_ok=True)
    for it in splits:
        (folder / f"{it['split']}.model.json").write_text(it["model"])
    record = {
        "xgboost": xgb.__version__,
        "fixed": {name: value for name, value in FIXED.items() if name != "nthread"},
        "calibration": calibration,
        "splits": [{key: it[key] for key in ("split", "params", "trees", "log_loss", "tried", "importance", "shap")} for it in splits],
        "witness": {it["split"]: it["witness"] for it in splits if it["witness"] is not None},
    }
    (folder / "training.json").write_text(json.dumps(record))
    (folder / "predictions.json").write_text(json.dumps({**out, "probability": calibrated}))


def calibrate(out: dict) -> tuple[list, dict]:
    """Platt's logistic on margins of test rows: each fold's by the other folds', the published model's by all."""
    margin, label, fold = (np.array(out[name], dtype=float) for name in ("margin", "label", "fold"))
    probability = np.empty_like(margin)
    by_fold = {}
    for each in np.unique(fold):
        own = fold == each
        by_fold[f"fold-{int(each)}"] = line = logistic_line(margin[~own], label[~own])
        probability[own] = sigmoid(line["intercept"] + line["slope"] * margin[own])
    return probability.tolist(), {**by_fold, "all": logistic_line(margin, label)}


def logistic_line(margin: np.ndarray, label: np.ndarray) -> dict:
    """Newton's method for `label ~ sigmoid(intercept + slope * margin)`, from the identity."""
    columns = np.column_stack([np.ones_like(margin), margin])
    line = np.array([0.0, 1.0])
    for _ in range(25):
        p = sigmoid(columns @ line)
        hessian = (columns * (p * (1 - p))[:, None]).T @ columns
        step = np.linalg.solve(hessian, columns.T @ (label - p))
        line = line + step
        if np.abs(step).max() < 1e-12:
            break
    return {"intercept": float(line[0]), "slope": float(line[1])}


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-x))


if __name__ == "__main__":
    main()
