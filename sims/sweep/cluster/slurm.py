"""SLURM as the scheduler of a sweep: sbatch, squeue, scancel and scontrol, and nothing that must stay alive."""

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from acc_cooperation import ROOT
from params.cluster import Cluster
from params.errors import UserError
from recording.atomic import write_text
from sims.sweep.cluster.scheduler import Jobs, Submission, new_submission, packed, submission_file, tasks_of, write_submission
from sims.sweep.point import Point
from sims.sweep.store import SweepDirectory

PATIENCE_S = (1.0, 3.0, 9.0)  # pauses after which a command is tried again: a controller may be busy for a moment
LONGEST_S = 120  # that a command may take
MOST_WORDS = 500  # of one scancel
SCRIPT = """#!/bin/bash
# A task of submission {number} of the sweep in {directory}; $1: the task that is index 0 of this array.
trap '' USR1
export PYTHONPATH={root}${{PYTHONPATH:+:$PYTHONPATH}} PYTHONUNBUFFERED=1 PYTHONIOENCODING=utf-8
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
{lines}
exec {python} -P -m sims.sweep.cluster.task {directory} {number} "$1"
"""


class Slurm:
    """SLURM; see `sims.sweep.cluster.scheduler.Scheduler`."""

    def submit(self, directory: SweepDirectory, points: Sequence[Point], cluster: Cluster) -> Submission:
        """Start tasks for points, as arrays of jobs.

        Raises
        ------
        UserError
            What SLURM said against it, and how many tasks it had taken before.
        """
        most = most_tasks(_run("scontrol", "show", "config"))
        submission = new_submission(directory, packed(directory, points, cluster))
        script = submission_file(directory, submission.number, "sh").absolute()
        write_text(script, script_of(directory, submission, cluster))
        write_submission(directory, submission)
        (directory.path / "logs").mkdir(exist_ok=True)
        arrays = range(0, len(submission.tasks), most)
        for first in arrays:
            count = min(most, len(submission.tasks) - first)
            try:
                said = _run("sbatch", *options_of(directory, submission, cluster, count, len(arrays)), str(script), str(first))
            except UserError as error:
                taken = f"{first} of {len(submission.tasks)} tasks were submitted; python -m sims.sweep resume submits the rest"
                raise UserError(f"{error}; {taken}") from None
            submission.jobs.append(Jobs(said.strip().partition(";")[0], first, count))
            write_submission(directory, submission)
        return submission

    def queued(self, directory: SweepDirectory) -> set[str]:
        """Ids of the points of tasks that wait or run.

        Raises
        ------
        UserError
            The queue cannot be read, which does not mean that it is empty.
        """
        live = _live()
        return {point for job, index, points in tasks_of(directory) if (job, index) in live for point in points}

    def cancel(self, directory: SweepDirectory, points: Collection[Point] | None = None) -> int:
        """End the tasks of these points, or all; other points of the same tasks are ended with them."""
        live = _live()
        wanted = None if points is None else {point.id for point in points}
        ended = [
            f"{job}_{index}"
            for job, index, held in tasks_of(directory)
            if (job, index) in live and (wanted is None or wanted & set(held))
        ]
        for at in range(0, len(ended), MOST_WORDS):
            _run("scancel", *ended[at : at + MOST_WORDS])
        return len(ended)


@dataclass(frozen=True)
class Place:
    """Where in an array of jobs this process runs. restarts: how often the task was put back into the queue."""

    job: str
    index: int
    restarts: int

    @classmethod
    def here(cls, environment: Mapping[str, str] = os.environ) -> "Place":
        """Of this process."""
        restarts = int(environment.get("SLURM_RESTART_COUNT", "0"))
        return cls(environment["SLURM_ARRAY_JOB_ID"], int(environment["SLURM_ARRAY_TASK_ID"]), restarts)

    @property
    def task(self) -> str:
        """As SLURM names it."""
        return f"{self.job}_{self.index}"

    @property
    def life(self) -> str:
        """The task between two stays in the queue."""
        return f"{self.task}-{self.restarts}"

    def log(self, directory: SweepDirectory, submission: int) -> Path:
        """What the task writes its output into; `options_of` says the same to sbatch."""
        return directory.path / "logs" / f"{submission:04d}_{self.task}.log"


def requeue(place: Place) -> None:
    """Put the running task back into the queue; SLURM ends it with SIGTERM.

    Raises
    ------
    UserError
        SLURM refuses.
    """
    _run("scontrol", "requeue", place.task)


def most_tasks(config: str) -> int:
    """Most tasks of an array: MaxArraySize bounds its index, which begins with 0."""
    found = re.search(r"^MaxArraySize\s*=\s*(\d+)", config, re.MULTILINE)
    return max(1, int(found[1])) if found else 1001


def script_of(directory: SweepDirectory, submission: Submission, cluster: Cluster) -> str:
    """What every task of a submission runs."""
    exports = [f'export {name}="{_escaped(value)}"' for name, value in cluster.environment.items()]
    return SCRIPT.format(
        number=submission.number,
        directory=shlex.quote(str(directory.path.absolute())),
        root=shlex.quote(str(ROOT)),
        lines="\n".join([*cluster.setup, *exports]),
        python=cluster.python or shlex.quote(sys.executable),
    )


def _escaped(value: str) -> str:
    """For double quotes of the shell, where $NAME stays a variable."""
    return re.sub(r'([\\"`])', r"\\\1", value)


def options_of(directory: SweepDirectory, submission: Submission, cluster: Cluster, count: int, arrays: int = 1) -> list[str]:
    """Options of sbatch for an array of so many tasks, one of so many that share the throttle."""
    throttle = f"%{max(1, cluster.throttle // arrays)}" if cluster.throttle else ""
    path = directory.path.absolute()
    asked = {
        "job-name": f"{directory.facts()['name']}-{submission.name}",
        "array": f"0-{count - 1}{throttle}",
        "chdir": path,
        "output": f"{str(path).replace('%', '%%')}/logs/{submission.name}_%A_%a.log",
        "open-mode": "append",
        "signal": f"B:USR1@{cluster.warning_s:.0f}",
        "partition": cluster.partition,
        "account": cluster.account,
        "qos": cluster.qos,
        "time": ceil(cluster.time_s / 60),
        "mem": f"{ceil(cluster.memory_mb)}M" if cluster.memory_mb else None,
        "ntasks": 1,
        "cpus-per-task": cluster.cpus,
    }
    said = [f"--{name}={value}" for name, value in asked.items() if value is not None]
    return ["--parsable", "--requeue", *said, *cluster.options]


def _live() -> set[tuple[str, int]]:
    """Job and index of this user's tasks that wait or run."""
    said = _run("squeue", "--noheader", "--array", f"--user={os.getuid()}", "--format=%F %K", again=True)
    pairs = (line.split() for line in said.splitlines())
    return {(pair[0], int(pair[1])) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}


def _run(command: str, *words: str, again: bool = False) -> str:
    """What a command of SLURM says. again: try several times before giving up, where that can do no harm.

    Raises
    ------
    UserError
        It is not installed, or failed, with the last line of what it said.
    """
    for pause in (*(PATIENCE_S if again else ()), None):
        try:
            done = subprocess.run(
                [command, *words], capture_output=True, encoding="utf-8", errors="replace", check=True, timeout=LONGEST_S
            )
            return done.stdout
        except FileNotFoundError:
            raise UserError(f"{command}: is not installed; --engine slurm needs a machine that submits to SLURM") from None
        except subprocess.TimeoutExpired:
            said = f"no answer in {LONGEST_S} s"
        except subprocess.CalledProcessError as error:
            said = (error.stderr.strip().splitlines() or [f"exit code {error.returncode}"])[-1]
        if pause is not None:
            time.sleep(pause)
    raise UserError(f"{command}: {said.removeprefix(f'{command}: ')}")
