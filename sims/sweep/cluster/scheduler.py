"""What a sweep asks of a cluster's scheduler, whichever it is; and submissions: which points a task of the cluster plays.

A submission is a file, submissions/NNNN.json, so that no process needs to stay alive. Its tasks are numbered from 0; the scheduler
starts them as arrays of jobs, each a stretch of tasks.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

from params.cluster import Cluster
from params.errors import UserError
from recording.atomic import write_text
from sims.sweep.cluster.deaths import deaths
from sims.sweep.point import Point
from sims.sweep.status import typical_s
from sims.sweep.store import SweepDirectory


@dataclass(frozen=True)
class Jobs:
    """An array of jobs. id: the scheduler's. first: its task 0 is this task of the submission. count: of tasks."""

    id: str
    first: int
    count: int


@dataclass(frozen=True)
class Submission:
    """What was submitted at once. tasks: ids of the points of each. jobs: arrays that the scheduler has taken."""

    number: int
    tasks: list[list[str]]
    jobs: list[Jobs] = field(default_factory=list)

    @property
    def name(self) -> str:
        """NNNN."""
        return f"{self.number:04d}"


class Scheduler(Protocol):
    """A cluster's scheduler. SLURM is `sims.sweep.cluster.slurm`; another one needs these three."""

    def submit(self, directory: SweepDirectory, points: Sequence[Point], cluster: Cluster) -> Submission:
        """Start tasks for points."""
        ...

    def queued(self, directory: SweepDirectory) -> set[str]:
        """Ids of the points of tasks that wait or run."""
        ...

    def cancel(self, directory: SweepDirectory, points: Collection[Point] | None = None) -> int:
        """End the tasks of these points, or all; returns how many tasks."""
        ...


def was_submitted(directory: SweepDirectory) -> bool:
    """Whether any of a sweep was ever submitted."""
    return bool(_files(directory))


def packed(directory: SweepDirectory, points: Sequence[Point], cluster: Cluster) -> list[list[str]]:
    """Ids of the points of every task: as many as fill the time that the cluster file says, one while their time is unknown.

    A point during which tasks have died has a task of its own, so that it takes no others with it.
    """
    at_work = directory.at_work()
    alone = [point.id for point in points if point.id in at_work and deaths(directory.work(point))]
    others = [point.id for point in points if point.id not in alone]
    finished = directory.finished()
    time_s = typical_s(directory, [point for point in directory.points() if point.id in finished])
    share = int(cluster.fill_s / time_s) if time_s else 1
    share = max(1, share, -(-len(others) // cluster.tasks))
    return [[each] for each in alone] + [others[at : at + share] for at in range(0, len(others), share)]


def new_submission(directory: SweepDirectory, tasks: list[list[str]]) -> Submission:
    """The next submission, not yet written."""
    taken = [int(path.stem) for path in _files(directory)]
    return Submission(max(taken, default=0) + 1, tasks)


def write_submission(directory: SweepDirectory, submission: Submission) -> None:
    """Write or replace its file."""
    write_text(_folder(directory) / f"{submission.name}.json", json.dumps(asdict(submission)) + "\n")


def read_submission(path: Path) -> Submission:
    """A submission from its file.

    Raises
    ------
    UserError
        It cannot be read, or is damaged.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Submission(found["number"], found["tasks"], [Jobs(**each) for each in found["jobs"]])
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, TypeError, KeyError):
        raise UserError(f"{path}: is damaged; delete it when none of the sweep's jobs is in the queue") from None


def submissions(directory: SweepDirectory) -> list[Submission]:
    """All submissions, the oldest first."""
    return [read_submission(path) for path in _files(directory)]


def tasks_of(directory: SweepDirectory) -> Iterator[tuple[str, int, list[str]]]:
    """Job, index in it and points of every task that was ever submitted."""
    for submission in submissions(directory):
        for jobs in submission.jobs:
            for index in range(jobs.count):
                yield jobs.id, index, submission.tasks[jobs.first + index]


def submission_file(directory: SweepDirectory, number: int, ending: str = "json") -> Path:
    """Path of what belongs to a submission."""
    return _folder(directory) / f"{number:04d}.{ending}"


def _folder(directory: SweepDirectory) -> Path:
    return directory.path / "submissions"


def _files(directory: SweepDirectory) -> list[Path]:
    return sorted(_folder(directory).glob("[0-9]*.json"), key=lambda path: int(path.stem))
