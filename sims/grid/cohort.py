"""A cohort on the grid: independent pairs, saved after every session. On a processor each has a process of its own with one thread; a
graphics card trains as many at once as it holds, in one process."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pandas

from params import Resolved
from sims.execution.processes import run_processes
from sims.grid.environment import device, worker_environment
from sims.grid.episodes import EPISODES, describe
from sims.grid.schedule import sessions_of
from sims.grid.updates import TRAINING


@dataclass(frozen=True)
class GridReport:
    """What the progress display is told after each session of a pair. row: of episodes.csv. sessions: in all."""

    row: dict[str, Any]
    window_steps: int
    sessions: int

    @property
    def pair(self) -> int:
        return int(self.row["pair"])

    @property
    def session(self) -> int:
        return int(self.row["session"])

    @property
    def left(self) -> int:
        return self.sessions - self.session - 1

    @property
    def phase_name(self) -> str:
        return str(self.row["phase"])

    @property
    def window(self) -> str:
        return f"{self.window_steps} step"

    @property
    def divider(self) -> str:
        return str(self.row["divider"])

    @property
    def result(self) -> str:
        return describe(self.row)

    @property
    def collapsed(self) -> bool:
        """Whether an agent had stopped poking, from which training does not recover."""
        return bool(self.row["collapsed"])


class Listener(Protocol):
    """Who is told how a cohort goes."""

    def __call__(self, report: GridReport) -> None:
        """A pair has done a session."""

    def begins(self, at_once: int, said: str) -> None:
        """On a card: how many pairs go together, and that in words."""


def run_grid_cohort(run_dir: Path, resolved: Resolved, pairs: int, workers: int, listener: Listener) -> None:
    """Run every pair of an opened run to the end of its schedule, from its latest checkpoint if it has one.

    Pairs share nothing, so on processors files hold the same bits whatever `workers`, processes at a time, is; a card has one process. The
    first error ends all pairs at once; what they had on disk stays.

    Raises
    ------
    UserError
        What a process said was wrong, or that it ended without a word.
    """

    sessions = len(sessions_of(resolved.grid))

    def hear(_: str, message: dict[str, Any]) -> None:
        if "at_once" in message:
            listener.begins(message["at_once"], message["said"])
            return
        gather(run_dir, pairs)
        for row in message["rows"]:
            listener(GridReport(row, resolved.grid.world.window_steps, sessions))

    populations = {"all pairs": range(pairs)} if device() == "gpu" else {f"pair {index}": [index] for index in range(pairs)}
    commands = {name: ("sims.grid.worker", str(run_dir), *map(str, indices)) for name, indices in populations.items()}
    run_processes(commands, worker_environment(resolved), workers, hear)


def gather(run_dir: Path, pairs: int) -> pandas.DataFrame:
    """Write training.csv and episodes.csv from the pairs' own parts; returns the latter."""
    TRAINING.gather(run_dir, pairs)
    return EPISODES.gather(run_dir, pairs)
