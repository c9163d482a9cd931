"""The command of sweeps: what is asked wrongly is one line and exit code 2, and what a cluster is given is what is missing."""

from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from params.cluster import Cluster
from params.errors import UserError
from params.sweep import read_sweep
from sims.sweep import __main__ as module
from sims.sweep.__main__ import main
from sims.sweep.cluster.scheduler import Jobs, Submission, new_submission, write_submission
from sims.sweep.point import Point, points_of
from sims.sweep.store import Result, SweepDirectory
from tests.fixtures.sweeps import write_sweep

WRONG = {
    "no command": ([], "COMMAND"),
    "unknown command": (["walk"], "walk"),
    "no file": (["run"], "FILE"),
    "unknown sweep": (["run", "sensory_rnge"], "did you mean sensory_range"),
    "no such file": (["run", "nowhere.toml"], "nowhere.toml: cannot be read"),
    "no workers": (["run", "FILE", "--workers", "0"], "--workers = 0"),
    "unknown engine": (["run", "FILE", "--engine", "pbs"], "pbs"),
    "no cluster": (["run", "FILE", "--engine", "slurm"], "--cluster"),
    "a cluster for nothing": (["run", "FILE", "--cluster", "example"], "--engine slurm"),
    "unknown cluster": (["run", "FILE", "--engine", "slurm", "--cluster", "exampel"], "did you mean example"),
    "nothing begun": (["resume", "FILE"], "holds no sweep"),
    "nothing to say": (["status", "FILE"], "holds no sweep"),
    "nothing to collect": (["collect", "FILE"], "holds no sweep"),
    "no such point": (["point", "FILE", "9"], "points 0 to 3"),
}


@pytest.mark.parametrize(("words", "said"), WRONG.values(), ids=WRONG)
def test_what_is_asked_wrongly(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write_sweep(tmp_path / "tiny.toml")
    assert main([str(path) if word == "FILE" else word for word in words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert [each.name for each in tmp_path.iterdir()] == ["tiny.toml"]


def test_a_folder_that_holds_something_else_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_sweep(tmp_path / "tiny.toml")
    assert main(["run", str(path), "--out", str(tmp_path)]) == 2
    assert "is not empty and holds no sweep" in capsys.readouterr().err


def test_points_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(write_sweep(tmp_path / "tiny.toml")), "--dry-run", "--out", str(tmp_path / "none")]) == 0
    said = capsys.readouterr().out
    assert "4 points: 2 of each of 2 seeds, 1 pairs a point" in said
    assert "partner_range 9 cm, seed 1" in said
    assert not (tmp_path / "none").exists()


class Fake:
    """A scheduler that never starts anything. held: ids that it has taken."""

    held: set[str] = set()  # noqa: RUF012
    broken = False

    def submit(self, directory: SweepDirectory, points: Sequence[Point], cluster: Cluster) -> Submission:
        submission = new_submission(directory, [[point.id] for point in points])
        submission.jobs.append(Jobs("7", 0, len(points)))
        write_submission(directory, submission)
        Fake.held = Fake.held | {point.id for point in points}
        return submission

    def queued(self, directory: SweepDirectory) -> set[str]:
        if Fake.broken:
            raise UserError("squeue: no answer")
        return Fake.held

    def cancel(self, directory: SweepDirectory, points: Collection[Point] | None = None) -> int:
        gone = Fake.held if points is None else {point.id for point in points}
        Fake.held = Fake.held - gone
        return len(gone)


def test_a_cluster_is_given_what_is_missing_and_not_in_its_queue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "Slurm", Fake)
    monkeypatch.setattr(Fake, "held", set())
    monkeypatch.setattr("sims.sweep.growth._versions", lambda _: ["v"])
    path, out = write_sweep(tmp_path / "tiny.toml"), tmp_path / "sweep"
    where, engine = [str(path), "--out", str(out)], ["--engine", "slurm", "--cluster", "example"]
    points = points_of(read_sweep(path), False)
    assert main(["run", *where, *engine]) == 0
    assert "4 points submitted in 4 tasks, job 7" in capsys.readouterr().out
    assert main(["resume", *where, *engine]) == 0
    assert "nothing to submit" in capsys.readouterr().out
    assert main(["status", *where]) == 0
    assert "queued            4" in capsys.readouterr().out
    assert main(["cancel", *where, "--points", "0", "2"]) == 0
    SweepDirectory(out).finish(points[0], Result(points[0].id, points[0].digest, points[0].seed, "v", "d", {}))
    capsys.readouterr()
    assert main(["resume", *where, *engine]) == 0
    assert "1 points submitted in 1 tasks" in capsys.readouterr().out
    assert Fake.held == {point.id for point in points[1:]}
    monkeypatch.setattr(Fake, "broken", True)
    assert main(["status", *where]) == 0
    assert "the queue is not known: squeue: no answer" in capsys.readouterr().out
    assert main(["resume", *where, *engine]) == 2
    assert "squeue" in capsys.readouterr().err
    assert main(["cancel", *where, "--points", "4"]) == 2


def test_a_sweep_that_runs_here_is_not_cancelled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_sweep(tmp_path / "tiny.toml")
    SweepDirectory(tmp_path / "sweep").begin(read_sweep(path), False, points_of(read_sweep(path), False))
    assert main(["cancel", str(path), "--out", str(tmp_path / "sweep")]) == 2
    assert "Ctrl-C" in capsys.readouterr().err


def test_a_begin_that_was_killed_can_be_begun_again(tmp_path: Path) -> None:
    """Before sweep.json was written, which is last."""
    (tmp_path / "manifest.jsonl").touch()
    (tmp_path / ".lock").touch()
    (tmp_path / ".sweep.toml.77.part.toml").touch()
    (tmp_path / "debug").mkdir()
    assert SweepDirectory(tmp_path).holds_nothing_else
    assert not SweepDirectory(tmp_path).exists
