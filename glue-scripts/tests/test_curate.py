import shutil
import sys
from pathlib import Path

import pytest
from pyspark.sql import Row, SparkSession
from seats import DEFINITION, Lake, instant, seat

import curate
from curate import carry_out, main
from lake_files import JobError
from settle_rows import no_pattern


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "a lake [*] of {a,b} price=1")


def run(spark: SparkSession, lake: Lake) -> None:
    carry_out(spark, lake.definition, lake.order, f"{lake.processed}/", lake.curated)


def unit(files: list[str], rows: int, name: str = "unit", keys_are_unique: bool = False) -> dict:
    return {"id": name, "rows": rows, "keysAreUnique": keys_are_unique, "isOneObject": False, "files": files}


def files_of(lake: Lake) -> dict[str, int]:
    """Every file of the curated zone that readers could see, with its time of change."""
    found = Path(lake.curated).rglob("*.parquet")
    return {str(path.relative_to(lake.curated)): path.stat().st_mtime_ns for path in found}


def test_a_day_is_a_folder_and_a_column_and_the_result_names_every_file(spark: SparkSession, lake: Lake) -> None:
    first = lake.put_rows(spark, "2026-01-01", [seat(id="a"), seat(id="b", source_line=3)])
    second = lake.put_rows(spark, "2026-01-02", [seat(id="a", price=7, seen=instant("2026-01-01T00:00:00"))])
    lake.give_order([unit(first + second, 3)])
    run(spark, lake)
    result = lake.read_result()
    [found] = result.pop("units")
    assert result == {"dataset": "seats", "table": "seats", "run": "run"}
    files = found.pop("files")
    assert found == {"id": "unit", "rowsIn": 3, "rows": 2, "repeats": 1}
    assert sorted(file["key"] for file in files) == sorted(files_of(lake))
    assert [(file["key"].split("/")[:3], file["rows"]) for file in files] == [
        (["seats", "unit", "ingest_date=2026-01-01"], 1),
        (["seats", "unit", "ingest_date=2026-01-02"], 1),
    ]
    for file in files:
        path = Path(lake.curated) / file["key"]
        assert path.stat().st_size == file["sizeBytes"]
        # A copy, for Spark would read the day from the folder.
        [row] = read_rows(spark, shutil.copy(path, lake.root / "alone.parquet"))
        assert f"ingest_date={row['ingest_date']}" in file["key"]


def test_a_day_of_many_bytes_is_several_files_in_the_order_of_the_key(
    spark: SparkSession, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [seat(id=f"{(n * 7919) % 4000:04}", source_line=n) for n in range(4000)]
    keys = lake.put_rows(spark, "2026-01-01", rows)
    size = sum((Path(lake.processed) / key).stat().st_size for key in keys)
    monkeypatch.setattr(curate, "FILE_BYTES", size * 2 // 7)
    lake.give_order([unit(keys, 4000, keys_are_unique=True)])
    run(spark, lake)
    files = lake.read_result()["units"][0]["files"]
    assert len(files) == 4
    ids = [[row["id"] for row in read_rows(spark, Path(lake.curated) / file["key"])] for file in files]
    assert [len(some) for some in ids] == [file["rows"] for file in files]
    assert min(file["rows"] for file in files) > 500
    assert [key for some in ids for key in some] == sorted(row[0] for row in rows)


def read_rows(spark: SparkSession, path: Path) -> list[Row]:
    return spark.read.parquet(no_pattern(str(path))).collect()


def test_an_order_that_was_carried_out_is_not_carried_out_again(spark: SparkSession, lake: Lake) -> None:
    lake.give_order([unit(lake.put_rows(spark, "2026-01-01", [seat()]), 1)])
    run(spark, lake)
    before = (files_of(lake), lake.result.stat().st_mtime_ns)
    run(spark, lake)
    assert (files_of(lake), lake.result.stat().st_mtime_ns) == before


def test_what_a_killed_run_left_in_the_folder_of_a_unit_is_gone_and_no_other_unit_is_touched(
    spark: SparkSession, lake: Lake
) -> None:
    left = Path(lake.curated) / "seats" / "unit" / "ingest_date=2025-12-31" / "part-0.parquet"
    other = Path(lake.curated) / "seats" / "other" / "ingest_date=2025-12-31" / "part-0.parquet"
    for path in (left, other):
        path.parent.mkdir(parents=True)
        path.write_text("half a file")
    lake.give_order([unit(lake.put_rows(spark, "2026-01-01", [seat()]), 1)])
    run(spark, lake)
    assert not left.exists()
    assert other.exists()


def test_a_unit_of_which_the_sql_keeps_no_row_has_no_file(
    spark: SparkSession, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DEFINITION["tables"][0], "sql", "select * from settled_seats where price > 5")
    lake.give_order([unit(lake.put_rows(spark, "2026-01-01", [seat()]), 1)])
    run(spark, lake)
    assert lake.read_result()["units"] == [{"id": "unit", "rowsIn": 1, "rows": 0, "repeats": 0, "files": []}]


def test_fails_where_the_files_hold_other_rows_than_the_order_says(spark: SparkSession, lake: Lake) -> None:
    lake.give_order([unit(lake.put_rows(spark, "2026-01-01", [seat(), seat(id="b")]), 3)])
    refuse(spark, lake, "the files of unit unit hold 2 rows, the order says 3: plan it anew")


def test_fails_where_a_file_is_gone(spark: SparkSession, lake: Lake) -> None:
    keys = lake.put_rows(spark, "2026-01-01", [seat()])
    lake.give_order([unit([*keys, "seats/ingest_date=2026-01-01/gone.parquet"], 1)])
    refuse(spark, lake, "a processed file that the order names is gone: .*gone.parquet")


def test_fails_where_a_file_has_no_column_that_the_contract_requires(spark: SparkSession, lake: Lake) -> None:
    keys = lake.put_rows(spark, "2026-01-01", [seat()], without=("price",))
    lake.give_order([unit(keys, 1)])
    refuse(spark, lake, "the files of unit unit have rows without price, which the contract requires")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"fingerprint": "of older SQL"}, "the order of seats was planned by another contract or SQL: plan it anew"),
        ({"dataset": "chairs"}, "the order is for seats of chairs, the definition holds seats of seats"),
        ({"table": "chairs"}, "the order is for chairs of seats, the definition holds seats of seats"),
    ],
)
def test_fails_where_order_and_definition_do_not_agree(
    spark: SparkSession, lake: Lake, changed: dict, sentence: str
) -> None:
    lake.give_order([unit(lake.put_rows(spark, "2026-01-01", [seat()]), 1)], **changed)
    refuse(spark, lake, sentence)


def test_glue_may_add_arguments_and_a_refusal_is_one_sentence_for_its_console(
    lake: Lake, spark: SparkSession, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    keys = lake.put_rows(spark, "2026-01-01", [seat()])
    given = ["--definition", lake.definition, "--order", lake.order, "--processed", lake.processed]
    of_glue = ["--JOB_NAME", "curate", "--JOB_RUN_ID", "jr_1", "--enable-metrics", "true"]
    monkeypatch.setattr(sys, "argv", ["curate.py", *given, "--curated", lake.curated, *of_glue])
    lake.give_order([unit(keys, 2)])
    with pytest.raises(SystemExit, match=r"^the files of unit unit hold 1 rows, the order says 2: plan it anew$"):
        main()
    lake.give_order([unit(keys, 1)])
    main()
    assert capsys.readouterr().out == f"{lake.result}\n"


def refuse(spark: SparkSession, lake: Lake, sentence: str) -> None:
    with pytest.raises(JobError, match=sentence) as error:
        run(spark, lake)
    assert "\n" not in str(error.value)
    assert not lake.result.exists()
