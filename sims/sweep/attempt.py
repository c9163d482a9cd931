"""One attempt at a point: locked, played, and written down, whatever comes of it."""

import errno
import os
import socket
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from compute.memory import peak_mb
from params.errors import UserError
from params.sweep import Sweep
from sims.store.run_lock import NAME, BusyError, locked
from sims.sweep.keep import leave, tidy
from sims.sweep.outcome import MachineFault, Outcome
from sims.sweep.play import play
from sims.sweep.point import Point
from sims.sweep.store import SweepDirectory

# what a machine may lack, whatever point it works on
_NAMES = (  # not all of them everywhere
    *("ENOSPC", "EDQUOT", "EROFS", "EIO", "EACCES", "EPERM", "ESTALE", "ENODEV", "EMFILE"),
    *("ENOTCONN", "ETIMEDOUT", "EHOSTDOWN", "ENXIO", "EREMOTEIO", "EUCLEAN"),
)
OF_THE_MACHINE = {getattr(errno, name) for name in _NAMES if hasattr(errno, name)}
PROBE_BYTES = 1 << 16


def attempt(directory: SweepDirectory, point: Point, sweep: Sweep, quick: bool, workers: int) -> Outcome:
    """Play a point that is not finished or parked, and write its result or its failure.

    Raises
    ------
    MachineFault
        The disk is full or cannot be written; the point is as it was.
    KeyboardInterrupt
        From a signal. What was finished is on disk, and the next attempt goes on from there.
    """
    work = directory.work(point)
    if directory.is_done(point) and not work.exists():
        return Outcome.DONE
    before = directory.failure(point)
    if before is not None and before.parked:
        return Outcome.PARKED
    try:
        _probe(work)
        with locked(work):
            outcome = _attempt(directory, point, sweep, quick, workers)
            if outcome is Outcome.DONE:
                tidy(directory, point, sweep)
    except BusyError:
        return Outcome.BUSY
    except UserError as error:  # of the lock, or of what is kept
        raise MachineFault(f"{socket.gethostname()}: {error}") from None
    leave(work)
    return outcome


def _attempt(directory: SweepDirectory, point: Point, sweep: Sweep, quick: bool, workers: int) -> Outcome:
    if directory.is_done(point):  # by another process, a moment ago
        return Outcome.DONE
    work = directory.work(point)
    try:
        with _costs(work) as cost:
            result = play(point, work, quick, sweep.keep, workers)
        directory.finish(point, replace(result, cost=cost))
        return Outcome.DONE
    except Exception as error:
        if _is_of_the_machine(error):
            raise MachineFault(_last_line(error)) from None
        _probe(work)  # a process of an agent's pair says no more of an error than its words
        directory.count_failure(point, _last_line(error), traceback.format_exc())
        return Outcome.FAILED


def _probe(work: Path) -> None:
    """Write a little where the point will; raises MachineFault if that cannot be."""
    for patience in (2, 1, 0):
        try:
            work.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=work) as file:
                file.write(bytes(PROBE_BYTES))
                file.flush()
            return
        except FileNotFoundError as error:  # another process has just finished the point, and removed it
            if not patience:
                raise MachineFault(f"{work}: cannot be written ({error.strerror})") from None
        except OSError as error:
            raise MachineFault(f"{work}: cannot be written ({error.strerror or error})") from None


def _is_of_the_machine(error: BaseException | None) -> bool:
    """Whether an error, or what led to it, says that the machine is at fault."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in OF_THE_MACHINE:
            return True
        error = error.__cause__ or error.__context__
    return False


def _last_line(error: Exception) -> str:
    if isinstance(error, UserError):
        return str(error)
    return traceback.format_exception_only(error)[-1].strip()


@contextmanager
def _costs(work: Path) -> Iterator[dict[str, Any]]:
    """What a point took: wall and processor time, peak memory of this process so far, disk and files before it is tidied."""
    cost: dict[str, Any] = {"host": socket.gethostname()}
    begun, cpu = time.monotonic(), _cpu_s()
    yield cost
    sizes = [path.stat().st_size for path in work.rglob("*.*") if path.is_file() and path.name != NAME]
    cost |= {"wall_s": round(time.monotonic() - begun, 3), "cpu_s": round(_cpu_s() - cpu, 3), "peak_mb": round(peak_mb(), 1)}
    cost |= {"disk_mb": round(sum(sizes) / 1e6, 3), "files": len(sizes)}


def _cpu_s() -> float:
    """Of this process and of the ended ones that it began."""
    return sum(os.times()[:4])
