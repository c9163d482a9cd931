"""What stays on disk of a finished point beside its numbers."""

import shutil
from contextlib import suppress
from pathlib import Path

from params.errors import UserError
from params.sweep import Sweep
from sims.store.run_lock import NAME, BusyError, locked
from sims.sweep.point import Point
from sims.sweep.store import SweepDirectory


def tidy(directory: SweepDirectory, point: Point, sweep: Sweep) -> None:
    """Keep of a finished point what the sweep file asks for, and remove the rest but the lock, which is the caller's.

    Raises
    ------
    UserError
        A file cannot be moved or removed.
    """
    work, kept = directory.work(point), directory.kept(point)
    try:
        for path in work.iterdir():
            if path.is_dir() and sweep.keep:
                _strip(path, sweep)
                kept.mkdir(parents=True, exist_ok=True)
                shutil.rmtree(kept / path.name, ignore_errors=True)
                path.rename(kept / path.name)
            elif path.is_dir():
                shutil.rmtree(path)
            elif path.name != NAME:
                path.unlink()
    except OSError as error:
        raise UserError(f"{work}: cannot be tidied ({error.strerror or error})") from None


def leave(work: Path) -> None:
    """Remove the directory of a tidied point once its lock is let go, unless another process has come in."""
    with suppress(OSError):
        work.rmdir()


def tidy_finished(directory: SweepDirectory, sweep: Sweep) -> None:
    """Tidy finished points whose process was killed before it could; those that a process still holds are left."""
    left = directory.at_work() & directory.finished()
    for point in directory.points() if left else ():
        if point.id in left:
            with suppress(BusyError), locked(directory.work(point)):
                tidy(directory, point, sweep)
            leave(directory.work(point))


def _strip(run_dir: Path, sweep: Sweep) -> None:
    """Leave of a run what is kept of it."""
    parts = {"recordings": ["sessions"], "checkpoints": ["checkpoints"], "reports": ["figures", "report.html"]}
    for name, paths in parts.items():
        for path in paths if name not in sweep.keep else ():
            shutil.rmtree(run_dir / path, ignore_errors=True)
            if (run_dir / path).is_file():
                (run_dir / path).unlink()
