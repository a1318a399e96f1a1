"""Numbers as JavaScript writes them: core/etl/parse-number.ts."""

import math
import re
from decimal import Decimal

EXPONENT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?[eE]([+-]?[0-9]{1,4})")


def plain_number(text: str) -> str:
    """A number without exponent: `1.5e3` is `1500`."""
    match = EXPONENT.fullmatch(text)
    if match is None:
        return text
    sign, digits = match[1], match[2] + (match[3] or "")
    point = len(match[2]) + int(match[4])
    if point >= len(digits):
        return sign + digits.ljust(point, "0")
    if point <= 0:
        return f"{sign}0.{digits.rjust(len(digits) - point, '0')}"
    return f"{sign}{digits[:point]}.{digits[point:]}"


def number_text(value: float) -> str:
    """A number as JavaScript writes it."""
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    sign, figures, exponent = Decimal(repr(value)).as_tuple()
    digits = "".join(map(str, figures)).rstrip("0")
    point = len(figures) + exponent
    return ("-" if sign else "") + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    if len(digits) <= point <= 21:
        return digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    exponent = f"e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return f"{digits[0]}{'.' if len(digits) > 1 else ''}{digits[1:]}{exponent}"
