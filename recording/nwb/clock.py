"""The session's clock in an NWB file: a rate wherever it gives the very times back, else the times themselves."""

from typing import Any

import numpy as np

MULTIPLES, FRACTIONS = "multiples of the step", "fractions of the rate"


def clock_of(time: np.ndarray) -> tuple[dict[str, Any], str]:
    """(arguments of every series, how times follow from them: `MULTIPLES`, `FRACTIONS` or "")."""
    count = np.arange(len(time))
    step = float(time[-1]) / (len(time) - 1)
    for rate in dict.fromkeys((round(1 / step, 6), 1 / step)):
        if rate > 0 and np.array_equal(count / rate, time):
            return {"rate": rate, "starting_time": 0.0}, FRACTIONS
        if rate > 0 and np.array_equal(count * (1 / rate), time):
            return {"rate": rate, "starting_time": 0.0}, MULTIPLES
    return {"timestamps": time}, ""


def times_of(series: Any, how: str) -> np.ndarray:
    """Times float64 [T] of a series that was written with `clock_of`."""
    if series.rate is None:
        return np.asarray(series.timestamps[:], np.float64)
    count = np.arange(len(series.data))
    return count * (1 / series.rate) if how == MULTIPLES else count / series.rate
