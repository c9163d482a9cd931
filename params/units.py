"""Units: the only place where a text such as "20 ms" becomes a number.

A parameter is written without its unit in the key and with it in the value (`window = "0.75 s"`). In Python the field bears
the unit in its name (`window_s`), and that suffix says which unit the number is converted to.

The agents of the grid know no seconds and no centimetres: their time goes in steps of the game, their space in cells of the grid,
and how long a step "would be" is nowhere invented. On that clock a suffix means the recording's own unit: the tables of
[analysis], the same for mice and grid agents, hold steps in `_s` and cells in `_cm` there.
"""

from collections.abc import Mapping
from functools import cache

import pint

# field-name suffix -> unit of the number the field holds; longer suffixes are tried first
UNIT_OF_SUFFIX: Mapping[str, str] = {
    "_per_min": "1/min",
    "_cm_per_s": "cm/s",
    "_steps": "step",
    "_hz": "Hz",
    "_ms": "ms",
    "_cm": "cm",
    "_mv": "mV",
    "_s": "s",
    "_h": "h",
}
# clock -> the same; a suffix that means nothing on the steps of the grid keeps its unit, which no step converts to
UNIT_ON_CLOCK: Mapping[str, Mapping[str, str]] = {
    "s": UNIT_OF_SUFFIX,
    "step": {**UNIT_OF_SUFFIX, "_s": "step", "_cm": "cell", "_cm_per_s": "cell/step", "_hz": "1/step", "_per_min": "1/step"},
}


@cache
def _registry() -> pint.UnitRegistry:
    registry: pint.UnitRegistry = pint.UnitRegistry(cache_folder=":auto:")
    registry.define("step = [step]")
    registry.define("cell = [cell]")
    return registry


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
    """Number of `unit` in a text such as "20 ms".

    Raises
    ------
    ValueError
        If the value is no text with a unit, the unit is unknown, or it measures something else.
    """
    if not isinstance(value, str):
        raise ValueError(f'needs a unit: write it as text, such as "{value} {unit}"')
    try:
        number = float(_registry().Quantity(value).to(unit).magnitude)
    except pint.DimensionalityError:
        raise ValueError(f'"{value}" is not a quantity in {unit}') from None
    except (pint.UndefinedUnitError, pint.errors.DefinitionSyntaxError, AttributeError, TypeError, ValueError, AssertionError):
        raise ValueError(f'"{value}" is not a number with a known unit, such as "1 {unit}"') from None
    except Exception:  # pint's tokenizer raises many kinds on malformed text
        raise ValueError(f'"{value}" cannot be read as a number with a unit, such as "1 {unit}"') from None
    return round(number, 12)  # 0.75 s written as 750 ms is the same number


def to_steps(value: object) -> int:
    """Whole number of steps of the grid in a text such as "200 step".

    Raises
    ------
    ValueError
        As `to_unit`, or if the number is not whole: it is refused, never rounded.
    """
    number = to_unit(value, "step")
    if number != round(number):
        raise ValueError(f'"{value}" is not a whole number of steps')
    return round(number)


def n_steps(duration_s: float, step_s: float, what: str) -> int:
    """Whole number of steps in a duration.

    Raises
    ------
    ValueError
        If the duration is not a whole multiple of the step: it is refused, never rounded.
    """
    steps = duration_s / step_s
    if abs(steps - round(steps)) > 1e-6:
        below, above = int(steps) * step_s, (int(steps) + 1) * step_s
        raise ValueError(
            f"{what} = {duration_s:g} s is not a whole number of {step_s:g} s steps (nearest: {below:g} s, {above:g} s)"
        )
    return round(steps)
