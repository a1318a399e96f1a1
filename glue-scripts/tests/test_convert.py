import json
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from convert import Zones, carry_out
from lake_files import JobError

NOTE = {"name": "note", "type": {"kind": "string"}, "nullable": True, "privacy": "none", "origin": "source"}
LINE = {"name": "source_line", "type": {"kind": "int64"}, "nullable": True, "privacy": "none", "origin": "lake"}
PLAN = {"name": "notes", "key": ["source_line"], "partitionBy": "ingest_date", "columns": [NOTE, LINE], "clean": []}
REFUSED = ["dataset", "source", "source_checksum", "source_name", "reason", "column_name", "message", "raw"]
CHECKSUM = "ab" * 32
SECRET = {"version": 1, "secret": "eA=="}


def fields(kinds: dict[str, str]) -> dict:
    found = [{"name": name, "type": kind, "nullable": True, "metadata": {}} for name, kind in kinds.items()]
    return {"type": "struct", "fields": found}


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """An object of three lines, one of which has a cell too many."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "00000").write_bytes(b"one\ntwo,\n\x1e\nthree\n")
    definition = {
        "dataset": PLAN,
        "spark": fields({"note": "string", "source_line": "long"}),
        "rejections": fields({**dict.fromkeys(REFUSED, "string"), "source_line": "long"}),
        "rejectionsPartitionBy": "ingest_date",
    }
    (tmp_path / "definition.json").write_text(json.dumps(definition))
    give_order(tmp_path, lines=4)
    return tmp_path


def give_order(lake: Path, lines: int) -> None:
    order = {
        "dataset": "notes",
        "checksum": CHECKSUM,
        "name": "notes.csv",
        "receivedAt": "2026-01-01T08:00:00.000Z",
        "format": {"kind": "csv", "delimiter": ",", "width": 1, "places": {"note": 0}},
        "shards": [{"key": "00000", "firstLine": 2, "lines": lines, "bytes": 17}],
    }
    (lake / "order.json").write_text(json.dumps(order))


def run(spark: SparkSession, lake: Path) -> dict:
    zones = Zones(*[str(lake / zone) for zone in ("raw", "processed", "rejected")])
    result = carry_out(spark, str(lake / "definition.json"), str(lake / "order.json"), zones, SECRET)
    return json.loads(Path(result).read_text())


def test_rows_keep_their_lines_and_files_have_the_names_of_their_object(spark: SparkSession, lake: Path) -> None:
    result = run(spark, lake)
    key = f"notes/ingest_date=2026-01-01/{CHECKSUM[:32]}-00000.parquet"
    assert [file["key"] for file in (*result["files"], *result["rejectedFiles"])] == [key, key]
    assert {name: result[name] for name in ("rowsIn", "stored", "rejected", "duplicates", "keyRange")} == {
        "rowsIn": 3,
        "stored": 2,
        "rejected": 1,
        "duplicates": 0,
        "keyRange": ["2", "5"],
    }
    assert result["rejectedByReason"] == {"row:fields": 1}
    stored = spark.read.parquet(str(lake / "processed" / key)).select("source_line", "note").collect()
    assert sorted(map(tuple, stored)) == [(2, "one"), (5, "three")]


def test_what_a_killed_run_left_is_replaced_and_an_order_is_carried_out_once(spark: SparkSession, lake: Path) -> None:
    left = lake / "processed" / "notes" / "ingest_date=2026-01-01" / f"{CHECKSUM[:32]}-00000.parquet"
    draft = lake / "processed" / "_drafts" / "notes" / CHECKSUM[:32] / "part-0.parquet"
    for path in (left, draft):
        path.parent.mkdir(parents=True)
        path.write_text("half a file")
    first = run(spark, lake)
    assert not draft.exists()
    assert left.stat().st_size == first["files"][0]["sizeBytes"]
    before = left.stat().st_mtime_ns
    assert run(spark, lake) == first
    assert left.stat().st_mtime_ns == before


def test_fails_where_a_shard_has_other_lines_than_the_order_says(spark: SparkSession, lake: Path) -> None:
    give_order(lake, lines=5)
    with pytest.raises(Exception, match="00000 holds 4 lines, the order says 5: frame it anew"):
        run(spark, lake)
    assert not (lake / "result.json").exists()


def test_fails_where_order_and_definition_are_of_different_datasets(spark: SparkSession, lake: Path) -> None:
    order = json.loads((lake / "order.json").read_text())
    (lake / "order.json").write_text(json.dumps({**order, "dataset": "others"}))
    with pytest.raises(JobError, match=r"^the order is for others, the definition for notes$"):
        run(spark, lake)
