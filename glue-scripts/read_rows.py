"""Framed lines as stored rows or refusals: core/etl/read-row.ts and lambdas/convert/read-line.ts.

A framed line is one record: what stands in quotes, in encodings and in archives was resolved before, and what could not
be resolved is a finished refusal.
"""

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from check_rows import Reason, Rule, broken_rule, column_reason
from read_cells import Fault, Number, Parser, cell_parser, json_parser, parse_json

# A physical line that belongs to the record above, or is blank.
PLACEHOLDER = b"\x1e"
BAD_QUOTE = "a quoted cell is not closed, or its closing quote is followed by more text"
# What JavaScript's `trim` cuts.
SPACES = (
    "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
VERSIONS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PSEUDONYM_LENGTH = 22

Pseudonymise = Callable[[str], str]


def pseudonymiser(version: int, secret: bytes) -> Pseudonymise:
    """Values that differ only in letter case, in spaces around or in Unicode form have the same pseudonym."""

    def pseudonymise(value: str) -> str:
        if any(unicodedata.category(character) == "Cn" for character in value):
            # A newer Unicode may know another form of it, and then the Lambdas would make another pseudonym.
            raise ValueError("a personal identifier has a character that this Python does not know")
        normal = unicodedata.normalize("NFKC", value).strip(SPACES).lower()
        digest = hmac.new(secret, normal.encode(), hashlib.sha256).digest()
        return VERSIONS[version] + base64.urlsafe_b64encode(digest).decode()[: PSEUDONYM_LENGTH - 1]

    return pseudonymise


@dataclass(frozen=True)
class Stored:
    row: dict
    # Names of the cleaning rules that changed a cell.
    cleaned: list[str]


@dataclass(frozen=True)
class Refused:
    reason: Reason
    raw: bytes
    # Length of the whole record; `raw` may be cut.
    raw_bytes: int


@dataclass(frozen=True)
class Source:
    """The object that the lines stand in."""

    checksum: str
    ingested_at: str
    # `csv` or `json`.
    kind: str
    delimiter: str
    # Cells that every record must have, and the place of each column that the file has.
    width: int
    places: dict[str, int]


@dataclass(frozen=True)
class Field:
    column: dict
    clean: Callable[[str, list[str]], str] | None
    parse: Parser
    broken: Rule


class RowReader:
    """Reads the lines of one object by the contract of its dataset."""

    def __init__(self, plan: dict, source: Source, pseudonymise: Pseudonymise) -> None:
        self._source = source
        columns = [column for column in plan["columns"] if column["privacy"] != "drop"]
        rules = {
            column["name"]: [rule for rule in plan["clean"] if rule["column"] == column["name"]] for column in columns
        }
        self._fields = [
            Field(
                column,
                cleaner(rules[column["name"]]) if rules[column["name"]] else None,
                _parser(column, source.kind, pseudonymise),
                broken_rule(column),
            )
            for column in columns
        ]
        self._is_exact_wanted = any(
            field.column["origin"] != "lake"
            and (field.column["privacy"] == "pseudonym" or holds_exact_numbers(field.column["type"]))
            for field in self._fields
        )

    def read_line(self, line: bytes, number: int) -> Stored | Refused:
        """Reads a framed line that is no placeholder."""
        if line.startswith(b"\x1d"):
            code, message, length, raw = line[1:].decode().split("\t")
            column, rule = code.split(":")
            return Refused(Reason(column, rule, message), base64.b64decode(raw), int(length))
        record = base64.b64decode(line[1:]) if line.startswith(b"\x1c") else line.replace(PLACEHOLDER, b"\n")
        outcome = self._read_record(record.decode(), number)
        return Refused(outcome, record, len(record)) if isinstance(outcome, Reason) else outcome

    def _read_record(self, text: str, number: int) -> Stored | Reason:
        if self._source.kind == "json":
            try:
                given = parse_json(text, self._is_exact_wanted)
            except ValueError:
                return Reason("row", "nul" if "\0" in text else "json", "expected one JSON object")
            if not isinstance(given, dict):
                return Reason("row", "json", f"found {_kind_of(given)}, expected one JSON object")
            return self._assemble(given, number)
        cells = split_line(text, self._source.delimiter)
        if cells is None:
            return Reason("row", "quote", BAD_QUOTE)
        if len(cells) != self._source.width:
            return Reason("row", "fields", f"found {len(cells)} cells, expected {self._source.width}")
        if "\0" in text:
            return Reason("row", "nul", "found a NUL character")
        return self._assemble({name: cells[place] for name, place in self._source.places.items()}, number)

    def _assemble(self, given: dict, number: int) -> Stored | Reason:
        """The row, or the first thing that is wrong with it, in the order of its columns."""
        row: dict = {}
        cleaned: list[str] = []
        reason = None
        for field in self._fields:
            name = field.column["name"]
            if field.column["origin"] == "lake":
                row[name] = self._lineage(name, number)
                continue
            value = given.get(name)
            if field.clean is not None and isinstance(value, str) and value != "":
                value = field.clean(value, cleaned)
            parsed = field.parse(value)
            if parsed is None and field.column["origin"] == "position":
                parsed = f"{self._source.checksum[:16]}-{number:09}"
            if reason is None:
                if isinstance(parsed, Fault):
                    reason = column_reason(field.column, parsed.rule, value)
                else:
                    rule = field.broken(parsed)
                    reason = None if rule is None else column_reason(field.column, rule, parsed)
            row[name] = parsed
        return Stored(row, cleaned) if reason is None else reason

    def _lineage(self, name: str, number: int) -> object:
        source = self._source
        return {
            "ingested_at": source.ingested_at,
            "source": "batch",
            "source_checksum": source.checksum,
            "source_line": number,
        }.get(name)


def _parser(column: dict, kind: str, pseudonymise: Pseudonymise) -> Parser:
    if column["privacy"] == "pseudonym":
        return _pseudonym_parser(pseudonymise)
    if kind == "json":
        return json_parser(column["type"])
    parse = cell_parser(column["type"])
    # A column that the file lacks is empty in every record.
    return lambda text: None if text is None else parse(text)


def _pseudonym_parser(pseudonymise: Pseudonymise) -> Parser:
    """The id of a person may be a text or a number, whose digits count as they are written."""
    parse_text = json_parser({"kind": "string"})

    def parse(value: object) -> object:
        text = value.digits if isinstance(value, Number) else parse_text(value)
        if not isinstance(text, str):
            return text
        return None if text.strip(SPACES) == "" else pseudonymise(text)

    return parse


def holds_exact_numbers(kind: dict) -> bool:
    if kind["kind"] == "array":
        return holds_exact_numbers(kind["element"]["type"])
    if kind["kind"] == "struct":
        return any(holds_exact_numbers(field["type"]) for field in kind["fields"])
    return kind["kind"] in ("int64", "decimal")


def _kind_of(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, list):
        return "an array"
    return f"a {'boolean' if isinstance(value, bool) else 'string' if isinstance(value, str) else 'number'}"


def split_line(line: str, delimiter: str) -> list[str] | None:
    """The cells of one record by RFC 4180, or None where its quotes do not add up."""
    if '"' not in line:
        return line.split(delimiter)
    cells = []
    at = 0
    while True:
        if not line.startswith('"', at):
            end = line.find(delimiter, at)
            if end == -1:
                return [*cells, line[at:]]
            cells.append(line[at:end])
            at = end + 1
            continue
        close = _closing_quote(line, at + 1)
        if close == -1:
            return None
        cells.append(line[at + 1 : close].replace('""', '"'))
        if close + 1 == len(line):
            return cells
        if line[close + 1] != delimiter:
            return None
        at = close + 2


def _closing_quote(line: str, start: int) -> int:
    at = line.find('"', start)
    while at != -1 and line.startswith('"', at + 1):
        at = line.find('"', at + 2)
    return at


def cleaner(rules: list[dict]) -> Callable[[str, list[str]], str]:
    """Repairs a text by the rules in their order; adds the names of those that changed it to a list."""
    steps = [(rule["name"], CLEANING[rule["kind"]](rule)) for rule in rules]

    def clean(text: str, changed: list[str]) -> str:
        for name, apply in steps:
            repaired = apply(text)
            if repaired != text:
                changed.append(name)
            text = repaired
        return text

    return clean


def _map(rule: dict) -> Callable[[str], str]:
    return lambda text: rule["values"].get(text, text)


def _upper(text: str) -> str:
    return re.sub("[a-z]+", lambda letters: letters[0].upper(), text)


def _decimal_comma(text: str) -> str:
    return text.replace(",", ".", 1) if re.fullmatch(r"[ \t]*[+-]?[0-9]+,[0-9]+[ \t]*", text) else text


CLEANING: dict[str, Callable[[dict], Callable[[str], str]]] = {
    "trim": lambda _: lambda text: text.strip(" \t"),
    "upper": lambda _: _upper,
    "map": _map,
    "decimal-comma": lambda _: _decimal_comma,
}
