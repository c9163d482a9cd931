"""Training of agents update by update, from the training.csv that their run wrote: what they earned, and how decided they were."""

from dataclasses import dataclass

import numpy as np
import pandas

from analysis.core.run import RunDirectory
from recording.schemas import TRAINING
from recording.table import read_table

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
    path = run.path / TRAINING.file
    if not path.exists():
        return []
    table = read_table(path, TRAINING.part((*KEY, *NAMES)))
    return [_course(phase, each) for phase, each in table.groupby("phase", sort=False)]


def _course(phase: str, table: pandas.DataFrame) -> PhaseCourse:
    nth = (table["update"] - table["update"].min() + 1).to_numpy()  # of the phase
    ends = np.unique(np.round(np.geomspace(1, nth.max(), min(BINS, nth.max()))).astype(int))
    bins = table.assign(bin=np.searchsorted(ends, nth)).groupby(["pair", "bin"])
    means = {name: bins[name].mean().unstack().reindex(columns=range(len(ends))).to_numpy() for name in NAMES}
    first = table.iloc[0]
    return PhaseCourse(phase, ends * first["steps"] / first["update"], means)
