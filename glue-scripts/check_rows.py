"""Limits of a contract's columns, and the reasons of refusals: core/contract/validator.ts."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from number_texts import number_text
from read_cells import Number

SHOWN_UNITS = 40


@dataclass(frozen=True)
class Reason:
    """Why a row was refused. `column:rule` is its code; the column is `row` for the row as a whole."""

    column: str
    rule: str
    message: str


Rule = Callable[[object], str | None]


def broken_rule(field: dict) -> Rule:
    """Names the first rule that a value breaks, or None. The value has the type of the field, or is None."""
    is_nullable, checks = field["nullable"], list(_checks(field))

    def broken(value: object) -> str | None:
        if value is None:
            return None if is_nullable else "missing"
        return next((rule for rule, keeps in checks if not keeps(value)), None)

    return broken


def _checks(field: dict) -> list[tuple[str, Callable[[object], bool]]]:
    checks: list[tuple[str, Callable[[object], bool]]] = []
    kind, minimum, maximum = field["type"], field.get("minimum"), field.get("maximum")
    if field.get("pattern") is not None:
        pattern = re.compile(as_python(field["pattern"]), re.ASCII)
        checks.append(("pattern", lambda value: pattern.search(units(value)) is not None))
    if kind["kind"] == "array":
        of_element = broken_rule(kind["element"])
        checks.append(("type", lambda value: all(of_element(item) is None for item in value)))
    if kind["kind"] == "struct":
        of_fields = [(inner["name"], broken_rule(inner)) for inner in kind["fields"]]
        checks.append(("type", lambda value: all(rule(value[name]) is None for name, rule in of_fields)))
    measure = {
        "int32": (float, float),
        "int64": (int, int),
        "double": (float, float),
        "decimal": (lambda text: unscaled(text, kind["scale"]),) * 2,
    }.get(kind["kind"])
    if measure is not None:
        of_value, of_bound = measure
        if minimum is not None:
            least = of_bound(_text(minimum) if kind["kind"] == "decimal" else minimum)
            checks.append(("minimum", lambda value: of_value(value) >= least))
        if maximum is not None:
            most = of_bound(_text(maximum) if kind["kind"] == "decimal" else maximum)
            checks.append(("maximum", lambda value: of_value(value) <= most))
    if field.get("minLength") is not None:
        checks.append(("too_short", lambda value: length(value) >= field["minLength"]))
    if field.get("maxLength") is not None:
        checks.append(("too_long", lambda value: length(value) <= field["maxLength"]))
    return checks


def unscaled(text: str, scale: int) -> int:
    integer, _, fraction = text.partition(".")
    return int(integer + fraction.ljust(scale, "0")[:scale])


def length(value: object) -> int:
    return len(units(value)) if isinstance(value, str) else len(value)


def units(text: str) -> str:
    """The UTF-16 code units of a text, each as a character: what JavaScript counts and matches."""
    if text.isascii():
        return text
    encoded = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(encoded[at] | encoded[at + 1] << 8) for at in range(0, len(encoded), 2))


# What means the same in both languages once `$` is the end of the text and digits are ASCII.
SAME = re.compile(
    r"\^|\$|\\[d\-./\\+*?()\[\]{}|^$]|\[\^?(?:\\[d\-./\\\]^]|[^\]\\])+\]|[\w\- ,:;@/_=!#%&'\"<>~`]|[(){}|+*?]"
)


def as_python(pattern: str) -> str:
    """A pattern of a contract for Python. Throws ValueError for one that could mean something else."""
    parts = SAME.findall(pattern)
    if "".join(parts) != pattern or "(?" in pattern:
        raise ValueError(
            f"the pattern {pattern} may mean something else in Python: write it with classes of characters"
        )
    return "".join(r"\Z" if part == "$" else part for part in parts)


def column_reason(column: dict, rule: str, value: object) -> Reason:
    """The value is shown, cut short, only where the column is free to read."""
    found = shown(value) if column["privacy"] == "none" else "a value that is not shown"
    return Reason(column["name"], rule, f"found {found}, expected {describe(column)}")


def shown(value: object) -> str:
    text = units(_shown_whole(value))
    start = text if len(text) <= SHOWN_UNITS else f"{text[:SHOWN_UNITS]}…"
    whole = start.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return re.sub("[\ud800-\udfff\0]", "\ufffd", whole)


def _shown_whole(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "a structure"
    return _text(value.value if isinstance(value, Number) else value)


def _text(value: object) -> str:
    return number_text(value) if isinstance(value, float) else str(value)


def describe(field: dict) -> str:
    """What a column takes, in words, as in `a whole number from 1 to 9`."""
    kind, minimum, maximum = field["type"], field.get("minimum"), field.get("maximum")
    elements = " characters" if kind["kind"] == "string" else " elements"
    words = WORDS[kind["kind"]](kind)
    if minimum is not None:
        words += f" from {_text(minimum)}" + ("" if maximum is None else f" to {_text(maximum)}")
    elif maximum is not None:
        words += f" up to {_text(maximum)}"
    if field.get("minLength") is not None:
        words += f" of at least {field['minLength']}{elements}"
    if field.get("maxLength") is not None:
        words += f" of at most {field['maxLength']}{elements}"
    if field.get("pattern") is not None:
        words += f" matching {field['pattern']}"
    return words + (", or nothing" if field["nullable"] else "")


WORDS: dict[str, Callable[[dict], str]] = {
    "string": lambda _: "text",
    "enum": lambda kind: f"one of {', '.join(kind['values'])}",
    "int32": lambda _: "a whole number",
    "int64": lambda _: "a whole number",
    "double": lambda _: "a number",
    "decimal": lambda kind: f"a decimal of at most {kind['precision']} digits, {kind['scale']} behind the point",
    "boolean": lambda _: "true or false (1 or 0)",
    "date": lambda _: "a day as YYYY-MM-DD",
    "timestamp": lambda _: "an instant as YYYY-MM-DDTHH:MM:SSZ",
    "array": lambda _: "a list",
    "struct": lambda _: "an object",
}
