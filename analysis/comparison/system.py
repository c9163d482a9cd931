"""One run as its own report left it: summary.json, learning.csv and neural.csv, read and never computed again."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas

from analysis.core.run import RunDirectory, RunDirectoryError, open_run
from analysis.core.units import CLOCKS, Clock
from analysis.findings.learning_table import LEARNING
from analysis.findings.summary import TrainingSummary, read_summary
from analysis.neural.cohort import EXCESS, CellFindings
from analysis.neural.table import NEURAL
from params.command import command_line
from params.errors import UserError
from params.schema.grid import TrainingPhase
from params.schema.measures import Analysis
from params.schema.schedule import Phase
from recording import holds_rates, read_session
from recording.table import read_table

SIDES = ("acc", "marl")
OfSessions = Callable[[pandas.DataFrame], pandas.Series]  # a number of every session of learning.csv


@dataclass(frozen=True, eq=False)
class System:
    """A run and what its report wrote.

    side: of `SIDES`. summary: summary.json. learning: learning.csv. cells: neural.csv of `signal`, the one that decides the
    report's verdicts; no rows and "" where the cells were not analysed.
    """

    side: str
    run: RunDirectory
    summary: TrainingSummary
    learning: pandas.DataFrame
    cells: pandas.DataFrame
    signal: str

    @property
    def analysis(self) -> Analysis:
        return self.run.resolved.params.analysis

    @property
    def clock(self) -> Clock:
        return CLOCKS["s" if self.side == "acc" else "step"]

    @property
    def name(self) -> str:
        """What figures and tables call it."""
        return "mice (model)" if self.side == "acc" else "agents"

    @property
    def lacks_cells(self) -> str:
        """Why there are no cells, and what makes them; "" if there are."""
        return (
            ""
            if self.signal
            else f"no neural.csv; {command_line('analysis.report', self.run.path)} makes it if the run kept rates"
        )

    @property
    def cell_findings(self) -> CellFindings | None:
        """What the cells of `signal` show."""
        return self.summary.cells.signals[self.signal].findings if self.signal else None

    @cached_property
    def pairs(self) -> list[int]:
        return sorted(self.learning["pair"].unique().tolist())

    @cached_property
    def training(self) -> pandas.DataFrame:
        """learning.csv of the sessions of cooperative training."""
        return self.learning[self.learning["phase"].str.startswith("coop_")]

    def of_training(self, value: OfSessions) -> list[np.ndarray]:
        """A number of every session of each pair's cooperative training [sessions], in order."""
        values = value(self.training)
        return [values[self.training["pair"] == pair].to_numpy() for pair in self.pairs]

    @cached_property
    def lengths(self) -> np.ndarray:
        """How long each session of cooperative training that was scheduled is, in lengths of the first [sessions]."""
        schedule = self.run.resolved.simulated.schedule
        found = [
            phase.lengths()
            for name, phase in schedule.phases
            if name.startswith("coop_") and isinstance(phase, Phase | TrainingPhase)
        ]
        return np.array([length for lengths in found for length in lengths], float)

    def cell_values(self, measure: str, stage: str) -> np.ndarray:
        """A measure of neural.csv, one value per pair [pairs], the mean of its animals that have one; NaN where none has.

        A name that ends in `EXCESS` is the measure less its own chance.
        """
        name, cells = measure.removesuffix(EXCESS), self.cells
        seen = cells[(cells["measure"] == name) & (cells["stage"] == stage) & cells["value"].notna()]
        values = seen["value"] - seen["chance"] if measure != name else seen["value"]
        means = values.groupby(seen["pair"]).mean(skipna=False)
        return means.reindex(self.pairs).to_numpy()

    @cached_property
    def units(self) -> int:
        """Cells, or hidden units, of one brain; 0 if no recording kept any."""
        for file in self.run.sessions:
            if holds_rates(file.path):
                session = read_session(file.path)
                return max(len(session.cells_of(agent).classes) for agent in range(session.n_agents))
        return 0


def read_system(path: Path, side: str) -> System:
    """Read a run that its report has been made of.

    Raises
    ------
    UserError
        No run, a run of the other side or one that acts on trained pairs, or no report yet, or a damaged one.
    """
    run = open_side(path, side)
    if "source" in run.facts:
        raise RunDirectoryError(
            f"{path}: acts on trained pairs; give it to --ablation-{side}, and here the run that trained them"
        )
    summary = read_summary(run, TrainingSummary)
    report = command_line("analysis.report", run.path)
    learning = read_table(run.path / LEARNING.file, LEARNING, report)
    if learning.empty:
        raise RunDirectoryError(f"{run.path}/learning.csv: holds no session; {report} makes it anew")
    signal = next(iter(summary.cells.signals), "")
    table = read_table(run.path / NEURAL.file, NEURAL, report) if signal else NEURAL.frame([])
    cells = table[table["signal"] == signal]
    return System(side, run, summary, learning, cells, "" if cells.empty else signal)


def open_side(path: Path, side: str) -> RunDirectory:
    """Open a run of one side.

    Raises
    ------
    UserError
        No run, or one of the other side.
    """
    run = open_run(Path(path))
    try:
        _ = run.resolved.mouse if side == "acc" else run.resolved.grid
    except UserError as error:
        raise RunDirectoryError(f"{path}: {error}") from None
    return run


def early_late(system: System, value: OfSessions) -> tuple[np.ndarray, np.ndarray]:
    """Mean over the first and over the last third of the sessions of cooperative training [pairs], of a number of learning.csv.

    Thirds are those of the report (`analysis.behaviour.cohort.thirds`): at least one session each; NaN for a pair of fewer than two
    sessions.
    """
    ends = np.full((2, len(system.pairs)), np.nan)
    for place, values in enumerate(system.of_training(value)):
        size = max(1, len(values) // 3)
        if len(values) > 1:
            ends[:, place] = [_mean(third) for third in (values[:size], values[-size:])]
    return ends[0], ends[1]


def _mean(values: np.ndarray) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else float("nan")
