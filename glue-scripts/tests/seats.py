"""A dataset of seats and small lakes of it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from settle_rows import Definition

FIELDS = {
    "id": "string",
    "seen": "timestamp",
    "price": "integer",
    "ingested_at": "timestamp",
    "source_checksum": "string",
    "source_line": "long",
}

DEFINITION = {
    "dataset": "seats",
    "key": ["id"],
    "partitionBy": "ingest_date",
    "schema": {
        "type": "struct",
        "fields": [
            {"name": name, "type": kind, "nullable": name != "price", "metadata": {}} for name, kind in FIELDS.items()
        ],
    },
    "newestFirst": ["seen", "ingested_at", "source_line", "price", "source_checksum"],
    "content": ["seen", "price"],
    "settled": "settled_seats",
    "tables": [{"table": "seats", "sql": "select * from settled_seats", "fingerprint": "made by these"}],
}

seats = Definition.of(DEFINITION)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def seat(**given: object) -> tuple:
    """A row; give the columns that matter."""
    row = {
        "id": "a",
        "seen": None,
        "price": 1,
        "ingested_at": instant("2026-01-01T08:00:00"),
        "source_checksum": "file",
        "source_line": 2,
        **given,
    }
    return tuple(row[name] for name in FIELDS)


def frame(spark: SparkSession, rows: list[tuple]) -> DataFrame:
    return spark.createDataFrame(rows, seats.schema)


@dataclass(frozen=True)
class Lake:
    """Folders of a lake, and what the job is given."""

    root: Path

    @property
    def processed(self) -> str:
        return str(self.root / "processed")

    @property
    def curated(self) -> str:
        return str(self.root / "curated")

    @property
    def definition(self) -> str:
        return str(self.root / "definition.json")

    @property
    def order(self) -> str:
        return str(self.root / "curated" / "_runs" / "run" / "seats" / "order.json")

    @property
    def result(self) -> Path:
        return Path(self.order).with_name("result.json")

    def put_rows(self, spark: SparkSession, day: str, rows: list[tuple], without: tuple[str, ...] = ()) -> list[str]:
        """Keys of the files that hold them."""
        folder = self.root / "processed" / "seats" / f"ingest_date={day}"
        known = set(folder.glob("*.parquet"))
        frame(spark, rows).drop(*without).coalesce(1).write.mode("append").parquet(str(folder))
        return [str(path.relative_to(self.processed)) for path in set(folder.glob("*.parquet")) - known]

    def give_order(self, units: list[dict], **changed: object) -> None:
        Path(self.order).parent.mkdir(parents=True, exist_ok=True)
        Path(self.definition).write_text(json.dumps(DEFINITION))
        order = {"dataset": "seats", "table": "seats", "run": "run", "fingerprint": "made by these", "units": units}
        Path(self.order).write_text(json.dumps({**order, **changed}))

    def read_result(self) -> dict:
        return json.loads(self.result.read_text())
