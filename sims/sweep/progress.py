"""What a person sees while points are played here: a bar on a terminal, now and then a line elsewhere."""

import sys
import time
from collections import Counter
from contextlib import AbstractContextManager
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from sims.sweep.outcome import Outcome
from sims.sweep.point import Point
from sims.sweep.status import clock
from sims.sweep.store import SweepDirectory

EVERY_S = 10.0  # between lines of a log


class SweepProgress(AbstractContextManager["SweepProgress"]):
    """Counts points; a listener of `LocalPool`."""

    def __init__(self, directory: SweepDirectory, points: int) -> None:
        self._directory, self._points = directory, points
        self._counted: Counter[Outcome] = Counter()
        self._begun = self._said = time.monotonic()
        console = Console(file=sys.stdout, force_terminal=sys.stdout.isatty())
        self._bar = None
        if console.is_terminal and not console.is_dumb_terminal:
            columns = (TextColumn("points"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("left"))
            self._bar = Progress(*columns, TimeRemainingColumn(), console=console)
            self._task = self._bar.add_task("points", total=points)

    def __enter__(self) -> "SweepProgress":
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, point: Point, outcome: Outcome) -> None:
        self._counted[outcome] += 1
        if outcome is not Outcome.DONE:
            self._say(f"point {point.number} ({point.label}) {outcome}{self._why(point, outcome)}")
        if self._bar:
            self._bar.update(self._task, advance=1)
        elif time.monotonic() - self._said > EVERY_S or self._tried == self._points:
            self._said = time.monotonic()
            print(self._line(), flush=True)

    @property
    def _tried(self) -> int:
        return sum(self._counted.values())

    def _say(self, line: str) -> None:
        if self._bar:
            self._bar.console.print(line, highlight=False, soft_wrap=True, markup=False)
        else:
            print(line, flush=True)

    def _why(self, point: Point, outcome: Outcome) -> str:
        failure = self._directory.failure(point) if outcome is Outcome.FAILED else None
        return f": {failure.error}" if failure else ""

    def _line(self) -> str:
        elapsed = time.monotonic() - self._begun
        left = elapsed / self._tried * (self._points - self._tried)
        others = "".join(f", {n} {outcome}" for outcome, n in self._counted.items() if outcome is not Outcome.DONE)
        return f"{self._counted[Outcome.DONE]} of {self._points} points done{others}, left {clock(left)}"
