"""What Deequ says of rule sets in DQDL: `evaluate_dqdl.py <jars> <cases>`, outcomes as JSON on standard output."""

import json
import sys
from math import isfinite
from multiprocessing.pool import ThreadPool
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession


def evaluate(spark: SparkSession, case: dict) -> list[dict]:
    table = spark.read.parquet(case["file"])
    # Glue makes the table known to queries by itself.
    table.createOrReplaceTempView("primary")
    engine = spark._jvm.com.amazon.deequ.dqdl.EvaluateDataQuality
    others = {name: spark.read.parquet(path)._jdf for name, path in case.get("others", {}).items()}
    sources = spark._jvm.PythonUtils.toScalaMap(others)
    outcomes = DataFrame(engine.process(table._jdf, case["ruleset"], sources), spark).collect()
    return [
        {
            "rule": row["Rule"],
            "isKept": row["Outcome"] == "Passed",
            "reason": row["FailureReason"],
            "metrics": {name: value for name, value in row["EvaluatedMetrics"].items() if isfinite(value)},
        }
        for row in outcomes
    ]


def main(jars: str, cases: str) -> None:
    # Compiling takes longer than a few rows do.
    spark = (
        SparkSession.builder.config("spark.jars", jars)
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.leafNodeDefaultParallelism", "1")
        .config("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    given = json.loads(Path(cases).read_text(encoding="utf-8"))
    with ThreadPool(4) as pool:
        # Each in a session of its own, where "primary" is its table.
        print(json.dumps(pool.map(lambda case: evaluate(spark.newSession(), case), given, chunksize=1)))


main(*sys.argv[1:])
