"""What the emulator's Athena cannot do: lists of files, JSON with mapped names, views, parameters, functions of Trino.

SQL is still run by DuckDB and not by Trino; LAKETWIN_MACROS names the lake's own macros, which bring it nearer.
"""

import base64
import datetime
import json
import os
import re
import tempfile
from urllib.parse import urlparse

import duckdb
import ministack.services.athena as athena
import ministack.services.glue as glue
import ministack.services.s3 as s3

LISTED = "SymlinkTextInputFormat"
VIEW = "/* Presto View: "
# What is no code, or a mark in the place of a value.
PLACES = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|\?")
# A step that bears the name of the table that it narrows: within it, the name is still the table's.
NARROWED = re.compile(r"\b(\w+)(\s+as\s*\(\s*select \*\s+from\s+)\1\b")

stock_connect = duckdb.connect
stock_relation = athena._table_relation
stock_paths = athena._rewrite_data_paths
stock_start = athena._start_query_execution
stock_run = athena._run_duckdb


def install():
    duckdb.connect = connect
    athena._table_relation = relation
    athena._rewrite_data_paths = paths
    athena._start_query_execution = start
    athena._run_duckdb = run


def connect(*arguments, **options):
    connection = stock_connect(*arguments, **options)
    with open(os.environ["LAKETWIN_MACROS"], encoding="utf-8") as file:
        connection.execute(file.read())
    return connection


def start(data):
    """Each question mark is the next of the literals that came with the query, which the emulator would drop."""
    literals = iter(data.get("ExecutionParameters") or [])
    query = PLACES.sub(lambda found: next(literals) if found[0] == "?" else found[0], data.get("QueryString", ""))
    database = (data.get("QueryExecutionContext") or {}).get("Database", "default")
    return stock_start({**data, "QueryString": NARROWED.sub(rf"\1\2{database}.\1", query)})


async def run(query, database, catalog=None):
    """Values as Athena writes them, where Python writes them otherwise."""
    answer = await stock_run(query, database, catalog)
    return {**answer, "rows": [[as_text(value) for value in row] for row in answer["rows"]]}


def as_text(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None).isoformat(" ", "milliseconds")
    return value


def relation(table_data, files):
    storage = table_data.get("StorageDescriptor") or {}
    parameters = (storage.get("SerdeInfo") or {}).get("Parameters") or {}
    mapped = {name[8:]: field for name, field in parameters.items() if name.startswith("mapping.")}
    if LISTED in storage.get("InputFormat", ""):
        named = follow(files)
        return stock_relation(table_data, named) if named else athena._empty_relation(table_data)
    if mapped:
        return mapped_json(storage["Columns"], mapped, files)
    return stock_relation(table_data, files)


def follow(lists):
    """The objects that lists name, as files in the folder of the query, which goes with it."""
    found = []
    for path in lists:
        with open(path, encoding="utf-8") as file:
            addresses = file.read().split()
        folder = tempfile.mkdtemp(dir=os.path.dirname(path))
        for place, address in enumerate(addresses):
            parsed = urlparse(address)
            data = s3._get_object_data(parsed.netloc, parsed.path.lstrip("/"))
            if data is None:
                raise ValueError(f"HIVE_CANNOT_OPEN_SPLIT: {address} is listed and not there")
            found.append(os.path.join(folder, f"{place:06}.parquet"))
            with open(found[-1], "wb") as file:
                file.write(data)
    return found


def mapped_json(columns, mapped, files):
    """JSON whose names the table has others for."""
    fields = [(column["Name"], mapped[column["Name"]], duck_type(column["Type"])) for column in columns]
    wanted = ", ".join(f"'{field}': '{kind}'" for _name, field, kind in fields)
    renamed = ", ".join(f'"{field}" AS "{name}"' for name, field, _kind in fields)
    return f"(SELECT {renamed} FROM read_json({athena._sql_list(files)}, columns = {{{wanted}}}))"


def duck_type(hive):
    return "MAP(VARCHAR, BIGINT)" if hive == "map<string,bigint>" else athena._duckdb_type({"Type": hive})


async def paths(query, database, catalog=None):
    return await stock_paths(without_views(query, database or "default"), database, catalog)


def without_views(query, database):
    """The query with each view as the select that it stands for, and the views of those too."""
    for reference in sorted(athena._table_references(query), key=lambda found: -found.start):
        table = glue._tables.get(f"{reference.database or database}/{reference.table}") or {}
        text = table.get("ViewOriginalText") or ""
        if not text.startswith(VIEW):
            continue
        view = json.loads(base64.b64decode(text[len(VIEW) :].split(" ")[0]))
        select = without_views(view["originalSql"], view.get("schema") or database)
        alias = "" if reference.aliased else f' AS "{reference.table}"'
        query = f"{query[: reference.start]}(\n{select}\n){alias}{query[reference.end :]}"
    return query
