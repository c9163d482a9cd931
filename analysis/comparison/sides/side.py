"""A side of a comparison: one system as a table with a row per cooperative session, whatever it was made from."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas

from analysis.core.run import RunDirectory
from analysis.core.units import Clock

MICE, AGENTS, EXPERIMENT, TOTALS = "mice (model)", "agents", "experiment", "session totals"
SOCIAL, OPAQUE, OTHER = "social", "opaque", "other"


@dataclass(frozen=True, eq=False)
class Side:
    """One system.

    Attributes
    ----------
    name : what figures and tables call it
    kind : `MICE`, `AGENTS`, `EXPERIMENT` or `TOTALS`
    path : directory it was read from
    clock : its unit of time; seconds of totals
    sessions : cooperative sessions in the order of pair and session. pair; phase; role, `SOCIAL` through a divider that lets them
        cooperate, `OPAQUE` or `OTHER`; training and evaluated: sessions that learning, and that success are taken from; window_s,
        attempts, correct, success, chance (NaN where there are no times of pokes); of a run also all of learning.csv
    names : of the pairs, by number
    cells : neural.csv, no rows without
    run : the run; None of totals
    lacks : what it does not hold -> why; of "pokes", "behaviour", "cells"
    notes : what a reader must know
    """

    name: str
    kind: str
    path: Path
    clock: Clock
    sessions: pandas.DataFrame
    names: dict[int, str]
    cells: pandas.DataFrame
    run: RunDirectory | None = None
    lacks: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @cached_property
    def pairs(self) -> list[int]:
        return sorted(self.names)

    def chosen(self, role: str, which: str = "evaluated") -> pandas.DataFrame:
        """Sessions of a role that are evaluated, or of training."""
        return self.sessions[(self.sessions["role"] == role) & self.sessions[which]]

    def thirds(self) -> tuple[pandas.DataFrame, pandas.DataFrame]:
        """First and last third of every pair's social sessions of training, at least one session each; without pairs of fewer than two."""
        training = self.chosen(SOCIAL, "training")
        place = training.groupby("pair").cumcount()
        count = training.groupby("pair")["pair"].transform("size")
        size = np.maximum(1, count // 3)
        return training[(place < size) & (count > 1)], training[(place >= count - size) & (count > 1)]
