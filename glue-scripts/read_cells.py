"""Cells and JSON values as values of the lake: core/etl/{parse-cell,parse-number,parse-instant,parse-json-value}.ts.

Values are kept as the row reader of the Lambdas keeps them: decimals, days and instants as their canonical text.
`Fault` stands for a text that is no value of its column.
"""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from number_texts import number_text, plain_number


@dataclass(frozen=True)
class Fault:
    """The rule that a cell breaks: type, enum, scale or precision."""

    rule: str


@dataclass(frozen=True)
class Number:
    """A number of JSON, with its digits as they are written."""

    text: str
    # Whether its digits count; else those that are left when it has been a number of 64 bits.
    is_exact: bool

    @property
    def value(self) -> float:
        return float(self.text)

    @property
    def digits(self) -> str:
        return self.text if self.is_exact else number_text(self.value)


TYPE = Fault("type")

Parser = Callable[[object], object]

WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
WHOLE = re.compile(r"[+-]?[0-9]{1,20}")
DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
DECIMAL = re.compile(r"([+-]?)0*([0-9]+)(?:\.([0-9]+))?")
DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:Z| UTC|([+-])([0-9]{2}):([0-9]{2}))?"
)
LONG_NUMBER = re.compile(r"[0-9][0-9.]{15}")
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FIRST_INSTANT = datetime(1, 1, 1)
# Of the years 1 to 9999, as minutes since the first instant.
LAST_MINUTE = 5_258_964_959
# Largest whole number up to which JavaScript has them all.
SAFE = 2**53 - 1


def cell_parser(kind: dict) -> Callable[[str], object]:
    """Reads texts of cells. An empty one is None; spaces around it are cut, unless it is a text or a choice."""
    parse = _text_parser(kind)
    if kind["kind"] in ("string", "enum"):
        return lambda text: None if text == "" else parse(text)

    def cut(text: str) -> object:
        text = text.strip(" \t")
        return None if text == "" else parse(text)

    return cut


def _text_parser(kind: dict) -> Callable[[str], object]:
    match kind["kind"]:
        case "string":
            return lambda text: text
        case "enum":
            values = frozenset(kind["values"])
            return lambda text: text if text in values else Fault("enum")
        case "int32":
            return lambda text: whole(text, 32)
        case "int64":
            return lambda text: whole(text, 64)
        case "double":
            return double
        case "decimal":
            return lambda text: decimal(text, kind["precision"], kind["scale"])
        case "boolean":
            return lambda text: WORDS.get(text.lower(), TYPE)
        case "date":
            return date
        case "timestamp":
            return timestamp
    parse = json_parser(kind)

    def nested(text: str) -> object:
        try:
            value = parse_json(text, is_exact_wanted=True)
        except ValueError:
            return TYPE
        # A text would be read as a cell again, without end.
        return TYPE if isinstance(value, str) else parse(value)

    return nested


def whole(text: str, bits: int) -> object:
    if not WHOLE.fullmatch(text):
        return TYPE
    value = int(text)
    return value if -(2 ** (bits - 1)) <= value < 2 ** (bits - 1) else TYPE


def double(text: str) -> object:
    if not DOUBLE.fullmatch(text):
        return TYPE
    value = float(text)
    return value if math.isfinite(value) else TYPE


def decimal(text: str, precision: int, scale: int) -> object:
    """The text with exactly `scale` decimals."""
    match = DECIMAL.fullmatch(text)
    if match is None:
        return TYPE
    sign, integer, fraction = match[1], match[2], match[3] or ""
    if fraction[scale:].strip("0"):
        return Fault("scale")
    if integer != "0" and len(integer) > precision - scale:
        return Fault("precision")
    digits = integer if scale == 0 else f"{integer}.{fraction[:scale].ljust(scale, '0')}"
    return f"-{digits}" if sign == "-" and digits.strip("0.") else digits


def date(text: str) -> object:
    return text if DATE.fullmatch(text) and is_day(text) and not text.startswith("0000") else TYPE


def timestamp(text: str) -> object:
    """In UTC, cut to the millisecond; a text without a zone is in UTC."""
    match = INSTANT.fullmatch(text)
    if match is None:
        return TYPE
    day, hour, minute, second, fraction, sign, hours, minutes = match.groups()
    if not is_day(day) or int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        return TYPE
    milliseconds = (fraction or "")[:3].ljust(3, "0")
    if sign is None:
        return TYPE if day.startswith("0000") else f"{day}T{hour}:{minute}:{second}.{milliseconds}Z"
    if int(hours) > 23 or int(minutes) > 59:
        return TYPE
    offset = int(hours) * 60 + int(minutes)
    instant = days_since_first(day) * 1440 + int(hour) * 60 + int(minute) - (-offset if sign == "-" else offset)
    if not 0 <= instant <= LAST_MINUTE:
        return TYPE
    return f"{(FIRST_INSTANT + timedelta(minutes=instant)).isoformat()[:17]}{second}.{milliseconds}Z"


def is_day(text: str) -> bool:
    """Whether a text that starts as four, two and two digits names a day of the calendar."""
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:10])
    if not 1 <= month <= 12 or day < 1:
        return False
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day <= MONTH_DAYS[month - 1] + (1 if month == 2 and is_leap else 0)


def days_since_first(day: str) -> int:
    """Days since 0001-01-01; Python has no year 0, which is a leap year."""
    year, month, of_month = int(day[:4]), int(day[5:7]), int(day[8:10])
    if year > 0:
        return (datetime(year, month, of_month) - FIRST_INSTANT).days
    return (datetime(4, month, of_month) - datetime(5, 1, 1)).days


def parse_json(text: str, is_exact_wanted: bool) -> object:
    """Throws ValueError for what is no JSON."""
    is_exact = is_exact_wanted and LONG_NUMBER.search(text) is not None

    def number(digits: str) -> Number:
        return Number(digits, is_exact)

    return json.loads(text, parse_int=number, parse_float=number, parse_constant=_refuse)


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def json_parser(kind: dict) -> Parser:
    """Reads JSON values. Texts of other than text columns are read as cells."""
    name = kind["kind"]
    parse_value = VALUES.get(name, lambda _: lambda _: TYPE)(kind)
    if name == "string":
        return lambda value: None if value is None else sound_text(value)
    # A list or a structure within a text would be another encoding of the same row.
    parse_text = (lambda _: TYPE) if name in ("array", "struct") else cell_parser(kind)

    def parse(value: object) -> object:
        if value is None or value == "":
            return None
        return parse_text(value) if isinstance(value, str) else parse_value(value)

    return parse


def sound_text(value: object) -> object:
    if not isinstance(value, str):
        return TYPE
    if value == "":
        return None
    return TYPE if re.search("[\ud800-\udfff\0]", value) else value


def _int32(value: object) -> object:
    if not isinstance(value, Number) or not -(2**31) <= value.value < 2**31 or value.value % 1 != 0:
        return TYPE
    return int(value.value)


def _int64(value: object) -> object:
    if not isinstance(value, Number):
        return TYPE
    if value.is_exact:
        return whole(re.sub(r"\.0+$", "", plain_number(value.text)), 64)
    number = value.value
    return int(number) if math.isfinite(number) and number % 1 == 0 and abs(number) <= SAFE else TYPE


def _double(value: object) -> object:
    return value.value if isinstance(value, Number) and math.isfinite(value.value) else TYPE


def _decimal(kind: dict) -> Parser:
    def parse(value: object) -> object:
        if not isinstance(value, Number) or not math.isfinite(value.value):
            return TYPE
        return decimal(plain_number(value.digits), kind["precision"], kind["scale"])

    return parse


def _boolean(value: object) -> object:
    if isinstance(value, bool):
        return value
    return {1.0: True, 0.0: False}.get(value.value, TYPE) if isinstance(value, Number) else TYPE


def _array(kind: dict) -> Parser:
    parse = json_parser(kind["element"]["type"])

    def parse_all(value: object) -> object:
        if not isinstance(value, list):
            return TYPE
        parsed = [parse(item) for item in value]
        return next((item for item in parsed if isinstance(item, Fault)), parsed)

    return parse_all


def _struct(kind: dict) -> Parser:
    parsers = [(field["name"], json_parser(field["type"])) for field in kind["fields"]]

    def parse_all(value: object) -> object:
        if not isinstance(value, dict):
            return TYPE
        parsed = {name: parse(value.get(name)) for name, parse in parsers}
        return next((item for item in parsed.values() if isinstance(item, Fault)), parsed)

    return parse_all


VALUES: dict[str, Callable[[dict], Parser]] = {
    "int32": lambda _: _int32,
    "int64": lambda _: _int64,
    "double": lambda _: _double,
    "decimal": _decimal,
    "boolean": lambda _: _boolean,
    "array": _array,
    "struct": _struct,
}
