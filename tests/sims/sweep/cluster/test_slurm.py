"""What the sweep says to SLURM, with commands that only pretend; and a cluster's task that has no cluster around it."""

import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from params.cluster import Cluster, read_cluster
from params.errors import UserError
from params.sweep import SweepFile, read_sweep
from sims.store.run_lock import locked
from sims.sweep.cluster import slurm, task_points
from sims.sweep.cluster.deaths import deaths, leave_marker
from sims.sweep.cluster.scheduler import packed, submission_file, submissions
from sims.sweep.cluster.slurm import Place, Slurm, most_tasks, options_of, script_of
from sims.sweep.cluster.task import main
from sims.sweep.cluster.warned import Warned
from sims.sweep.outcome import MachineFault, Outcome
from sims.sweep.point import Point, points_of
from sims.sweep.store import MOST_ATTEMPTS, Failure, Result, SweepDirectory

SWEEP = 'description = "seeds alone"\ncondition = "coop_3s"\nseeds = 10\n'
Says = Callable[..., Path]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> SweepFile:
    path = tmp_path_factory.mktemp("file") / "many seeds.toml"
    path.write_text(SWEEP)
    return read_sweep(path)


@pytest.fixture(scope="module")
def points(file: SweepFile) -> list[Point]:
    return points_of(file, quick=True)


@pytest.fixture
def directory(tmp_path: Path, file: SweepFile, points: list[Point]) -> SweepDirectory:
    found = SweepDirectory(tmp_path / "sweep")
    found.begin(file, True, points)
    return found


@pytest.fixture
def cluster() -> Cluster:
    return read_cluster("example")


@pytest.fixture
def says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Says:
    """Make a command say something, or fail; returns the file that its words go into, a line a call."""
    monkeypatch.setattr(slurm, "PATIENCE_S", (0.0, 0.0))
    (tmp_path / "bin").mkdir()
    for name in ("bash", "cat", "printf", "touch"):
        (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))
    monkeypatch.setenv("PATH", f"{tmp_path}/bin")

    def say(command: str, text: str, shell: str = "") -> Path:
        called, path = tmp_path / f"{command}.called", tmp_path / "bin" / command
        path.write_text(f'#!/bin/sh\necho "$*" >> {called}\n{shell}\ncat <<END\n{text}\nEND\n')
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return called

    return say


def finish(directory: SweepDirectory, point: Point, wall_s: float = 60.0) -> None:
    directory.finish(point, Result(point.id, point.digest, point.seed, "0", "cpu", {}, {"wall_s": wall_s}))


def test_points_are_packed(directory: SweepDirectory, points: list[Point], cluster: Cluster) -> None:
    """One a task while their time is unknown, then as many as fill 30 minutes; no more tasks than the cluster takes."""
    ids = [point.id for point in points]
    assert packed(directory, points, cluster) == [[each] for each in ids]
    assert packed(directory, points, cluster.model_copy(update={"tasks": 3})) == [ids[:4], ids[4:8], ids[8:]]
    finish(directory, points[0], 590.0)
    assert packed(directory, points[1:], cluster) == [ids[1:4], ids[4:7], ids[7:]]
    leave_marker(directory.work(points[2]), "7_0-0", Path("log"))
    assert packed(directory, points[1:5], cluster) == [[ids[2]], [ids[1], ids[3], ids[4]]]


def test_arrays_hold_no_more_than_slurm_allows(
    directory: SweepDirectory, points: list[Point], cluster: Cluster, says: Says
) -> None:
    says("scontrol", "MaxArraySize            = 4\nMaxDBDMsgs = 20004")
    called = says("sbatch", "12;cluster")
    submission = Slurm().submit(directory, points, cluster)
    assert [(jobs.id, jobs.first, jobs.count) for jobs in submission.jobs] == [("12", 0, 4), ("12", 4, 4), ("12", 8, 2)]
    assert submissions(directory) == [submission]
    lines = called.read_text().splitlines()
    assert ["--array=0-3%33" in line for line in lines] == [True, True, False]
    for word in ("--partition=short", "--account=lab", "--time=240", "--mem=4096M", "--cpus-per-task=2", "--signal=B:USR1@300"):
        assert all(word in line for line in lines)
    assert all("--constraint=avx2" in line and "--qos" not in line for line in lines)
    assert most_tasks("") == 1001


def test_what_sbatch_refuses_is_said_and_what_it_took_is_kept(
    directory: SweepDirectory, points: list[Point], cluster: Cluster, says: Says
) -> None:
    says("scontrol", "MaxArraySize = 4")
    refuse = 'test -e $0.once && { echo "sbatch: error: QOSMaxSubmitJobPerUserLimit" >&2; exit 1; }; touch $0.once'
    says("sbatch", "12", refuse)
    with pytest.raises(UserError, match=r"^sbatch: error: QOSMaxSubmitJobPerUserLimit; 4 of 10 tasks were submitted; .*resume"):
        Slurm().submit(directory, points, cluster)
    says("squeue", "12 0\n12 3\n13 1\n12 N/A\n")
    assert Slurm().queued(directory) == {points[0].id, points[3].id}
    ended = says("scancel", "")
    assert Slurm().cancel(directory, points[3:]) == 1
    assert Slurm().cancel(directory) == 2
    assert ended.read_text() == "12_3\n12_0 12_3\n"


def test_without_slurm(directory: SweepDirectory, points: list[Point], cluster: Cluster, says: Says) -> None:
    with pytest.raises(UserError, match=r"^scontrol: is not installed; --engine slurm needs a machine that submits to SLURM$"):
        Slurm().submit(directory, points, cluster)
    assert not (directory.path / "submissions").exists()


def test_a_queue_that_cannot_be_read_is_not_an_empty_queue(directory: SweepDirectory, says: Says) -> None:
    moment = 'test -e $0.once || { touch $0.once; echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1; }'
    called = says("squeue", "", moment)
    assert Slurm().queued(directory) == set()
    assert len(called.read_text().splitlines()) == 2
    says("squeue", "", "echo slurm_load_jobs error: Unable to contact slurm controller >&2; exit 1")
    with pytest.raises(UserError, match=r"^squeue: slurm_load_jobs error: Unable to contact slurm controller$"):
        Slurm().queued(directory)


def test_the_script_keeps_strange_names_together(
    directory: SweepDirectory, points: list[Point], cluster: Cluster, says: Says
) -> None:
    says("scontrol", "")
    says("sbatch", "1")
    odd = SweepDirectory(directory.path.rename(directory.path.parent / "it's 5 % of $HOME"))
    python = 'printf \'%s\\n\' "$CACHE" "$ODD" "$PYTHONPATH"'
    environment = {"CACHE": "$TMPDIR/acc", "ODD": 'a "b" `c`'}
    asked = cluster.model_copy(update={"setup": ["TMPDIR=/tmp/here"], "environment": environment, "python": python})
    submission = Slurm().submit(odd, points, asked)
    script = submission_file(odd, submission.number, "sh")
    lines = os.popen(f'bash "{script}" 3'.replace("$", "\\$")).read().splitlines()
    assert lines[:2] == ["/tmp/here/acc", 'a "b" `c`']
    assert lines[-3:] == [str(odd.path), "1", "3"]
    assert f"--output={odd.path.parent}/it's 5 %% of $HOME/logs/0001_%A_%a.log" in options_of(odd, submission, asked, 1)
    assert script_of(odd, submission, cluster).startswith("#!/bin/bash\n")


@pytest.fixture
def task(
    directory: SweepDirectory, points: list[Point], cluster: Cluster, says: Says, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], int]:
    """A task of all points, run here."""
    says("scontrol", "")
    says("sbatch", "9")
    Slurm().submit(directory, points, cluster.model_copy(update={"tasks": 1}))
    monkeypatch.setenv("SLURM_ARRAY_JOB_ID", "9")
    monkeypatch.setenv("SLURM_ARRAY_TASK_ID", "0")
    monkeypatch.setattr("sims.sweep.cluster.warned.signal.signal", lambda *_: None)
    Place.here().log(directory, 1).touch()
    return lambda: main(str(directory.path), "1", "0")


def playing(directory: SweepDirectory, played: list[int], monkeypatch: pytest.MonkeyPatch, fault: int = -1) -> None:
    """Points are played in no time; number 2 fails, and at number `fault` the machine does."""

    def attempt(_: SweepDirectory, point: Point, *__: object) -> Outcome:
        failure = directory.failure(point)
        if failure is not None and failure.parked:
            return Outcome.PARKED
        if directory.is_done(point):
            return Outcome.DONE
        assert len(deaths(directory.work(point))) >= 1  # its own marker
        played.append(point.number)
        if point.number == fault:
            raise MachineFault("node7: the disk is full")
        if point.number == 2:
            directory.fail(Failure(point.id, 1, "it was too small", "", "node7"))
            return Outcome.FAILED
        finish(directory, point)
        return Outcome.DONE

    monkeypatch.setattr(task_points, "attempt", attempt)


def test_a_task_plays_its_points(
    directory: SweepDirectory, points: list[Point], task: Callable[[], int], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    played: list[int] = []
    playing(directory, played, monkeypatch)
    with locked(directory.work(points[3])):
        for _ in range(MOST_ATTEMPTS):
            leave_marker(directory.work(points[3]), f"{_}", Path("log"))
        assert task() == 1
    assert played == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    said = capsys.readouterr().out
    assert f"point 2 ({points[2].id}): failed\n  it was too small" in said
    assert f"point 3 ({points[3].id}): busy" in said
    assert Place.here().log(directory, 1).exists()
    assert not deaths(directory.work(points[0]))
    directory.forgive([points[2].id])
    finish(directory, points[2])
    assert task() == 1
    failure = directory.failure(points[3])
    assert failure is not None
    assert failure.parked
    directory.forgive([points[3].id])
    assert not deaths(directory.work(points[3]))
    assert task() == 0
    assert not Place.here().log(directory, 1).exists()


def test_a_fault_of_the_machine_ends_the_task(
    directory: SweepDirectory, points: list[Point], task: Callable[[], int], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    played: list[int] = []
    playing(directory, played, monkeypatch, fault=1)
    assert task() == 2
    assert played == [0, 1]
    assert capsys.readouterr().out.endswith("error: node7: the disk is full\n")
    assert directory.finished() == {points[0].id}
    assert not directory.failures()
    assert not deaths(directory.work(points[1]))


def test_a_work_directory_that_cannot_be_made(
    directory: SweepDirectory, task: Callable[[], int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    playing(directory, [], monkeypatch)
    directory.running.touch()
    assert task() == 2
    assert "cannot be written" in capsys.readouterr().out


@pytest.mark.parametrize(("number", "progress", "left"), [(15, False, 0), (10, True, 0), (10, False, 1)])
def test_a_marker_stays_if_time_is_up_and_nothing_was_done(
    directory: SweepDirectory, points: list[Point], task: Callable[[], int], monkeypatch: pytest.MonkeyPatch, says: Says,
    number: int, progress: bool, left: int,
) -> None:  # fmt: skip
    warned = Warned()
    called = says("scontrol", "")

    def attempt(_: SweepDirectory, point: Point, *__: object) -> Outcome:
        sessions = directory.work(point) / "train" / "sessions"
        sessions.mkdir(parents=True)
        if progress:
            (sessions / "one.h5").touch()
            os.utime(sessions / "one.h5", (2e9, 2e9))
        warned._hear(number, None)
        return Outcome.DONE

    monkeypatch.setattr(task_points, "attempt", attempt)
    monkeypatch.setattr("sims.sweep.cluster.task.Warned", lambda: warned)
    assert task() == (0 if number == 10 else 128 + 15)
    assert len(deaths(directory.work(points[0]))) == left
    assert ("requeue 9_0" in called.read_text()) == (number == 10)


def test_a_damaged_submission_says_so(directory: SweepDirectory, says: Says) -> None:
    says("squeue", "")
    path = submission_file(directory, 1)
    path.parent.mkdir()
    path.write_text(json.dumps({"number": 1}))
    with pytest.raises(UserError, match="is damaged"):
        Slurm().queued(directory)
