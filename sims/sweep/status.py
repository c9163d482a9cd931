"""How far a sweep is: what its files say, read in a second or two for tens of thousands of points."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from statistics import median

from params.errors import UserError
from sims.store.run_lock import is_held
from sims.sweep.point import Point
from sims.sweep.store import Failure, SweepDirectory

SAMPLED = 200  # results that the time of a point is estimated from
SHOWN = 20  # failures that are printed


@dataclass(frozen=True)
class Status:
    """Points by what has become of them, in order of the manifest. running: here or on a cluster; queued: on a cluster; interrupted:
    begun, they go on from their checkpoints; missing: not begun."""

    done: list[Point]
    running: list[Point]
    queued: list[Point]
    interrupted: list[Point]
    failed: list[Point]
    parked: list[Point]
    missing: list[Point]
    failures: dict[str, Failure]

    @property
    def pending(self) -> list[Point]:
        """What is not done, queued or parked: those that were begun first, those that another process seems to be at last."""
        return [*self.interrupted, *self.missing, *self.failed, *self.running]

    @property
    def total(self) -> int:
        return sum(len(each) for each in self.by_name().values())

    def by_name(self) -> dict[str, list[Point]]:
        """State -> its points."""
        names = ("done", "running", "queued", "interrupted", "failed", "parked", "missing")
        return {name: getattr(self, name) for name in names}


def status_of(directory: SweepDirectory, points: Iterable[Point], queued: Collection[str] = ()) -> Status:
    """Sort the points of a sweep. queued: ids that a cluster has yet to finish."""
    finished, failures, begun = directory.finished(), directory.failures(), directory.at_work()
    live = {each for each in begun if is_held(directory.running / each)}
    sorted_in: dict[str, list[Point]] = {name: [] for name in Status.__dataclass_fields__ if name != "failures"}
    for point in points:
        failure = failures.get(point.id)
        if point.id in finished:
            state = "done"
        elif point.id in live:
            state = "running"
        elif point.id in queued:
            state = "queued"
        elif failure is not None:
            state = "parked" if failure.parked else "failed"
        else:
            state = "interrupted" if point.id in begun else "missing"
        sorted_in[state].append(point)
    return Status(**sorted_in, failures=failures)


def typical_s(directory: SweepDirectory, done: list[Point]) -> float | None:
    """Median time of a point, of some of those that are done; None if none is."""
    times = []
    for point in islice(done[:: max(1, len(done) // SAMPLED)], SAMPLED):
        try:
            times.append(float(directory.result(point).cost["wall_s"]))
        except (UserError, KeyError):
            continue
    return median(times) if times else None


def in_words(directory: SweepDirectory, status: Status, workers: int) -> Iterator[str]:
    """The status in lines."""
    yield f"{directory.facts()['name']}: {status.total} points in {directory.path}"
    notes = {
        "interrupted": "go on from their checkpoints",
        "failed": "tried again by resume",
        "parked": "failed three times; resume --failed tries them again",
    }
    for name, points in status.by_name().items():
        if points or name in ("done", "missing"):
            note = notes.get(name, "")
            yield f"  {name:12s}{len(points):7d}{'   ' if note else ''}{note}"
    broken = [*status.failed, *status.parked]
    for point in broken[:SHOWN]:
        failure = status.failures[point.id]
        times = f"{failure.attempts} time{'s' if failure.attempts > 1 else ''}"
        yield f"  point {point.number} ({point.label}) failed {times}, last on {failure.host}: {failure.error}"
    if len(broken) > SHOWN:
        yield f"  and {len(broken) - SHOWN} more, in {directory.failed}"
    for host, fault in directory.faults().items():
        yield f"  machine {host} could not work: {fault}"
    typical, left = typical_s(directory, status.done), status.total - len(status.done) - len(status.parked)
    if typical is not None:
        yield f"  {typical:.0f} s a point" + (
            f", about {clock(typical * left / workers)} left on {workers} cores" if left else ""
        )


def clock(seconds: float) -> str:
    """A time in hours, minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"
