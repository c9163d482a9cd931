"""One run as its own report left it: summary.json, learning.csv and neural.csv, read and never computed again."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from analysis.core.run import RunDirectory, RunDirectoryError, open_run
from analysis.core.units import CLOCKS, Clock
from analysis.findings.summary import TrainingSummary, read_summary
from analysis.neural.cohort import EXCESS, CellFindings
from analysis.neural.table import COLUMNS as CELL_COLUMNS
from params.command import command_line
from params.errors import UserError
from params.grid_schema import TrainingPhase
from params.measures import Analysis
from params.schema import Phase
from recording import holds_rates, read_session
from recording.table import Row, TableError, number_or_nan, read_table, whole

SIDES = ("acc", "marl")
KEYS = ("pair", "session", "phase")  # columns that every row of learning.csv is found by


@dataclass(frozen=True, eq=False)
class System:
    """A run and what its report wrote.

    side: of `SIDES`. summary: summary.json. learning: rows of learning.csv. cells: rows of neural.csv of `signal`, the one that
    decides the report's verdicts; no rows and "" where the cells were not analysed.
    """

    side: str
    run: RunDirectory
    summary: TrainingSummary
    learning: list[Row]
    cells: list[Row]
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
            if self.cells
            else f"no neural.csv; {command_line('analysis.report', self.run.path)} makes it if the run kept rates"
        )

    @property
    def cell_findings(self) -> CellFindings | None:
        """What the cells of `signal` show."""
        return self.summary.cells.signals[self.signal].findings if self.cells else None

    @cached_property
    def pairs(self) -> list[int]:
        return sorted({whole(row, "pair") for row in self.learning})

    def training(self, pair: int) -> list[Row]:
        """Rows of learning.csv of a pair's cooperative training, in order."""
        return [row for row in self.learning if whole(row, "pair") == pair and row["phase"].startswith("coop_")]

    @cached_property
    def lengths(self) -> np.ndarray:
        """How long each session of cooperative training that was scheduled is, in lengths of the first [sessions]."""
        schedule = self.run.resolved.params.schedule
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
        name = measure.removesuffix(EXCESS)
        found: dict[int, list[float]] = {pair: [] for pair in self.pairs}
        for row in self.cells:
            if row["measure"] == name and row["stage"] == stage and row["value"]:
                chance = value_of(row, "chance") if measure != name else 0.0
                found[whole(row, "pair")].append(value_of(row, "value") - chance)
        return np.array([np.mean(found[pair]) if found[pair] else np.nan for pair in self.pairs])

    @cached_property
    def units(self) -> int:
        """Cells, or hidden units, of one brain; 0 if no recording kept any."""
        for file in self.run.sessions:
            if holds_rates(file.path):
                rates = read_session(file.path).rates
                return 0 if rates is None else rates.shape[2]
        return 0


def value_of(row: Row, column: str) -> float:
    """A cell of a table; NaN if it is empty or the table has no such column."""
    return number_or_nan(row, column)


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
    learning = read_rows(run, "learning.csv", KEYS)
    if not learning:
        raise RunDirectoryError(
            f"{run.path}/learning.csv: holds no session; {command_line('analysis.report', run.path)} makes it anew"
        )
    signal = next(iter(summary.cells.signals), "")
    rows = read_rows(run, "neural.csv", CELL_COLUMNS) if signal else []
    cells = [row for row in rows if row["signal"] == signal]
    return System(side, run, summary, learning, cells, signal if cells else "")


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


def read_rows(run: RunDirectory, name: str, columns: tuple[str, ...]) -> list[Row]:
    """A table that its report wrote into a run; it must have `columns`, and may have more.

    Raises
    ------
    RunDirectoryError
        There is none, or it lacks a column or is damaged.
    """
    try:
        return read_table(run.path / name, columns)
    except OSError as error:
        raise _unread(run, name, error) from None
    except TableError as error:
        raise RunDirectoryError(f"{error}; {command_line('analysis.report', run.path)} makes it anew") from None


def _unread(run: RunDirectory, name: str, error: OSError) -> RunDirectoryError:
    if isinstance(error, FileNotFoundError):
        return RunDirectoryError(f"{run.path}: has no {name}; {command_line('analysis.report', run.path)} makes it")
    return RunDirectoryError(f"{run.path / name}: cannot be read ({error.strerror})")


def early_late(system: System, value: Callable[[Row], float]) -> tuple[np.ndarray, np.ndarray]:
    """Mean over the first and over the last third of the sessions of cooperative training [pairs], of a number of learning.csv.

    Thirds are those of the report (`analysis.behaviour.cohort.thirds`): at least one session each; NaN for a pair of fewer than two
    sessions.
    """
    ends = np.full((2, len(system.pairs)), np.nan)
    for place, pair in enumerate(system.pairs):
        rows = system.training(pair)
        size = max(1, len(rows) // 3)
        if len(rows) > 1:
            ends[:, place] = [_mean([value(row) for row in third]) for third in (rows[:size], rows[-size:])]
    return ends[0], ends[1]


def _mean(values: list[float]) -> float:
    finite = [each for each in values if np.isfinite(each)]
    return float(np.mean(finite)) if finite else float("nan")
