"""A task of a cluster: it plays the points that a submission gives it, `python -m sims.sweep.task DIR SUBMISSION FIRST`.

FIRST: task of the submission that is index 0 of this array. SIGUSR1 says that time is nearly up: the task goes back into the queue.
SIGTERM says that the task must go: the scheduler sends it back into the queue, or its points are missing and submitted again by
`resume`. After both, what was finished is on disk, and the next task goes on from there.
"""

import signal
import socket
import sys
from pathlib import Path
from types import FrameType

from compute.cores import allotted_cores
from params.errors import UserError
from params.sweep import Sweep, read_sweep
from sims.store.run_lock import BusyError
from sims.sweep.attempt import MachineFault, Outcome, Stopped, attempt
from sims.sweep.deaths import leave_marker, park_the_dead, progressed
from sims.sweep.point import Point
from sims.sweep.scheduler import read_submission, submission_file
from sims.sweep.slurm import Place, requeue
from sims.sweep.store import SweepDirectory


class Warned:
    """What the scheduler has said to this process: the first signal counts, later ones are part of the same end."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self.marker: Path | None = None  # of the point under way
        for each in (signal.SIGTERM, signal.SIGUSR1):
            signal.signal(each, self._hear)

    def _hear(self, number: int, _: FrameType | None) -> None:
        if self.signal is None:
            self.signal = number
            if self.marker is not None and (number == signal.SIGTERM or progressed(self.marker)):
                self.marker.unlink(missing_ok=True)  # at once: SIGKILL may follow before the session is over
            raise Stopped

    @property
    def of_time(self) -> bool:
        """Whether time is nearly up."""
        return self.signal == signal.SIGUSR1


def main(arguments: list[str]) -> int:
    """Play the points; the exit code: 0 done, 1 a point failed, 2 a fault of the machine or of what was given, 128 + signal stopped."""
    warned, place = Warned(), Place.here()
    directory, number, first = SweepDirectory(Path(arguments[0])), int(arguments[1]), int(arguments[2])
    log = place.log(directory, number)
    try:
        outcomes = _play_all(directory, number, first + place.index, log, place, warned)
    except KeyboardInterrupt:
        print(f"stopped by {signal.Signals(warned.signal or signal.SIGINT).name}", flush=True)
        return _requeued(place) if warned.of_time else 128 + (warned.signal or signal.SIGINT)
    except UserError as error:
        print(f"error: {error}", flush=True)
        return 2
    if outcomes <= {Outcome.DONE}:
        log.unlink(missing_ok=True)  # what stays in logs/ wants reading
        return 0
    return 1


def _requeued(place: Place) -> int:
    """Exit code after the task has asked to be put back into the queue."""
    try:
        requeue(place)
    except UserError as error:
        print(f"error: {error}; python -m sims.sweep resume submits what is missing", flush=True)
        return 1
    return 0


def _play_all(directory: SweepDirectory, number: int, task: int, log: Path, place: Place, warned: Warned) -> set[Outcome]:
    sweep, quick = read_sweep(directory.path / "sweep.toml").sweep, bool(directory.facts()["quick"])
    ids = read_submission(submission_file(directory, number)).tasks[task]
    points = {point.id: point for point in directory.points()}
    outcomes = set()
    for each in ids:
        if each not in points:
            print(f"point {each}: is no longer in the manifest", flush=True)
            continue
        outcome = _play(directory, points[each], sweep, quick, log, place, warned)
        print(f"point {points[each].number} ({each}): {outcome}", flush=True)
        if outcome in (Outcome.FAILED, Outcome.PARKED) and (failure := directory.failure(points[each])):
            print(f"  {failure.error}", flush=True)
        outcomes.add(outcome)
        if warned.signal is not None:  # the exception was lost in code that swallows them
            raise Stopped
    return outcomes


def _play(directory: SweepDirectory, point: Point, sweep: Sweep, quick: bool, log: Path, place: Place, warned: Warned) -> Outcome:
    """Play one point under a marker."""
    if not directory.is_done(point):
        try:
            park_the_dead(directory, point)
            warned.marker = leave_marker(directory.work(point), place.life, log)
        except BusyError:
            return Outcome.BUSY
        except OSError as error:
            raise MachineFault(f"{socket.gethostname()}: {error.filename}: cannot be written ({error.strerror})") from None
    try:
        return attempt(directory, point, sweep, quick, allotted_cores())
    finally:
        if warned.marker is not None and not warned.of_time:
            warned.marker.unlink(missing_ok=True)
        warned.marker = None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
