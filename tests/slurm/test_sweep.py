"""A sweep on a real SLURM, in fair weather and foul: its numbers are those of the same points played here, to the last bit."""

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from params.cluster import Cluster
from sims.sweep.cluster.deaths import deaths
from sims.sweep.cluster.slurm import Slurm
from sims.sweep.point import Point
from sims.sweep.store import MOST_ATTEMPTS
from tests.machines.shell import ROOT
from tests.slurm.conftest import PATIENCE_S, Begun, Machine, said, until


def test_twenty_points_in_arrays_of_which_half_are_cancelled(begun: Begun, points: list[Point], cluster: Cluster) -> None:
    """The first says how long a point takes; the others are packed, into more tasks than an array may hold (two)."""
    begun.submit(points[:1], cluster)
    assert Slurm().queued(begun.directory) == {points[0].id}
    begun.wait()
    begun.assert_same(points[:1])
    packed = cluster.model_copy(update={"fill_s": 7.5 * begun.directory.result(points[0]).cost["wall_s"]})
    submission = begun.submit(points[1:], packed)
    assert [len(task) for task in submission.tasks] == [7, 7, 5]
    assert [(jobs.first, jobs.count) for jobs in submission.jobs] == [(0, 2), (2, 1)]
    assert Slurm().cancel(begun.directory, points[10:]) == 2  # tasks, with all their points
    until(lambda: Slurm().queued(begun.directory) <= {point.id for point in points[:8]}, "the others are gone")
    begun.wait()
    begun.assert_same(points[:8])
    assert begun.directory.finished() == {point.id for point in points[:8]}
    begun.submit(points[8:], packed)
    begun.wait()
    begun.assert_same(points)
    left = {path.name for path in begun.directory.path.iterdir()}
    assert left == {"sweep.toml", "sweep.json", "manifest.jsonl", "results", "running", "submissions", "logs"}
    assert not begun.directory.at_work()


def test_a_partition_that_comes_first(begun: Begun, points: list[Point], cluster: Cluster) -> None:
    """The task is told to go, is put back into the queue, and goes on from its checkpoint."""
    begun.submit(points[:1], cluster)
    begun.freeze(points[0])
    sessions = begun.sessions(points[0])
    said("sbatch", "--partition=urgent", "--exclusive", "--output=/dev/null", "--wrap=sleep 0")
    begun.process_ends()
    assert "stopped by SIGTERM" in begun.logs()
    assert begun.sessions(points[0]).items() >= sessions.items()  # kept as they were
    assert not deaths(begun.directory.work(points[0]))
    begun.wait()
    begun.assert_same(points[:1])


def test_a_time_limit_shorter_than_the_point(begun: Begun, points: list[Point], cluster: Cluster) -> None:
    """The task is warned, and puts itself back into the queue."""
    (jobs,) = begun.submit(points[:1], cluster).jobs
    begun.freeze(points[0])
    said("scontrol", "update", f"JobId={jobs.id}_0", "TimeLimit=2")
    begun.process_ends()
    assert "stopped by SIGUSR1" in begun.logs()
    begun.wait()
    begun.assert_same(points[:1])


def test_slurmd_is_killed(begun: Begun, points: list[Point], cluster: Cluster) -> None:
    """The task does not notice."""
    begun.submit(points[:1], cluster)
    pid = begun.freeze(points[0])
    begun.machine.kill("slurmd")
    os.kill(pid, signal.SIGCONT)
    until(lambda: begun.directory.is_done(points[0]), "the point is done")
    begun.machine.start_node()
    begun.wait()
    begun.assert_same(points[:1])


@pytest.mark.slow
def test_a_node_is_lost(begun: Begun, points: list[Point], cluster: Cluster) -> None:
    """With all that ran there. SLURM puts the task back into the queue when the node returns."""
    begun.submit(points[:1], cluster)
    pid = begun.freeze(points[0])
    sessions = begun.sessions(points[0])
    begun.machine.kill("slurmd")
    os.kill(begun.parent(pid), signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    until(lambda: begun.task_runs_for_s() > 14, "BatchStartTimeout + 10 s, after which SLURM believes that a job is missing")
    begun.machine.start_node()
    until(lambda: "node failure" in begun.machine.log(), "the job is missing")
    assert len(deaths(begun.directory.work(points[0]))) == 1
    assert begun.sessions(points[0]).items() >= sessions.items()
    begun.wait()
    begun.assert_same(points[:1])


@pytest.mark.slow
def test_a_point_at_which_tasks_die_is_parked(begun: Begun, points: list[Point], cluster: Cluster) -> None:
    """It has a task of its own from the second time on, and takes no other point with it."""
    packed = cluster.model_copy(update={"tasks": 1})
    for attempt in range(MOST_ATTEMPTS):
        submission = begun.submit(points[:2] if attempt == 0 else points[:1], packed)
        assert submission.tasks[0][0] == points[0].id
        until(lambda before=attempt: len(deaths(begun.directory.work(points[0]))) > before, "the point is begun")
        os.kill(begun.process(), signal.SIGKILL)
        begun.wait()
    submission = begun.submit(points[:2], packed)
    assert submission.tasks == [[points[0].id], [points[1].id]]
    begun.wait()
    failure = begun.directory.failure(points[0])
    assert failure is not None
    assert failure.parked
    assert "3 times without a word" in failure.error
    assert ".log" in failure.detail
    assert "parked" in begun.logs()
    begun.assert_same(points[1:2])


def test_a_task_uses_the_cores_that_it_was_given(machine: Machine, tmp_path: Path) -> None:
    ask = shlex.join([sys.executable, "-c", "from compute.cores import allotted_cores; print(allotted_cores())"])
    out = tmp_path / "cores"
    subprocess.run(
        ["sbatch", "--wait", "--cpus-per-task=1", f"--output={out}", f"--chdir={ROOT}", f"--wrap={ask}"],
        check=True,
        timeout=PATIENCE_S,
    )
    assert out.read_text() == "1\n"
