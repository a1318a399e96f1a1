import pytest
from pyspark.sql import Row, SparkSession
from pyspark.sql import functions as F
from seats import frame, instant, seat, seats

from lake_files import JobError
from settle_rows import Definition, count_settled, curated_rows, settle


def settled(spark: SparkSession, rows: list[tuple], keys_are_unique: bool = False) -> list[Row]:
    found = settle(frame(spark, rows), seats, keys_are_unique)
    return sorted(found.select("id", "price", "versions", "is_repeat").collect(), key=lambda row: row["price"])


def test_the_row_with_the_greatest_time_stands_and_one_without_time_is_the_oldest(spark: SparkSession) -> None:
    rows = [
        seat(price=1, seen=instant("0001-01-01T00:00:00")),
        seat(price=2, seen=instant("1899-12-31T23:59:59.999")),
        seat(price=3, seen=None),
    ]
    assert settled(spark, rows) == [Row(id="a", price=2, versions=3, is_repeat=False)]


def test_rows_of_one_time_are_told_apart_by_every_other_column(spark: SparkSession) -> None:
    rows = [seat(price=price, source_checksum=f"file {price}") for price in (4, 9, 5)]
    assert settled(spark, rows) == [Row(id="a", price=9, versions=3, is_repeat=False)]


def test_a_row_without_a_key_is_no_version_of_another(spark: SparkSession) -> None:
    rows = [seat(id=None, price=price, source_line=price) for price in (1, 2)]
    assert [row["versions"] for row in settled(spark, rows)] == [1, 1]


def test_a_later_line_of_the_same_content_is_a_repeat_within_one_file_only(spark: SparkSession) -> None:
    rows = [
        seat(id="a", source_line=2),
        seat(id="b", source_line=3),
        seat(id="c", source_line=4, price=2),
        seat(id="d", source_line=9, source_checksum="another"),
        seat(id="e", source_checksum=None, source_line=None),
        seat(id="f", source_checksum=None, source_line=None),
    ]
    for keys_are_unique in (True, False):
        repeats = [row["id"] for row in settled(spark, rows, keys_are_unique) if row["is_repeat"]]
        assert repeats == ["b"]


def test_a_repeat_is_told_by_all_lines_of_its_file_those_that_were_replaced_as_well(spark: SparkSession) -> None:
    rows = [
        seat(id="a", source_line=2),
        seat(id="a", source_line=3, seen=instant("2026-01-01T00:00:00"), price=5),
        seat(id="b", source_line=4),
    ]
    assert [(row["id"], row["is_repeat"]) for row in settled(spark, rows)] == [("b", True), ("a", False)]


def test_each_row_that_came_in_is_counted_as_a_version(spark: SparkSession) -> None:
    rows = [seat(id=key, source_line=line) for line, key in enumerate("aabc")]
    counts = count_settled(settle(frame(spark, rows), seats, False), seats)
    assert (counts.rows_in, counts.repeats, counts.missing) == (4, 3, [])


SETTLED = [seat()]


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("select nope(id) as x, ingest_date from settled_seats", "UNRESOLVED_ROUTINE"),
        ("select nobody, ingest_date from settled_seats", "UNRESOLVED_COLUMN"),
        ("select id fro settled_seats", "PARSE_SYNTAX_ERROR"),
        ("select id from settled_seats", "gives no column 'ingest_date'"),
    ],
)
def test_fails_on_sql_that_spark_does_not_run(spark: SparkSession, sql: str, found: str) -> None:
    definition = Definition(**{**seats.__dict__, "tables": {"seats": {"sql": sql}}})
    rows = settle(frame(spark, SETTLED), seats, True).withColumn("ingest_date", F.to_date(F.lit("2026-01-01")))
    with pytest.raises(JobError, match=found) as error:
        curated_rows(rows, definition, "seats")
    assert str(error.value).startswith("sql/seats/curated/seats.sql ")
    assert "\n" not in str(error.value)
