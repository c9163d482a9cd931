"""What a person sees while a cohort runs: a live table on a terminal, plain lines elsewhere."""

import sys
import threading
import time
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.table import Table

from params.schema import Schedule
from sims.cohort import SessionReport


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def _success(report: SessionReport) -> str:
    if report.planned.phase.task == "solo":
        return f"{report.rewards_per_min:.1f} drinks/min"
    return "no attempt" if report.success is None else f"{report.success:.0%}"


class Progress(AbstractContextManager["Progress"]):
    """Shows per pair the session, window, divider and success, and the time left for all. Use as a listener of `run_cohort`."""

    def __init__(self, schedule: Schedule, pairs: int, stream: TextIO = sys.stdout) -> None:
        self._console = Console(file=stream)
        self._sessions = sum(phase.sessions for _, phase in schedule.phases)
        self._latest: list[SessionReport | None] = [None] * pairs
        self._done = 0.0
        self._begun = time.monotonic()
        self._lock = threading.Lock()
        self._live = Live(self._table(), console=self._console, refresh_per_second=4) if self._console.is_terminal else None

    def __enter__(self) -> "Progress":
        if self._live:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._live:
            self._live.stop()

    def __call__(self, report: SessionReport) -> None:
        with self._lock:
            first = self._latest[report.pair] is None
            self._latest[report.pair] = report
            if first:  # sessions that an earlier run did, or that this one just did, are no guide to the time left
                self._begun = time.monotonic() if self._done == 0 else self._begun
            self._done += 1
            if self._live:
                self._live.update(self._table())
            else:
                self._console.print(self._line(report), highlight=False, soft_wrap=True)

    def _time_left(self) -> str:
        elapsed = time.monotonic() - self._begun
        remaining = sum(self._sessions - (report.planned.session + 1 if report else 0) for report in self._latest)
        return _clock(elapsed / self._done * remaining) if self._done > 1 else "..."

    def _line(self, report: SessionReport) -> str:
        planned = report.planned
        return (
            f"pair {report.pair}  session {planned.session + 1}/{self._sessions}  {planned.phase_name}  "
            f"window {planned.phase.window_s:g} s  {planned.phase.divider}  {_success(report)}  left {self._time_left()}"
        )

    def _table(self) -> Table:
        table = Table(title=f"{len(self._latest)} pairs, at most {self._time_left()} left", title_justify="left")
        for column in ("pair", "session", "phase", "window", "divider", "success"):
            table.add_column(column)
        for pair, report in enumerate(self._latest):
            if report is None:
                table.add_row(str(pair), f"0/{self._sessions}", "", "", "", "")
                continue
            planned = report.planned
            session, window = f"{planned.session + 1}/{self._sessions}", f"{planned.phase.window_s:g} s"
            table.add_row(str(pair), session, planned.phase_name, window, planned.phase.divider, _success(report))
        return table
