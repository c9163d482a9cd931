"""One number about cells with its chance level and p-value, or the reason why there is none."""

import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

from params.errors import UserError

NAN = float("nan")


class Measure(NamedTuple):
    """A value, its chance (the mean or median of its null) and p-value, empty where they do not exist; missing: why there is no value.

    A p-value is (1 + draws at least as high) / (1 + draws), so it cannot fall below 1 / (1 + draws).
    """

    value: float
    chance: float = NAN
    p_value: float = NAN
    missing: str = ""

    @property
    def excess(self) -> float:
        """Value less chance."""
        return self.value - self.chance


Measures = dict[str, Measure]


def absent(reason: str) -> Measure:
    """A number that could not be measured."""
    return Measure(NAN, missing=reason)


def measured(value: float, chance: float, p_value: float, otherwise: str) -> Measure:
    """A number, or if it is NaN the reason."""
    return absent(otherwise) if math.isnan(value) else Measure(float(value), float(chance), float(p_value))


def attempt(names: Iterable[str], measure: Callable[[], Measures]) -> Measures:
    """What `measure` finds; if it refuses, every name absent with its reason. The order is that of `names`."""
    try:
        found = measure()
    except UserError as error:
        found = dict.fromkeys(names, absent(_one_line(error)))
    return {name: found[name] for name in names}


def _one_line(error: UserError) -> str:
    return " ".join(str(error).split())
