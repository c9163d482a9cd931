"""Tasks of a cluster that die without a word: out of memory, killed, with a lost node.

Who begins a point leaves a marker beside its runs, and removes it at the end, whatever came of it. A marker that is left tells of a death.
It stays as well if time was up before anything new was on disk: such a point would begin again for ever.
"""

import socket
from pathlib import Path

from sims.store.run_lock import locked
from sims.sweep.point import Point
from sims.sweep.store import MOST_ATTEMPTS, Failure, SweepDirectory

PREFIX = "begun-"
TAIL_LINES = 20  # of the last log, in the failure


def deaths(work: Path) -> list[Path]:
    """Markers of the tasks that died at the point of a work directory, the oldest first."""
    return sorted(work.glob(f"{PREFIX}*"), key=lambda path: path.stat().st_mtime)


def leave_marker(work: Path, task: str, log: Path) -> Path:
    """Say that a task begins the point of a work directory, and where it writes its log.

    Raises
    ------
    OSError
        It cannot be written.
    """
    work.mkdir(parents=True, exist_ok=True)
    marker = work / f"{PREFIX}{task}"
    marker.write_text(str(log), encoding="utf-8")
    return marker


def progressed(marker: Path) -> bool:
    """Whether a session, a checkpoint or a summary is on disk that is newer than a marker; both times are the file server's."""
    begun = marker.stat().st_mtime
    made = (
        path for folder in ("*/*/*", "*/summary.json") for path in marker.parent.glob(folder) if not path.name.startswith(".")
    )
    return any(path.stat().st_mtime > begun for path in made)


def park_the_dead(directory: SweepDirectory, point: Point) -> bool:
    """Park a point at which tasks have died too often; returns whether it was.

    Raises
    ------
    BusyError
        Another process works on it: not all of its markers tell of deaths.
    """
    work = directory.work(point)
    if len(deaths(work)) < MOST_ATTEMPTS:
        return False
    with locked(work):
        markers = deaths(work)
        error = (
            f"its task ended {len(markers)} times without a word: out of memory, out of time before a session was over, or killed"
        )
        directory.fail(Failure(point.id, MOST_ATTEMPTS, error, _last_words(markers[-1]), socket.gethostname()))
        for marker in markers:
            marker.unlink()
    return True


def _last_words(marker: Path) -> str:
    """Path and end of the log of a task that died; SLURM writes there why, if it knows."""
    log = Path(marker.read_text(encoding="utf-8"))
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return "\n".join([str(log), *lines[-TAIL_LINES:]])
