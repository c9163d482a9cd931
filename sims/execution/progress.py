"""What a person sees while a cohort runs: a live table on a terminal, plain lines elsewhere."""

import sys
import threading
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol, TextIO

from rich.console import Console
from rich.live import Live
from rich.table import Table


class Report(Protocol):
    """What is shown of a session that a pair has done. session: its number; left: sessions that the pair can still have; the others
    as they are to be printed."""

    @property
    def pair(self) -> int: ...
    @property
    def session(self) -> int: ...
    @property
    def left(self) -> int: ...
    @property
    def phase_name(self) -> str: ...
    @property
    def window(self) -> str: ...
    @property
    def divider(self) -> str: ...
    @property
    def result(self) -> str: ...


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def _of_all(report: Report) -> str:
    """Which session of at most how many."""
    return f"{report.session + 1}/{report.session + 1 + report.left}"


class Progress(AbstractContextManager["Progress"]):
    """Shows per pair the session, window, divider and success, and the time left for all. Use as a listener of `run_cohort`.

    work: of every session that a pair can have, in units that matter only among sessions. workers: pairs played at once. A phase that
    ends early leaves out sessions; the time they would have taken is no longer counted once its pair is in the next.
    """

    def __init__(self, work: Sequence[float], pairs: int, workers: int, stream: TextIO | None = None) -> None:
        stream = stream or sys.stdout
        self._console = Console(file=stream, force_terminal=stream.isatty())
        self._work = work
        self._latest: list[Report | None] = [None] * pairs
        self.at_once(workers)
        self._told = 0
        self._done, self._begun = 0.0, 0.0  # work done since every worker told of its first session, which waited for kernels
        self._lock = threading.Lock()
        self._live = Live(self._table(), console=self._console, refresh_per_second=4) if self._live_here else None

    @property
    def _live_here(self) -> bool:
        """Whether a table can be drawn over itself: on a real terminal that moves its cursor, whatever the shell asks for."""
        return self._console.is_terminal and not self._console.is_dumb_terminal

    def __enter__(self) -> "Progress":
        if self._live:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._live:
            self._live.stop()

    def __call__(self, report: Report) -> None:
        with self._lock:
            self._told += 1
            if self._told > self._workers:
                self._done += self._work[len(self._work) - report.left - 1]
            else:
                self._begun = time.monotonic()
            self._latest[report.pair] = report
            if self._live:
                self._live.update(self._table())
            else:
                self._console.print(self._line(report), highlight=False, soft_wrap=True)

    def at_once(self, pairs: int) -> None:
        """So many pairs are played at once, or all if there are fewer."""
        self._workers = min(pairs, len(self._latest))

    def say(self, line: str) -> None:
        """Print a line among the others, or above the table."""
        self._console.print(line, highlight=False, soft_wrap=True)

    def _time_left(self) -> str:
        """All that is left over the rate so far; at least what the pair with the most left takes, whose worker others cannot help."""
        if not self._done:
            return "..."
        left = [sum(self._work[len(self._work) - report.left :]) if report else sum(self._work) for report in self._latest]
        return _clock((time.monotonic() - self._begun) / self._done * max(sum(left), self._workers * max(left)))

    def _line(self, report: Report) -> str:
        return (
            f"pair {report.pair}  session {_of_all(report)}  {report.phase_name}  "
            f"window {report.window}  {report.divider}  {report.result}  left {self._time_left()}"
        )

    def _table(self) -> Table:
        table = Table(title=f"{len(self._latest)} pairs, at most {self._time_left()} left", title_justify="left")
        for column in ("pair", "session", "phase", "window", "divider", "success"):
            table.add_column(column)
        for pair, report in enumerate(self._latest):
            if report is None:
                table.add_row(str(pair), f"0/{len(self._work)}", "", "", "", "")
                continue
            table.add_row(str(pair), _of_all(report), report.phase_name, report.window, report.divider, report.result)
        return table
