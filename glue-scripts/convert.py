"""Glue job `convert`: reads the framed lines of one large object and writes its stored and its refused rows.

Framing is sequential and fast, and stays where it is (lambdas/convert/frame-source.ts): it resolves archives, encodings
and quotes, and leaves shards of one record a line. Reading them is the work, and has no order: each shard is read
apart. The order names the shards and how their records are cut into columns; the result holds all that the object's
ledger entry says, and is put last.

Runs under Glue 5.1 and under plain PySpark 3.5 alike: it needs Spark alone.
"""

import argparse
import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import date as Day
from decimal import Decimal

from pyspark import StorageLevel
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, StringType, StructField, StructType

from lake_files import Files, JobError
from read_rows import PLACEHOLDER, Pseudonymise, Refused, RowReader, Source, pseudonymiser
from spark_settings import configure

# Bytes of text that become one stored file, of about a tenth.
TEXT_BYTES = 1536 * 1024 * 1024

Outcome = tuple[tuple | None, tuple | None, list[str]]


@dataclass(frozen=True)
class Definition:
    """The contract of the dataset, and the shape of refused rows."""

    plan: dict
    stored: StructType
    refused: StructType
    refused_partition_by: str

    @staticmethod
    def of(json_value: dict) -> "Definition":
        return Definition(
            plan=json_value["dataset"],
            stored=StructType.fromJson(json_value["spark"]),
            refused=StructType.fromJson(json_value["rejections"]),
            refused_partition_by=json_value["rejectionsPartitionBy"],
        )


def read_shards(spark: SparkSession, definition: Definition, order: dict, raw: str, secret: dict) -> DataFrame:
    """The records of all shards: each a stored row with the rules that cleaned it, or a refused one."""
    shards = order["shards"]
    paths = ",".join(f"{raw}/{shard['key']}" for shard in shards)
    outcomes = spark.sparkContext.binaryFiles(paths, len(shards)).mapPartitions(
        lambda files: read_files(files, definition, order, secret)
    )
    schema = StructType(
        [
            StructField("stored", definition.stored),
            StructField("refused", definition.refused),
            StructField("cleaned", ArrayType(StringType())),
        ]
    )
    return spark.createDataFrame(outcomes, schema, verifySchema=False)


def read_files(
    files: Iterable[tuple[str, bytes]], definition: Definition, order: dict, secret: dict
) -> Iterator[Outcome]:
    """What becomes of the lines of some shards."""
    by_name = {shard["key"].rpartition("/")[2]: shard for shard in order["shards"]}
    pseudonymise = pseudonymiser(secret["version"], base64.b64decode(secret["secret"]))
    reader = row_reader(definition.plan, order, pseudonymise)
    for path, content in files:
        shard = by_name[path.rpartition("/")[2]]
        lines = content.split(b"\n")
        if lines.pop() != b"" or len(lines) != shard["lines"]:
            raise JobError(f"{shard['key']} holds {len(lines)} lines, the order says {shard['lines']}: frame it anew")
        for number, line in enumerate(lines, shard["firstLine"]):
            if line != PLACEHOLDER:
                yield read_line(reader, definition, order, line, number)


def row_reader(plan: dict, order: dict, pseudonymise: Pseudonymise) -> RowReader:
    form = order["format"]
    source = Source(
        checksum=order["checksum"],
        ingested_at=order["receivedAt"],
        kind=form["kind"],
        delimiter=form["delimiter"],
        width=form["width"],
        places=form["places"],
    )
    return RowReader(plan, source, pseudonymise)


def read_line(reader: RowReader, definition: Definition, order: dict, line: bytes, number: int) -> Outcome:
    outcome = reader.read_line(line, number)
    if isinstance(outcome, Refused):
        refused = refused_row(order, outcome, number)
        return None, tuple(refused[name] for name in definition.refused.names), []
    columns = [column for column in definition.plan["columns"] if column["privacy"] != "drop"]
    return tuple(as_spark(column["type"], outcome.row[column["name"]]) for column in columns), None, outcome.cleaned


def refused_row(order: dict, refused: Refused, number: int) -> dict:
    reason = refused.reason
    raw, encoding = raw_text(refused.raw)
    return {
        "dataset": order["dataset"],
        "source": "batch",
        "source_checksum": order["checksum"],
        "source_name": order["name"],
        "source_line": number,
        "reason": f"{reason.column}:{reason.rule}",
        "column_name": None if reason.column == "row" else reason.column,
        "message": reason.message,
        "raw": raw,
        "raw_encoding": encoding,
        "raw_bytes": refused.raw_bytes,
        "ingested_at": instant(order["receivedAt"]),
    }


def raw_text(raw: bytes) -> tuple[str, str]:
    """A NUL is legal UTF-8, but not every engine's text can hold it."""
    try:
        if b"\0" not in raw:
            return raw.decode(), "text"
    except UnicodeDecodeError:
        pass
    return base64.b64encode(raw).decode(), "base64"


def as_spark(kind: dict, value: object) -> object:
    """A value of a stored row as Spark takes it from Python."""
    if value is None:
        return None
    match kind["kind"]:
        case "decimal":
            return Decimal(value)
        case "date":
            return Day.fromisoformat(value)
        case "timestamp":
            return instant(value)
        case "array":
            return [as_spark(kind["element"]["type"], item) for item in value]
        case "struct":
            return tuple(as_spark(field["type"], value[field["name"]]) for field in kind["fields"])
    return value


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)


def count_outcomes(outcomes: DataFrame) -> dict:
    rows_in, stored = outcomes.agg(F.count(F.lit(1)), F.count("stored")).first()
    reasons = outcomes.where("refused is not null").groupBy("refused.reason").count().collect()
    rules = outcomes.select(F.explode("cleaned").alias("rule")).groupBy("rule").count().collect()
    return {
        "rowsIn": rows_in,
        "stored": stored,
        "rejected": rows_in - stored,
        "rejectedByReason": {row["reason"]: row["count"] for row in sorted(reasons)},
        "cleaned": {row["rule"]: row["count"] for row in sorted(rules)},
    }


def count_keys(stored: DataFrame, plan: dict) -> dict:
    """Rows whose key another row of the object has, and the ends of the first key column as text."""
    [first] = [column for column in plan["columns"] if column["name"] == plan["key"][0]]
    least, most = stored.agg(*[key_text(first, end(first["name"])) for end in (F.min, F.max)]).first()
    if least is None:
        return {"duplicates": 0}
    rows, keys = stored.groupBy(*plan["key"]).count().agg(F.sum("count"), F.count("count")).first()
    return {"duplicates": rows - keys, "keyRange": [least, most]}


def key_text(column: dict, value: Column) -> Column:
    if column["type"]["kind"] == "timestamp":
        return F.date_format(value, "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")
    return value.cast("string")


def write_rows(rows: DataFrame, folder: str, count: int, files: Files, zone: str, prefix: str) -> list[dict]:
    """Writes rows into `folder`, then puts the files where the ledger wants them; the same names at each run."""
    files.remove(folder)
    if rows.isEmpty():
        return []
    rows.coalesce(count).write.mode("overwrite").parquet(folder)
    written = files.data_files(folder, zone)
    placed = []
    for part, file in enumerate(file for file in written if file["rows"] > 0):
        key = f"{prefix}-{part:05}.parquet"
        files.replace(f"{zone}/{file['key']}", f"{zone}/{key}")
        placed.append({**file, "key": key})
    files.remove(folder)
    return placed


@dataclass(frozen=True)
class Zones:
    raw: str
    processed: str
    rejected: str


def carry_out(spark: SparkSession, definition_uri: str, order_uri: str, zones: Zones, secret: dict) -> str:
    """Carries out an order, or nothing where it was; gives the address of the result."""
    configure(spark)
    files = Files(spark)
    result_uri = f"{order_uri.rpartition('/')[0]}/result.json"
    if files.exists(result_uri):
        return result_uri
    definition, order = Definition.of(files.read_json(definition_uri)), files.read_json(order_uri)
    plan = definition.plan
    if plan["name"] != order["dataset"]:
        raise JobError(f"the order is for {order['dataset']}, the definition for {plan['name']}")
    outcomes = read_shards(spark, definition, order, zones.raw, secret).persist(StorageLevel.DISK_ONLY)
    counts = count_outcomes(outcomes)
    stored = outcomes.where("stored is not null").select("stored.*")
    refused = outcomes.where("refused is not null").select("refused.*")
    keys = count_keys(stored, plan)
    day, name = order["receivedAt"][:10], order["checksum"][:32]
    if "revision" in order:
        name = f"{name}-r{order['revision']}"
    count = -(-sum(shard["bytes"] for shard in order["shards"]) // TEXT_BYTES) or 1

    def write(rows: DataFrame, zone: str, partition_by: str, parts: int) -> list[dict]:
        prefix = f"{plan['name']}/{partition_by}={day}/{name}"
        return write_rows(rows, f"{zone}/_drafts/{plan['name']}/{name}", parts, files, zone, prefix)

    written = write(stored, zones.processed, plan["partitionBy"], count)
    rejected = write(refused, zones.rejected, definition.refused_partition_by, 1)
    outcomes.unpersist()
    for found, expected in ((written, counts["stored"]), (rejected, counts["rejected"])):
        rows = sum(file["rows"] for file in found)
        if rows != expected:
            raise JobError(f"the files of {order['name']} hold {rows} rows, {expected} were to be written")
    result = {"dataset": plan["name"], "checksum": order["checksum"], **counts, **keys}
    files.put_json(result_uri, {**result, "files": written, "rejectedFiles": rejected})
    return result_uri


def load_secret(address: str, files: Files) -> dict:
    """`{version, secret}` from a file, or from the parameter store as `ssm:<name>`."""
    if not address.startswith("ssm:"):
        return files.read_json(address)
    # Glue has it; elsewhere keys are files.
    import boto3

    found = boto3.client("ssm").get_parameter(Name=address.removeprefix("ssm:"), WithDecryption=True)
    return json.loads(found["Parameter"]["Value"])


def main() -> None:
    parser = argparse.ArgumentParser(description="Reads the framed lines of one large object into rows.")
    parser.add_argument("--definition", required=True, help="JSON of the dataset, s3://… or a path")
    parser.add_argument("--order", required=True, help="JSON of the order; the result is put beside it")
    for zone in ("raw", "processed", "rejected"):
        parser.add_argument(f"--{zone}", required=True, help=f"the {zone} zone, s3://bucket or a folder")
    parser.add_argument("--pseudonym-key", required=True, help="a path, or ssm:<name of the parameter>")
    # Glue adds arguments of its own.
    given, _ = parser.parse_known_args()
    spark = SparkSession.builder.appName("convert").getOrCreate()
    zones = Zones(*[zone.rstrip("/") for zone in (given.raw, given.processed, given.rejected)])
    try:
        secret = load_secret(given.pseudonym_key, Files(spark))
        print(carry_out(spark, given.definition, given.order, zones, secret))
    except JobError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
