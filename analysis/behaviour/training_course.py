"""Training of agents update by update, from the training.csv that their run wrote: what they earned, and how decided they were."""

from dataclasses import dataclass

import numpy as np

from analysis.core.run import RunDirectory, RunDirectoryError
from recording.table import Row, number, read_table

NAMES = ("correct", "miss", "drink", "poke", "entropy")
KEY = ("pair", "phase", "update", "steps")
BINS = 60  # of a phase, equally wide on a logarithmic axis


@dataclass(frozen=True)
class PhaseCourse:
    """One phase of training in bins of updates. steps [bins]: of the game since the phase began, all environments together, at the end
    of a bin. values: name of `NAMES` -> [pairs, bins], means of a bin's updates, NaN where a pair was not trained so long."""

    phase: str
    steps: np.ndarray
    values: dict[str, np.ndarray]


def training_courses(run: RunDirectory) -> list[PhaseCourse]:
    """Every phase of training in the order they were run; none without training.csv, as in runs from before it was written.

    Raises
    ------
    UserError
        The table cannot be read, lacks a column, or holds what is no number.
    """
    path = run.path / "training.csv"
    try:
        rows = read_table(path, (*KEY, *NAMES))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunDirectoryError(f"{path}: cannot be read ({error.strerror})") from None
    return [_course(phase, [row for row in rows if row["phase"] == phase]) for phase in dict.fromkeys(r["phase"] for r in rows)]


def _course(phase: str, rows: list[Row]) -> PhaseCourse:
    pair, update, steps, *values = np.array(
        [[number(row, name) for name in ("pair", "update", "steps", *NAMES)] for row in rows]
    ).T
    nth = (update - update.min() + 1).astype(int)  # of the phase
    ends = np.unique(np.round(np.geomspace(1, nth.max(), min(BINS, nth.max()))).astype(int))
    place, pairs = np.searchsorted(ends, nth), np.unique(pair)
    binned = {
        name: np.array([[_mean(column[(pair == who) & (place == at)]) for at in range(len(ends))] for who in pairs])
        for name, column in zip(NAMES, values, strict=True)
    }
    return PhaseCourse(phase, ends * steps[0] / update[0], binned)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")
