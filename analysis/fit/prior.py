"""The prior: every free parameter is uniform between two bounds, or uniform in its logarithm, and independent of the others."""

from dataclasses import dataclass

import numpy as np

from params.sweep import Bounds
from params.units import to_unit


@dataclass(frozen=True)
class Prior:
    """Of one parameter, in the unit it is held in ("" of none). log: uniform in the logarithm."""

    key: str
    unit: str
    low: float
    high: float
    log: bool

    def places(self, values: np.ndarray) -> np.ndarray:
        """Share of the way from low to high, at which a value lies."""
        low, high, values = self._even(np.array(self.low)), self._even(np.array(self.high)), self._even(np.asarray(values, float))
        return (values - low) / (high - low)

    def values(self, places: np.ndarray) -> np.ndarray:
        """The value at a share of the way."""
        low, high = self._even(np.array(self.low)), self._even(np.array(self.high))
        found = low + np.asarray(places) * (high - low)
        return np.exp(found) if self.log else found

    def _even(self, values: np.ndarray) -> np.ndarray:
        """Values on the scale on which the prior is uniform."""
        return np.log(values) if self.log else values


def prior_of(key: str, bounds: Bounds, unit: str) -> Prior:
    """Prior of a parameter from its bounds in a sweep file. unit: the one it is held in."""
    low, high = (to_unit(each, unit) if isinstance(each, str) else float(each) for each in (bounds.least, bounds.most))
    return Prior(key, unit, low, high, bounds.scale == "log")
