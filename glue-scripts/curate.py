"""Glue job `curate`: settles processed rows and writes the files of a curated table.

What is to be done is planned elsewhere and stands in two JSON files: the definition of the dataset
(core/contract/job-definition.ts) and a work order, which names units of processed files whose rows are settled
together. For each unit the job reads its files by the contract's schema, keeps the newest row of each key, runs the
table's SQL and writes the unit's folder anew. The result, which counts all that was written, is put last: an order
without a result was not carried out, and can be given again.

Runs under Glue 5.1 and under plain PySpark 3.5 alike: it needs Spark alone.
"""

import argparse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lake_files import Files, JobError
from settle_rows import Counts, Definition, count_settled, curated_rows, settle, unit_rows
from spark_settings import configure

# Bytes of processed files that become one curated file: few files, which Athena still reads side by side.
FILE_BYTES = 192 * 1024 * 1024
UNITS_AT_ONCE = 4


def write_days(curated: DataFrame, definition: Definition, folder: str, bytes_a_row: float) -> int:
    """Writes one folder a day, with few files sorted by day and key; gives the number of rows."""
    day = definition.partition_by
    order = [day, *[name for name in definition.key if name in curated.columns]]
    rows = 0
    for found in curated.groupBy(day).count().orderBy(day).collect():
        if found[day] is None:
            raise JobError(f"{found['count']} rows of {folder} have no {day}: the SQL of the table must keep it")
        of_day = curated.where(F.col(day) == F.lit(found[day]))
        files = -(-int(found["count"] * bytes_a_row) // FILE_BYTES)
        parts = of_day.coalesce(1) if files <= 1 else of_day.repartitionByRange(files, *order)
        writer = parts.sortWithinPartitions(*order).write.mode("overwrite")
        writer = writer.option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
        writer.parquet(f"{folder}/{day}={found[day]}")
        rows += found["count"]
    return rows


@dataclass(frozen=True)
class Work:
    """A table to be written, and where the job reads and writes."""

    spark: SparkSession
    definition: Definition
    table: str
    processed: str
    curated: str


def curate_units(work: Work, units: list[dict]) -> list[dict]:
    """Several at a time, since a small unit leaves most of a cluster idle."""
    with ThreadPoolExecutor(UNITS_AT_ONCE) as pool:
        return list(pool.map(partial(curate_unit, work), units))


def curate_unit(work: Work, unit: dict) -> dict:
    """Settles a unit and writes its folder; gives what the result says of it."""
    # A session of its own, for the name of the settled rows is the same in every unit.
    spark = work.spark.newSession()
    configure(spark)
    definition, table, files = work.definition, work.table, Files(spark)
    folder = f"{work.curated}/{table}/{unit['id']}"
    # What a killed run has left.
    files.remove(folder)
    rows = unit_rows(spark, definition, work.processed, unit["files"])
    settled = settle(rows, definition, unit["keysAreUnique"]).persist()
    try:
        counts = count_settled(settled, definition)
        require_whole(unit, counts)
        curated = curated_rows(settled, definition, table)
        written = write_days(curated, definition, folder, size_bytes(rows) / max(counts.rows_in, 1))
    finally:
        settled.unpersist()
    found = files.data_files(folder, work.curated)
    in_files = sum(file["rows"] for file in found)
    if in_files != written:
        raise JobError(f"the files of unit {unit['id']} of {table} hold {in_files} rows, {written} were to be written")
    return {
        "id": unit["id"],
        "rowsIn": counts.rows_in,
        "rows": written,
        "repeats": counts.repeats,
        "files": found,
    }


def size_bytes(rows: DataFrame) -> int:
    """Of the files that rows are read from."""
    return int(rows._jdf.queryExecution().optimizedPlan().stats().sizeInBytes())


def require_whole(unit: dict, counts: Counts) -> None:
    if counts.rows_in != unit["rows"]:
        raise JobError(
            f"the files of unit {unit['id']} hold {counts.rows_in} rows, the order says {unit['rows']}: plan it anew"
        )
    if counts.missing:
        raise JobError(
            f"the files of unit {unit['id']} have rows without {', '.join(counts.missing)}, which the contract requires"
        )


def carry_out(spark: SparkSession, definition_uri: str, order_uri: str, processed: str, curated: str) -> str:
    """Carries out a work order, or nothing where it was; gives the address of the result."""
    files = Files(spark)
    result_uri = f"{order_uri.rpartition('/')[0]}/result.json"
    if files.exists(result_uri):
        return result_uri
    definition, order = Definition.of(files.read_json(definition_uri)), files.read_json(order_uri)
    require_agreement(definition, order)
    work = Work(spark, definition, order["table"], processed.rstrip("/"), curated.rstrip("/"))
    units = curate_units(work, order["units"])
    files.put_json(result_uri, {**{name: order[name] for name in ("dataset", "table", "run")}, "units": units})
    return result_uri


def require_agreement(definition: Definition, order: dict) -> None:
    """An order that was planned by another contract or SQL would publish rows under a wrong fingerprint."""
    known = definition.tables.get(order["table"])
    if definition.dataset != order["dataset"] or known is None:
        raise JobError(
            f"the order is for {order['table']} of {order['dataset']}, "
            f"the definition holds {', '.join(definition.tables)} of {definition.dataset}"
        )
    if known["fingerprint"] != order["fingerprint"]:
        raise JobError(f"the order of {order['table']} was planned by another contract or SQL: plan it anew")


def main() -> None:
    parser = argparse.ArgumentParser(description="Settles processed rows and writes the files of a curated table.")
    parser.add_argument("--definition", required=True, help="JSON of the dataset, s3://… or a path")
    parser.add_argument("--order", required=True, help="JSON of the work order; the result is put beside it")
    parser.add_argument("--processed", required=True, help="the processed zone, s3://bucket or a folder")
    parser.add_argument("--curated", required=True, help="the curated zone, s3://bucket or a folder")
    # Glue adds arguments of its own.
    arguments, _ = parser.parse_known_args()
    spark = SparkSession.builder.appName("curate").getOrCreate()
    try:
        print(carry_out(spark, arguments.definition, arguments.order, arguments.processed, arguments.curated))
    except JobError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
