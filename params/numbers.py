"""The one place where a text becomes a number: strictly, so that nothing is read as another number than was meant.

Allowed are ASCII digits, a point and an exponent, such as -1, .5 and 1e-3. A decimal comma, groups of digits, other digits, infinity
and NaN are refused, and the message says how to write what was probably meant.
"""

import math
import re
import unicodedata

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
BLANKS = " \t\u00a0\u202f"  # around a number, and between it and its unit; the latter two do not break a line
_WHOLE = re.compile(r"[+-]?[0-9]+")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])(?:[_'\u2019](?=[0-9])| (?=[0-9]{3}(?![0-9])))")  # 1_000, 1'000, 1 000
_SHOWN = 60  # characters of a text that a message quotes


def number(text: str) -> float:
    """The number that a text is.

    Raises
    ------
    ValueError
        If it is none, with how to write what was probably meant.
    """
    given = text.strip(BLANKS)
    if NUMBER.fullmatch(given) and math.isfinite(found := float(given)):
        return found
    raise ValueError(f"{quoted(text)} is not a number{write(meant(text))}")


def whole(text: str) -> int:
    """The whole number that a text is.

    Raises
    ------
    ValueError
        As `number`, or if the number is not whole: it is refused, never rounded.
    """
    given = text.strip(BLANKS)
    if _WHOLE.fullmatch(given) and len(given) < _SHOWN:
        return int(given)
    readings = [f"{float(each):.0f}" for each in [given, *meant(text)] if NUMBER.fullmatch(each) and float(each).is_integer()]
    raise ValueError(f"{quoted(text)} is not a whole number{write(readings)}")


def meant(text: str) -> list[str]:
    """Numbers, well written, that a text may have been meant as: none, one, or two where a comma may part thousands ("1,000")."""
    plain = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").strip(BLANKS)
    plain = _BETWEEN_DIGITS.sub("", plain)
    readings = [plain]
    if "," in plain:
        readings = [plain.replace(",", "")] if _GROUPED.fullmatch(plain) else []
        readings += [plain.replace(".", "").replace(",", ".")] if plain.rfind(".") < plain.rfind(",") else []
    return [each for each in dict.fromkeys(readings) if NUMBER.fullmatch(each) and each != text and math.isfinite(float(each))]


def write(readings: list[str]) -> str:
    """End of a message that says how to write it; empty where nobody can say."""
    short = [each for each in dict.fromkeys(readings) if len(each) <= _SHOWN]
    return f"; write {' or '.join(short)}" if short else ""


def quoted(value: object) -> str:
    """A value as a message shows it: texts in double quotes, on one line, cut where it is long."""
    shown = f'"{repr(value)[1:-1]}"' if isinstance(value, str) else repr(value)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
