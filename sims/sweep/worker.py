"""A process that plays points of a sweep: `python -m sims.sweep.worker DIR`, started by `sims.sweep.local`.

It reads lines of JSON on stdin, a point each, and says on stdout what came of it. It ends when its stdin does, so that it
does not outlive the process that started it.
"""

import json
import os
import queue
import sys
import threading
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, TextIO

from params.sweep import Sweep, read_sweep
from sims.store.run_lock import is_held
from sims.sweep.attempt import attempt
from sims.sweep.outcome import MachineFault, Outcome
from sims.sweep.point import Point
from sims.sweep.store import LOG, SweepDirectory


def main(path: Path) -> int:
    """Play points until stdin ends."""
    directory = SweepDirectory(path)
    sweep, quick = read_sweep(path / "sweep.toml").sweep, bool(directory.facts()["quick"])
    told = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")  # the work prints elsewhere
    asked: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=_listen, args=(asked,), daemon=True).start()
    _tell(told, {"ready": os.getpid()})
    while True:
        point = Point(**asked.get())
        try:
            outcome = _play(directory, point, sweep, quick)
        except MachineFault as fault:
            directory.note_fault(str(fault))
            _tell(told, {"point": point.number, "fault": str(fault)})
            return 1
        _tell(told, {"point": point.number, "outcome": outcome})


def _listen(asked: "queue.Queue[dict[str, Any]]") -> None:
    for line in sys.stdin:
        asked.put(json.loads(line))
    os._exit(1)


def _tell(told: TextIO, message: dict[str, Any]) -> None:
    print(json.dumps(message), file=told, flush=True)


def _play(directory: SweepDirectory, point: Point, sweep: Sweep, quick: bool) -> str:
    """Play a point; what it prints goes into a log beside its runs, which goes when it is finished."""
    work = directory.work(point)
    if is_held(work):
        return Outcome.BUSY  # and not waited for: there are other points
    try:
        work.mkdir(parents=True, exist_ok=True)
        log = (work / LOG).open("a", encoding="utf-8")
    except OSError as error:
        raise MachineFault(f"{work}: cannot be written ({error.strerror or error})") from None
    with log, redirect_stdout(log), redirect_stderr(log):
        return attempt(directory, point, sweep, quick, workers=1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
