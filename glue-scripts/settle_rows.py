"""Settled and curated rows as functions on DataFrames: the same rows as core/lake/settle-sql.ts makes on a laptop."""

import re
from dataclasses import dataclass
from functools import reduce

from pyspark.errors import AnalysisException, ParseException
from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, DateType, StructField, StructType

from lake_files import JobError


@dataclass(frozen=True)
class Definition:
    """What the job knows of a dataset."""

    dataset: str
    key: list[str]
    partition_by: str
    schema: StructType
    newest_first: list[str]
    content: list[str]
    settled: str
    # Table to its SQL and fingerprint.
    tables: dict[str, dict]

    @staticmethod
    def of(json_value: dict) -> "Definition":
        return Definition(
            dataset=json_value["dataset"],
            key=json_value["key"],
            partition_by=json_value["partitionBy"],
            schema=StructType.fromJson(json_value["schema"]),
            newest_first=json_value["newestFirst"],
            content=json_value["content"],
            settled=json_value["settled"],
            tables={table["table"]: table for table in json_value["tables"]},
        )


def unit_rows(spark: SparkSession, definition: Definition, processed: str, keys: list[str]) -> DataFrame:
    """The rows of processed files, with the day that their path tells."""
    day = StructField(definition.partition_by, DateType())
    reader = spark.read.schema(StructType([*definition.schema.fields, day]))
    # Without the folder of the dataset, a lake under a folder such as `price=1` would have a column of that name.
    reader = reader.option("basePath", f"{processed}/{definition.dataset}")
    try:
        return reader.parquet(*[no_pattern(f"{processed}/{key}") for key in keys])
    except AnalysisException as error:
        raise JobError(f"a processed file that the order names is gone: {first_line(error)}") from error


def no_pattern(path: str) -> str:
    """A path in which `*` and its like mean themselves."""
    return re.sub(r"([\\*?\[\]{}])", r"\\\1", path)


def settle(rows: DataFrame, definition: Definition, keys_are_unique: bool) -> DataFrame:
    """One row a key, the newest, with the number of its versions and whether its content stands earlier in its file.

    A row whose key is null, or null in part, is no version of another one.
    """
    flagged = flag_repeats(rows, definition)
    if keys_are_unique:
        return flagged.select(*rows.columns, F.lit(1).alias("versions"), "is_repeat")
    of_key = Window.partitionBy(*definition.key)
    everything = of_key.rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
    newest = of_key.orderBy(*[comparable(rows.schema[name]).desc_nulls_last() for name in definition.newest_first])
    has_key = reduce(Column.__and__, [F.col(name).isNotNull() for name in definition.key])
    placed = flagged.select(
        "*",
        F.when(has_key, F.count(F.lit(1)).over(everything)).otherwise(1).cast("int").alias("versions"),
        F.when(has_key, F.row_number().over(newest)).otherwise(1).alias("place"),
    )
    return placed.where(F.col("place") == 1).select(*rows.columns, "versions", "is_repeat")


def flag_repeats(rows: DataFrame, definition: Definition) -> DataFrame:
    """With `is_repeat`: whether the same content stands at an earlier line of the same source object.

    Most objects repeat nothing, which a count of hashes tells; only rows whose hash occurs on several lines are
    compared, for an equal hash proves nothing.
    """
    hashed = rows.withColumn("_content", F.xxhash64("source_checksum", *definition.content))
    lines = hashed.where("source_checksum is not null").groupBy("_content")
    several = lines.agg(F.min("source_line").alias("_least"), F.max("source_line").alias("_most"))
    several = several.where("_least < _most").select("_content", F.lit(True).alias("_is_several"))
    candidates = hashed.join(several, "_content", how="left")
    same = Window.partitionBy("source_checksum", *definition.content)
    everything = same.rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
    is_later = F.col("source_line") > F.min("source_line").over(everything)
    is_repeat = F.col("source_checksum").isNotNull() & F.coalesce(is_later, F.lit(False))
    compared = candidates.where("_is_several").select(*rows.columns, is_repeat.alias("is_repeat"))
    alone = candidates.where("_is_several is null").select(*rows.columns, F.lit(False).alias("is_repeat"))
    return alone.unionByName(compared)


def comparable(field: StructField) -> Column:
    """The column as DuckDB orders it: inside lists and structures, null is above every value."""
    return _comparable(field.dataType, F.col(field.name))


def _comparable(kind: DataType, value: Column) -> Column:
    if isinstance(kind, ArrayType):
        return F.transform(value, lambda element: _null_above(kind.elementType, element))
    if isinstance(kind, StructType):
        fields = [
            _null_above(field.dataType, value[field.name]).alias(f"field_{at}") for at, field in enumerate(kind.fields)
        ]
        return F.when(value.isNotNull(), F.struct(*fields))
    return value


def _null_above(kind: DataType, value: Column) -> Column:
    return F.struct(value.isNull().alias("is_null"), _comparable(kind, value).alias("value"))


def curated_rows(settled: DataFrame, definition: Definition, table: str) -> DataFrame:
    """What the table's SQL makes of settled rows."""
    file = f"sql/{definition.dataset}/curated/{table}.sql"
    settled.createOrReplaceTempView(definition.settled)
    try:
        curated = settled.sparkSession.sql(definition.tables[table]["sql"])
    except (ParseException, AnalysisException) as error:
        shared = "write it in the SQL that the engines share"
        raise JobError(f"{file} does not run on Spark, {shared}: {first_line(error)}") from error
    day = definition.partition_by
    if day not in curated.columns:
        raise JobError(f"{file} gives no column '{day}': select it too, it tells the folder of a row")
    return curated.withColumn(day, F.col(day).cast("date"))


def first_line(error: Exception) -> str:
    """Spark says what is wrong first, and shows its plan after."""
    return str(error).strip().splitlines()[0]


@dataclass(frozen=True)
class Counts:
    """Of the rows of a unit."""

    rows_in: int
    repeats: int
    # Required columns that are null in some row.
    missing: list[str]


def count_settled(settled: DataFrame, definition: Definition) -> Counts:
    """Each processed row is a version of one settled row, so the versions tell how many rows came in."""
    required = [field.name for field in definition.schema.fields if not field.nullable]
    counts = settled.agg(
        F.sum("versions").alias("rows_in"),
        F.sum(F.col("is_repeat").cast("int")).alias("repeats"),
        *[F.max(F.col(name).isNull()).alias(f"missing_{at}") for at, name in enumerate(required)],
    ).first()
    missing = [name for at, name in enumerate(required) if counts[f"missing_{at}"]]
    return Counts(counts["rows_in"] or 0, counts["repeats"] or 0, missing)
