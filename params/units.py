"""Units: the only place where a text such as "20 ms" becomes a number.

A parameter is written without its unit in the key and with it in the value (`window = "0.75 s"`). In Python the field bears
the unit in its name (`window_s`), and that suffix says which unit the number is converted to.

The agents of the grid know no seconds and no centimetres: their time goes in steps of the game, their space in cells of the grid,
and how long a step "would be" is nowhere invented. On that clock a suffix means the recording's own unit: the tables of
[analysis], the same for mice and grid agents, hold steps in `_s` and cells in `_cm` there.
"""

import difflib
from collections.abc import Mapping
from fractions import Fraction
from string import ascii_letters

from params.numbers import BLANKS, NUMBER, meant, quoted, write

MOST_STEPS = 10**9  # of any duration; more could not be counted exactly

# field-name suffix -> unit of the number the field holds; longer suffixes are tried first
UNIT_OF_SUFFIX: Mapping[str, str] = {
    "_per_min": "1/min",
    "_cm_per_s": "cm/s",
    "_steps": "step",
    "_hz": "Hz",
    "_ms": "ms",
    "_cm": "cm",
    "_mv": "mV",
    "_mb": "MB",
    "_s": "s",
    "_h": "h",
}
# clock -> the same; a suffix that means nothing on the steps of the grid keeps its unit, which no step converts to
UNIT_ON_CLOCK: Mapping[str, Mapping[str, str]] = {
    "s": UNIT_OF_SUFFIX,
    "step": {**UNIT_OF_SUFFIX, "_s": "step", "_cm": "cell", "_cm_per_s": "cell/step", "_hz": "1/step", "_per_min": "1/step"},
}

# quantity -> the units it may be written in, and what one of each is of the first
_MICRO = ("u", "\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}")
_SIMPLE: Mapping[str, Mapping[str, Fraction]] = {
    "time": {
        "s": Fraction(1), "ms": Fraction(1, 10**3), **{f"{micro}s": Fraction(1, 10**6) for micro in _MICRO},
        "min": Fraction(60), "h": Fraction(3600), "d": Fraction(86400),
    },
    "length": {"cm": Fraction(1), "mm": Fraction(1, 10), "m": Fraction(100)},
    "voltage": {"mV": Fraction(1), "V": Fraction(10**3), **{f"{micro}V": Fraction(1, 10**3) for micro in _MICRO}},
    "memory": {"MB": Fraction(1), "GB": Fraction(1024), "TB": Fraction(1024**2)},  # as schedulers count it
    "step": {"step": Fraction(1)},
    "cell": {"cell": Fraction(1)},
}  # fmt: skip


def _per(above: Mapping[str, Fraction], below: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {f"{unit}/{each}": size / of_each for unit, size in above.items() for each, of_each in below.items()}


_ONCE = {"1": Fraction(1), "": Fraction(1)}
QUANTITIES: Mapping[str, Mapping[str, Fraction]] = {
    **_SIMPLE,
    "rate": {"Hz": Fraction(1), "kHz": Fraction(10**3), **_per(_ONCE, _SIMPLE["time"])},
    "speed": _per(_SIMPLE["length"], _SIMPLE["time"]),
    "rate of steps": _per(_ONCE, _SIMPLE["step"]),
    "speed on the grid": _per(_SIMPLE["cell"], _SIMPLE["step"]),
}
_QUANTITY_OF = {unit: quantity for quantity, units in QUANTITIES.items() for unit in units}
# other names of units, in lower case and the singular, for the hint alone
_NAMES = {
    "sec": "s", "second": "s", "msec": "ms", "millisecond": "ms", "usec": "us", "microsecond": "us", "minute": "min",
    "hr": "h", "hour": "h", "day": "d", "meter": "m", "metre": "m", "centimeter": "cm", "centimetre": "cm", "millimeter": "mm",
    "millimetre": "mm", "volt": "V", "millivolt": "mV", "hertz": "Hz", "kilohertz": "kHz",
    "mib": "MB", "megabyte": "MB", "gib": "GB", "gigabyte": "GB", "g": "GB",
}  # fmt: skip


def unit_of_field(name: str, clock: str = "s") -> str | None:
    """Unit that a field name carries (`tau_exc_ms` -> "ms") on a clock, "s" or "step", or None for a dimensionless field."""
    for suffix in sorted(UNIT_OF_SUFFIX, key=len, reverse=True):
        if name.endswith(suffix):
            return UNIT_ON_CLOCK[clock][suffix]
    return None


def key_of_field(name: str) -> str:
    """Key under which a field is written in TOML: its name less the unit suffix (`tau_exc_ms` -> "tau_exc")."""
    for suffix in sorted(UNIT_OF_SUFFIX, key=len, reverse=True):
        if name.endswith(suffix):
            return name[: -len(suffix)]
    return name


def to_unit(value: object, unit: str) -> float:
    """Number of `unit` in a text such as "20 ms": a number as `params.numbers` reads it, then a unit of the same quantity.

    Raises
    ------
    ValueError
        If the value is no text with a unit, the unit is unknown, or it measures something else.
    """
    if not isinstance(value, str):
        example = value if isinstance(value, int | float) and not isinstance(value, bool) else 1
        raise ValueError(f'needs a unit: write it as text, such as "{quoted(example)} {unit}"')
    text = value.strip(BLANKS)
    head = NUMBER.match(text)
    name = text[head.end() :].strip(BLANKS) if head else text
    if head is None or name not in _QUANTITY_OF:
        raise ValueError(_unreadable(text, head[0] if head else None, name, unit))
    if _QUANTITY_OF[name] != _QUANTITY_OF[unit]:
        raise ValueError(f"{quoted(value)} is not a quantity in {unit}; allowed: {', '.join(_allowed(unit))}")
    sizes = QUANTITIES[_QUANTITY_OF[unit]]
    try:
        number = float(Fraction(repr(float(head[0]))) * sizes[name] / sizes[unit])
    except (OverflowError, ValueError):  # 1e400
        raise ValueError(f"{quoted(value)} is larger than any number here") from None
    return round(number, 12)  # 0.75 s written as 750 ms is the same number


def _unreadable(text: str, digits: str | None, name: str, unit: str) -> str:
    """What is wrong with a text that is no number and unit: the unit, the number, or both."""
    if digits is not None and not name:
        return f'{quoted(text)} is not a quantity in {unit}; write "{digits} {unit}"'
    if digits is not None and (other := _other_unit(name, unit)) is not None:
        return f'{quoted(text)} is not a number with a known unit; did you mean "{digits} {other}"?'
    words = text.rstrip("/" + ascii_letters + "".join(_MICRO) + BLANKS)
    ending = text[len(words) :].strip(BLANKS)
    other = _other_unit(ending, unit) if ending else unit
    readings = [f"{each} {other}" for each in meant(words) if other is not None]
    hint = write(readings) if readings else f"; allowed: {', '.join(_allowed(unit))}"
    return f'{quoted(text)} is not a number with a known unit, such as "1 {unit}"{hint}'


def _other_unit(name: str, unit: str) -> str | None:
    """The unit, of the quantity that `unit` measures, that a name of a unit may stand for."""
    allowed = QUANTITIES[_QUANTITY_OF[unit]]
    if name in allowed:
        return name
    in_lower_case = {each.casefold(): each for each in reversed(list(allowed))}
    plain = "/".join(_short(part) for part in name.casefold().replace("per ", "/").split("/"))
    if plain in in_lower_case:
        return in_lower_case[plain]
    a_word = len(plain) > 1 and " " not in plain
    nearest = difflib.get_close_matches(plain, in_lower_case, n=1, cutoff=0.6) if a_word else []
    return in_lower_case[nearest[0]] if nearest else None


def _short(name: str) -> str:
    """A spelt-out name of a unit in short, "seconds" as "s"; any other name as it is. In lower case."""
    name = name.strip(f"{BLANKS}.")
    return _NAMES.get(name, _NAMES.get(name.removesuffix("s"), name)).casefold()


def _allowed(unit: str) -> list[str]:
    """Units that a field in `unit` may be written in, without second spellings of one."""
    return [each for each in QUANTITIES[_QUANTITY_OF[unit]] if each.isascii() and not each.startswith("/")]


def to_steps(value: object) -> int:
    """Whole number of steps of the grid in a text such as "200 step".

    Raises
    ------
    ValueError
        As `to_unit`, or if the number is not whole: it is refused, never rounded.
    """
    number = to_unit(value, "step")
    if number != round(number):
        raise ValueError(f"{quoted(value)} is not a whole number of steps")
    return round(number)


def n_steps(duration_s: float, step_s: float, what: str) -> int:
    """Whole number of steps in a duration.

    Raises
    ------
    ValueError
        If the duration is not a whole multiple of the step: it is refused, never rounded; or holds more steps than anyone can count.
    """
    steps = duration_s / step_s
    if steps > MOST_STEPS:
        raise ValueError(f"{what} = {duration_s:g} s is more than {MOST_STEPS:g} steps of {step_s:g} s")
    if abs(steps - round(steps)) > 1e-6:
        below, above = int(steps) * step_s, (int(steps) + 1) * step_s
        raise ValueError(
            f"{what} = {duration_s:g} s is not a whole number of {step_s:g} s steps (nearest: {below:g} s, {above:g} s)"
        )
    return round(steps)
