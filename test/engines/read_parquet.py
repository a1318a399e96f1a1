"""Prints each Parquet file as one line of JSON: its schema, and its rows as clean rows (int64 as digits)."""

import json
import sys
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq


def typed(field: pa.Field) -> str:
    return f"{field.type}{'' if field.nullable else ' not null'}"


def plain(value: object, kind: pa.DataType) -> object:
    if value is None:
        return None
    if pa.types.is_list(kind):
        return [plain(item, kind.value_type) for item in value]
    if pa.types.is_struct(kind):
        return {field.name: plain(value[field.name], field.type) for field in kind}
    if pa.types.is_int64(kind):
        return str(value)
    if isinstance(value, datetime):
        if value.microsecond % 1000 or value.utcoffset().total_seconds() != 0:
            raise ValueError(f"not a millisecond in UTC: {value!r}")
        return value.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value


for path in sys.argv[1:]:
    table = pq.read_table(path)
    columns = [[plain(value, field.type) for value in table.column(field.name).to_pylist()] for field in table.schema]
    rows = [dict(zip(table.schema.names, values)) for values in zip(*columns)]
    print(json.dumps({"schema": [[field.name, typed(field)] for field in table.schema], "rows": rows}))
