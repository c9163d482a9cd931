"""A sweep on the cores of this machine: processes that play one point after another, handed out by this one."""

import json
import os
import queue
import subprocess
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from acc_cooperation import ROOT
from params.errors import UserError
from params.sweep import Sweep
from sims.sweep.keep import tidy_finished
from sims.sweep.outcome import MachineFault, Outcome
from sims.sweep.point import Point
from sims.sweep.progress import SweepProgress
from sims.sweep.store import LOG, SweepDirectory

ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "SLURM_CPUS_PER_TASK")}
Hear = Callable[[Point, Outcome], None]


@dataclass
class _Worker:
    """A process, and the point it is at."""

    process: subprocess.Popen[str]
    point: Point | None = None
    ready: bool = False


@dataclass
class LocalPool:
    """Processes that play points; `run` hands the points out. hear: is told of each point what came of it."""

    directory: SweepDirectory
    workers: int
    hear: Hear
    _messages: "queue.Queue[tuple[_Worker, dict[str, Any] | None]]" = field(default_factory=queue.Queue)
    _alive: list[_Worker] = field(default_factory=list)
    _waiting: deque[Point] = field(default_factory=deque)
    _counted: Counter[Outcome] = field(default_factory=Counter)
    _fault: str = ""

    def run(self, points: Sequence[Point]) -> Counter[Outcome]:
        """Try every point once; how many came to what.

        Raises
        ------
        MachineFault
            This machine cannot do the work; other points were left as they are.
        UserError
            No process could be started.
        """
        self._waiting.extend(points)
        try:
            for _ in range(min(self.workers, len(points))):
                self._start()
            while self._alive:
                worker, message = self._messages.get()
                if message is None:
                    self._ended(worker)
                else:
                    self._heard(worker, message)
        finally:
            for worker in self._alive:
                worker.process.kill()
                worker.process.wait()
        if self._fault:
            raise MachineFault(self._fault)
        return self._counted

    def _start(self) -> None:
        worker = _Worker(_process(self.directory))
        self._alive.append(worker)

        def pass_on() -> None:
            assert worker.process.stdout is not None
            for line in worker.process.stdout:
                self._messages.put((worker, json.loads(line)))
            self._messages.put((worker, None))

        threading.Thread(target=pass_on, daemon=True).start()

    def _heard(self, worker: _Worker, message: dict[str, Any]) -> None:
        if "fault" in message:
            self._fault, worker.point = message["fault"], None
            return
        if worker.point is not None:
            self._count(worker.point, Outcome(message["outcome"]))
        worker.ready, worker.point = True, None
        self._hand_out(worker)

    def _hand_out(self, worker: _Worker) -> None:
        """Give a process its next point, or let it end."""
        assert worker.process.stdin is not None
        try:
            if self._waiting and not self._fault:
                point = self._waiting.popleft()
                worker.point = point
                print(json.dumps(asdict(point)), file=worker.process.stdin, flush=True)
            else:
                worker.process.stdin.close()
        except OSError:
            pass  # it has ended, as will be heard

    def _ended(self, worker: _Worker) -> None:
        """A process is gone: with its work done, or killed at a point, which has then failed once."""
        self._alive.remove(worker)
        code, point = worker.process.wait(), worker.point
        if not worker.ready:
            raise UserError(f"a process of the sweep ended with exit code {code} before it began; what it said stands above")
        if point is None:
            return
        self.directory.count_failure(point, f"its process ended with exit code {code}", _last_lines(self.directory, point))
        self._count(point, Outcome.FAILED)
        if self._waiting:
            self._start()

    def _count(self, point: Point, outcome: Outcome) -> None:
        self._counted[outcome] += 1
        self.hear(point, outcome)


def play_here(directory: SweepDirectory, sweep: Sweep, points: Sequence[Point], workers: int) -> Counter[Outcome]:
    """Try every point once, so many at the same time; how many came to what.

    Raises
    ------
    UserError
        As `LocalPool.run`.
    """
    with SweepProgress(directory, len(points)) as progress:
        counted = LocalPool(directory, workers, progress).run(points)
    tidy_finished(directory, sweep)
    return counted


def _process(directory: SweepDirectory) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])  # -P: not the user's own folder
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "sims.sweep.worker", str(directory.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=os.environ | ONE_THREAD | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
    )


def _last_lines(directory: SweepDirectory, point: Point) -> str:
    """The end of what a point printed."""
    try:
        return (directory.work(point) / LOG).read_text(encoding="utf-8", errors="replace")[-2000:]
    except OSError:
        return ""
