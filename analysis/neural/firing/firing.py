"""How one animal's cells fire in one session."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.neural.firing.counts import count_correlations, fano_factors
from analysis.neural.firing.irregularity import irregularity
from analysis.neural.inputs.trains import counts_in, trains_of
from params.schema.measures import Firing as Settings
from recording import RecordingError, Session

OF_CELLS = ("rate", "log_rate", "cv", "cv2", "fano")
OF_PAIRS = "correlation"
EVERY = "all"  # in place of a class: of all cells
FEWEST_WINDOWS = 3


class Distribution(NamedTuple):
    """Over n cells, or pairs of cells: mean, standard deviation, quartiles and median; NaN of none."""

    n: int
    mean: float
    sd: float
    lower: float
    median: float
    upper: float


class Row(NamedTuple):
    """A measure over the cells of a class, or over pairs of a cell of it with one of the class `other`."""

    measure: str
    cell_class: str
    other: str
    found: Distribution


@dataclass(frozen=True, eq=False)
class Firing:
    """Cell by cell. classes [n]; rate [n], Hz; cv, cv2, fano [n], NaN of a cell with too few intervals; correlation [n, n] of their counts,
    NaN of a cell with itself and of such cells."""

    classes: np.ndarray
    rate: np.ndarray
    cv: np.ndarray
    cv2: np.ndarray
    fano: np.ndarray
    correlation: np.ndarray

    @property
    def log_rate(self) -> np.ndarray:
        """Decades above 1 Hz [n]; NaN of a silent cell."""
        return np.log10(self.rate, out=np.full(len(self.rate), np.nan), where=self.rate > 0)

    @property
    def names(self) -> list[str]:
        """Classes, in the order of the recording."""
        return list(dict.fromkeys(self.classes.tolist()))

    def of(self, measure: str, cell_class: str) -> np.ndarray:
        """A measure of every cell of a class, NaN where it was not measured."""
        values: np.ndarray = getattr(self, measure)
        return values[self._of_class(cell_class)]

    def correlations(self, cell_class: str, other: str) -> np.ndarray:
        """Of every pair of a cell of one class with a cell of another, or of the same: each pair once."""
        one, two = self._of_class(cell_class), self._of_class(other)
        block = self.correlation[np.ix_(one, two)]
        return block[np.triu_indices(len(block), 1)] if cell_class == other else block.ravel()

    def rows(self) -> Iterator[Row]:
        """Distributions of every measure: of every class and of all cells, of pairs within and between classes."""
        names = self.names
        for name in (*names, EVERY):
            yield from (Row(measure, name, "", distribution(self.of(measure, name))) for measure in OF_CELLS)
        pairs = [(name, other) for place, name in enumerate(names) for other in names[place:]]
        for name, other in (*pairs, (EVERY, EVERY)):
            yield Row(OF_PAIRS, name, other, distribution(self.correlations(name, other)))

    def _of_class(self, name: str) -> np.ndarray:
        return np.flatnonzero((self.classes == name) | (name == EVERY))


def distribution(values: np.ndarray) -> Distribution:
    """Of the values [k] that are numbers."""
    held = values[~np.isnan(values)].astype(np.float64)
    if not len(held):
        return Distribution(0, *[float("nan")] * 5)
    sd = float(held.std(ddof=1)) if len(held) > 1 else float("nan")
    return Distribution(len(held), float(held.mean()), sd, *np.quantile(held, (0.25, 0.5, 0.75)).tolist())


def firing_of(session: Session, agent: int, settings: Settings) -> Firing:
    """How an animal's cells fire, from their spikes, whoever recorded them.

    - Rate: spikes over the length of the session. Its spread over cells is the standard deviation of log10 rate, silent cells left out.
    - CV of the intervals between spikes: 0 of a clock, 1 of a Poisson process. CV2 is the same of neighbouring intervals, which
      changes of rate hardly touch.
    - Fano factor: variance of the counts in successive windows over their mean; 1 of a Poisson process.
    - Correlation of the counts of two cells, within and between classes; independent cells have a mean of 0, and an sd of one over
      the root of the number of windows.

    A cell with fewer intervals than `fewest_intervals` has a rate alone: its CV would be too low, its Fano factor near 1 and its
    correlations near 0 whatever it does. In a session of behaviour, CV, Fano factors and correlations hold what rates do with behaviour.

    Parameters
    ----------
    session : with spikes
    agent : whose cells
    settings : window of the counts, fewest intervals

    Raises
    ------
    RecordingError
        The session holds no spikes, none of this animal, or is shorter than three windows.
    """
    trains = trains_of(session, agent)
    windows = int(trains.duration / settings.count_window_s + 1e-9)
    if not len(trains.time):
        raise RecordingError(f"no cell of agent {agent} fires during the session")
    if windows < FEWEST_WINDOWS:
        raise RecordingError(
            f"{trains.duration:g} s hold {windows} windows of {settings.count_window_s:g} s; needs {FEWEST_WINDOWS}"
        )
    intervals, cv, cv2 = irregularity(trains)
    counts = counts_in(trains, windows, settings.count_window_s)
    correlation, few = count_correlations(counts), intervals < settings.fewest_intervals
    correlation[few], correlation[:, few] = np.nan, np.nan
    cv, cv2, fano = (np.where(few, np.nan, each) for each in (cv, cv2, fano_factors(counts)))
    return Firing(np.array(trains.classes), trains.spikes / trains.duration, cv, cv2, fano, correlation)
