"""The points of a cluster's task, one by one."""

import signal
import socket
from contextlib import suppress
from pathlib import Path

from compute.cores import allotted_cores
from params.errors import UserError
from params.sweep import read_sweep
from sims.store.run_lock import BusyError
from sims.sweep.attempt import MachineFault, Outcome, attempt
from sims.sweep.cluster.deaths import leave_marker, park_the_dead, progressed
from sims.sweep.cluster.scheduler import read_submission, submission_file
from sims.sweep.cluster.slurm import Place
from sims.sweep.cluster.warned import Warned
from sims.sweep.point import Point
from sims.sweep.store import SweepDirectory


def play_points(path: Path, number: int, first: int, warned: Warned) -> int:
    """Play the points of a task; the exit code, as of `sims.sweep.cluster.task`.

    Parameters
    ----------
    path : of the sweep
    number : of the submission
    first : its task that is index 0 of this array
    warned : tells of signals

    Raises
    ------
    KeyboardInterrupt
        After a signal. What was finished is on disk.
    """
    directory, place = SweepDirectory(path), Place.here()
    log = place.log(directory, number)
    try:
        ids = read_submission(submission_file(directory, number)).tasks[first + place.index]
        points = {point.id: point for point in directory.points()}
        outcomes = set()
        for each in ids:
            if each in points:  # the sweep may have changed since it was submitted
                outcomes.add(_tell(directory, points[each], _play(directory, points[each], place, log, warned)))
            if warned.signal is not None:  # the exception was lost in code that swallows them
                raise KeyboardInterrupt
    except UserError as error:
        print(f"error: {error}", flush=True)
        if isinstance(error, MachineFault):
            directory.note_fault(str(error))
        return 2
    if outcomes <= {Outcome.DONE}:
        log.unlink(missing_ok=True)  # what stays in logs/ wants reading
        return 0
    return 1


def _tell(directory: SweepDirectory, point: Point, outcome: Outcome) -> Outcome:
    """Say what came of a point."""
    print(f"point {point.number} ({point.id}): {outcome}", flush=True)
    failure = directory.failure(point)
    if failure is not None:
        print(f"  {failure.error}", flush=True)
    return outcome


def _play(directory: SweepDirectory, point: Point, place: Place, log: Path, warned: Warned) -> Outcome:
    """Play one point, under a marker unless it is done."""
    sweep, quick = read_sweep(directory.path / "sweep.toml").sweep, bool(directory.facts()["quick"])
    if directory.is_done(point):
        return attempt(directory, point, sweep, quick, 1)
    try:
        park_the_dead(directory, point)
        marker = leave_marker(directory.work(point), place.life, log)
    except BusyError:
        return Outcome.BUSY
    except OSError as error:
        raise MachineFault(f"{socket.gethostname()}: {error.filename}: cannot be written ({error.strerror})") from None

    def excuse(heard: signal.Signals) -> None:
        """Remove the marker at once, since SIGKILL may follow before the session is over; not if time is up and nothing was done."""
        if heard is signal.SIGTERM or progressed(marker):
            marker.unlink(missing_ok=True)

    warned.first = excuse
    try:
        return attempt(directory, point, sweep, quick, allotted_cores())
    finally:
        warned.first = None
        if warned.signal is None:
            with suppress(OSError):
                marker.unlink()
