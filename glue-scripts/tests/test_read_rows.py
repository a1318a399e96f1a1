import pytest

from check_rows import as_python, broken_rule, describe, shown
from number_texts import number_text
from read_cells import Fault, Number, cell_parser, json_parser, parse_json
from read_rows import Refused, RowReader, Source, Stored, pseudonymiser, split_line

TEXT = {"kind": "string"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1"),
        (-0.0, "0"),
        (100.0, "100"),
        (1e21, "1e+21"),
        (123456789012345680000.0, "123456789012345680000"),
        (1.5e300, "1.5e+300"),
        (1e-6, "0.000001"),
        (1.2e-7, "1.2e-7"),
        (-5e-324, "-5e-324"),
    ],
)
def test_numbers_are_written_as_javascript_writes_them(value: float, text: str) -> None:
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-05-01 09:30:00", "2024-05-01T09:30:00.000Z"),
        ("2024-05-01T09:30:00.1239+02:00", "2024-05-01T07:30:00.123Z"),
        ("0000-12-31T23:30:00-01:00", "0001-01-01T00:30:00.000Z"),
        ("0001-01-01T00:30:00+01:00", Fault("type")),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999Z"),
        ("9999-12-31T23:59:59-00:01", Fault("type")),
        ("2023-02-29T00:00:00Z", Fault("type")),
        ("2024-05-01T09:30:00Z\n", Fault("type")),
    ],
)
def test_instants_are_cut_to_the_millisecond_in_utc_within_the_years_1_to_9999(text: str, instant: object) -> None:
    assert cell_parser({"kind": "timestamp"})(text) == instant


def test_the_digits_of_long_numbers_in_json_are_kept() -> None:
    read = json_parser({"kind": "int64"})
    assert read(parse_json("[9007199254740993, 2]", True)[0]) == 9007199254740993
    assert read(parse_json("[9007199254740993]", False)[0]) == Fault("type")
    assert read(Number("1.5e1", is_exact=False)) == 15
    assert json_parser({"kind": "decimal", "precision": 5, "scale": 2})(Number("12.345", False)) == Fault("scale")


def test_a_pattern_counts_utf_16_and_ends_at_the_end_of_the_text() -> None:
    field = {"type": TEXT, "nullable": False, "pattern": "^[^a]{2}$"}
    assert [broken_rule(field)(text) for text in ("bc", "😀", "b\n", "bc\n", "é")] == [None, None, None] + [
        "pattern"
    ] * 2


@pytest.mark.parametrize("pattern", [r"^.$", r"^\w+$", r"^\s$", "^(?=a)$", r"^a\b$"])
def test_fails_on_a_pattern_that_could_mean_something_else_in_python(pattern: str) -> None:
    with pytest.raises(ValueError, match="may mean something else in Python"):
        as_python(pattern)


def test_a_value_is_shown_cut_and_without_half_characters() -> None:
    assert shown("x" * 38 + "😀y") == f"'{'x' * 38}\ufffd…"
    assert shown("a\0b") == "'a\ufffdb'"
    assert describe({"type": {"kind": "double"}, "minimum": 0.1, "maximum": 24, "nullable": True}) == (
        "a number from 0.1 to 24, or nothing"
    )


def test_cells_are_split_by_rfc_4180() -> None:
    assert split_line('a,"b ""x"", y",,d"e', ",") == ["a", 'b "x", y', "", 'd"e']
    assert split_line('a,"b"c', ",") is None
    assert split_line('a,"b', ",") is None


def test_forms_of_one_identifier_have_one_pseudonym() -> None:
    pseudonymise = pseudonymiser(10, b"x" * 32)
    assert {pseudonymise(text) for text in ("ﬁ Ünal", "\u00a0FI U\u0308NAL ", "fi ünal")} == {pseudonymise("fi ünal")}
    assert pseudonymise("a").startswith("A")
    assert len(pseudonymise("a")) == 22


def test_fails_on_an_identifier_whose_form_this_python_does_not_know() -> None:
    with pytest.raises(ValueError, match="has a character that this Python does not know"):
        pseudonymiser(1, b"x" * 32)("a\U0003fffd")


PLAN = {
    "columns": [
        {"name": "id", "type": TEXT, "nullable": False, "privacy": "none", "origin": "position"},
        {
            "name": "price",
            "type": {"kind": "int32"},
            "nullable": False,
            "privacy": "none",
            "origin": "source",
            "minimum": 1,
        },
        {"name": "note", "type": TEXT, "nullable": True, "privacy": "sensitive", "origin": "source", "maxLength": 3},
        {"name": "source_line", "type": {"kind": "int64"}, "nullable": True, "privacy": "none", "origin": "lake"},
    ],
    "clean": [{"name": "price_trim", "column": "price", "kind": "decimal-comma"}],
}
SOURCE = Source("ab" * 32, "2026-01-01T00:00:00.000Z", "csv", ",", 2, {"price": 0, "note": 1})


def read(line: bytes) -> Stored | Refused:
    return RowReader(PLAN, SOURCE, pseudonymiser(1, b"x" * 32)).read_line(line, 7)


def test_a_row_without_an_id_gets_one_from_its_place() -> None:
    row = {"id": "abababababababab-000000007", "price": 5, "note": None, "source_line": 7}
    assert read(b"5,") == Stored(row, [])


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        (b"0,", "price:minimum", "found 0, expected a whole number from 1"),
        (b"x,long", "price:type", "found 'x', expected a whole number from 1"),
        (b'"1,5",', "price:type", "found '1.5', expected a whole number from 1"),
        (b",", "price:missing", "found nothing, expected a whole number from 1"),
        (
            b"1,long",
            "note:too_long",
            "found a value that is not shown, expected text of at most 3 characters, or nothing",
        ),
        (b"1", "row:fields", "found 1 cells, expected 2"),
        (b'1,"a', "row:quote", "a quoted cell is not closed, or its closing quote is followed by more text"),
        (b"\x1cMQAs", "row:nul", "found a NUL character"),
        (b"\x1drow:too_long\tthe line is longer\t99\tMSw=", "row:too_long", "the line is longer"),
    ],
)
def test_fails_with_the_first_reason_in_the_order_of_the_columns(line: bytes, code: str, message: str) -> None:
    refused = read(line)
    assert isinstance(refused, Refused)
    assert (f"{refused.reason.column}:{refused.reason.rule}", refused.reason.message) == (code, message)
