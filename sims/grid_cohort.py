"""A cohort on the grid: independent pairs, each in a process of its own with one thread, saved after every session."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from params import Resolved
from params.errors import UserError
from sims.episodes import Row, describe, read_rows, rows_path, write_rows
from sims.grid_code import worker_environment


@dataclass(frozen=True)
class GridReport:
    """What the progress display is told after each session of a pair. row: of episodes.csv."""

    row: Row
    window_steps: int

    @property
    def pair(self) -> int:
        return int(self.row["pair"])

    @property
    def session(self) -> int:
        return int(self.row["session"])

    @property
    def phase_name(self) -> str:
        return self.row["phase"]

    @property
    def window(self) -> str:
        return f"{self.window_steps} step"

    @property
    def divider(self) -> str:
        return self.row["divider"]

    @property
    def result(self) -> str:
        return describe(self.row)

    @property
    def collapsed(self) -> bool:
        """Whether an agent had stopped poking, from which training does not recover."""
        return self.row["collapsed"] == "1"


def run_grid_cohort(run_dir: Path, resolved: Resolved, pairs: int, workers: int, listener: Callable[[GridReport], None]) -> None:
    """Run every pair of an opened run to the end of its schedule, from its latest checkpoint if it has one.

    Pairs share nothing, so files hold the same bits whatever `workers` is. The first error ends all pairs at once; what they had on
    disk stays.

    Raises
    ------
    UserError
        What a pair's process said was wrong, or that it ended without a word.
    """
    messages: queue.Queue[tuple[int, str | None]] = queue.Queue()
    waiting, running = list(range(pairs)), dict[int, subprocess.Popen[str]]()
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                index = waiting.pop(0)
                running[index] = _start(run_dir, resolved, index, messages)
            index, line = messages.get()
            if line is None:
                _end(index, running.pop(index))
            else:
                row = _read(line)
                gather(run_dir, pairs)
                listener(GridReport(row, resolved.grid.world.window_steps))
    finally:
        for process in running.values():
            process.kill()
            process.wait()


def gather(run_dir: Path, pairs: int) -> list[Row]:
    """Write episodes.csv from the pairs' own tables; its rows."""
    rows = [row for index in range(pairs) for row in read_rows(rows_path(run_dir, index))]
    write_rows(run_dir / "episodes.csv", rows)
    return rows


def _start(run_dir: Path, resolved: Resolved, index: int, messages: queue.Queue[tuple[int, str | None]]) -> subprocess.Popen[str]:
    """A process for a pair, and a thread that puts (pair, line) for every line it says and (pair, None) at its end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sims.grid_pair", str(run_dir), str(index)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=worker_environment(resolved),
    )

    def pass_on() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            messages.put((index, line))
        messages.put((index, None))

    threading.Thread(target=pass_on, daemon=True).start()
    return process


def _read(line: str) -> Row:
    message: dict[str, Any] = json.loads(line)
    if "error" in message:
        raise UserError(message["error"])
    row: Row = message["row"]
    return row


def _end(index: int, process: subprocess.Popen[str]) -> None:
    code = process.wait()
    if code == 130:
        raise KeyboardInterrupt
    if code:
        raise UserError(
            f"pair {index}: its process ended with exit code {code}; every finished session is kept, --resume goes on"
        )
