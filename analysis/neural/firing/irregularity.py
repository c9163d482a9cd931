"""How irregular the intervals I_k between successive spikes of a cell are.

    CV  = sd of I / mean of I
    CV2 = mean over k of 2 |I_(k+1) - I_k| / (I_(k+1) + I_k)     [holt1996]

| process | CV | CV2 |
|---|---|---|
| a clock | 0 | 0 |
| gamma, of order k | 1 / sqrt(k) | 0.55 at k = 4 |
| Poisson | 1 | 1 |

CV takes a rate that changes for irregularity; CV2 compares neighbours alone, and hardly does. Few intervals make CV too low: of a
Poisson process, 0.92 with 10, 0.96 with 20, 0.98 with 50, 0.99 with 100. CV2 has no such bias.
"""

from typing import NamedTuple

import numpy as np

from analysis.neural.inputs.trains import Trains


class Irregularity(NamedTuple):
    """Of each cell [n]: number of intervals, CV and CV2, NaN of a cell with fewer than two intervals."""

    intervals: np.ndarray
    cv: np.ndarray
    cv2: np.ndarray


def irregularity(trains: Trains) -> Irregularity:
    """Irregularity of every cell, linear in spikes."""
    own = trains.cell[1:] == trains.cell[:-1]
    interval, cell = np.diff(trains.time)[own], trains.cell[1:][own]
    count = np.bincount(cell, minlength=trains.n)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = _sums(cell, interval, trains.n) / count
        variance = _sums(cell, (interval - mean[cell]) ** 2, trains.n) / (count - 1)
        cv = np.sqrt(variance) / mean
        cv2 = _sums(*_contrasts(interval, cell), trains.n) / (count - 1)
    few = count < 2
    return Irregularity(count, np.where(few, np.nan, cv), np.where(few, np.nan, cv2))


def _contrasts(interval: np.ndarray, cell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cell and contrast of every two neighbouring intervals; two of length 0 do not differ."""
    own = cell[1:] == cell[:-1]
    both = (interval[1:] + interval[:-1])[own]
    apart = np.abs(np.diff(interval))[own]
    return cell[1:][own], 2 * apart / np.where(both > 0, both, 1)


def _sums(cell: np.ndarray, values: np.ndarray, n: int) -> np.ndarray:
    return np.bincount(cell, values, n)
