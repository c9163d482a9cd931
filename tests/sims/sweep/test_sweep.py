"""Sweeps on this machine, by their command: what is played once is never played again, and faults are told apart."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from params.errors import UserError
from params.sweep import read_sweep
from sims.store.run_lock import locked
from sims.sweep.__main__ import main
from sims.sweep.attempt import attempt
from sims.sweep.outcome import MachineFault, Outcome
from sims.sweep.point import Point, points_of
from sims.sweep.status import in_words, status_of
from sims.sweep.store import SweepDirectory
from tests.fixtures.sweeps import results_of, write_sweep

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A sweep file, and its directory after a run."""
    folder = tmp_path_factory.mktemp("sweep")
    path = write_sweep(folder / "tiny.toml")
    assert main(["run", str(path), "--out", str(folder / "sweep"), "--workers", "2"]) == 0
    return path, folder / "sweep"


def begun(path: Path, out: Path) -> tuple[SweepDirectory, list[Point]]:
    """A sweep of which nothing was played."""
    file, directory = read_sweep(path), SweepDirectory(out)
    points = points_of(file, quick=False)
    directory.begin(file, False, points)
    return directory, points


def test_a_finished_sweep_is_one_file_a_point(played: tuple[Path, Path]) -> None:
    _, out = played
    assert sorted(path.name for path in out.iterdir() if path.name != ".lock") == [
        "manifest.jsonl", "results", "running", "sweep.json", "sweep.toml",
    ]  # fmt: skip
    assert not list((out / "running").iterdir())
    results = results_of(out)
    assert len(results) == 4
    assert all("behaviour.success" in each["metrics"] for each in results.values())


def test_one_process_and_another_order_give_the_same_bits(played: tuple[Path, Path], tmp_path: Path) -> None:
    path, out = played
    directory, points = begun(path, tmp_path)
    for point in reversed(points):
        assert attempt(directory, point, read_sweep(path).sweep, False, workers=1) is Outcome.DONE
    assert results_of(tmp_path) == results_of(out)


def test_what_is_done_is_not_done_again(played: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    path, out = played
    before = {each: each.stat().st_mtime_ns for each in (out / "results").iterdir()}
    assert main(["run", str(path), "--out", str(out)]) == 2
    assert "holds a sweep already" in capsys.readouterr().err
    assert main(["resume", str(path), "--out", str(out)]) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert {each: each.stat().st_mtime_ns for each in (out / "results").iterdir()} == before


def test_status_counts_and_a_point_can_be_played_alone(played: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    path, out = played
    assert main(["status", str(path), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "4 points" in said
    assert [int(word) for word in said.split("done")[1].split()[:1]] == [4]
    assert main(["point", str(path), "2", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    metrics = json.loads(said[said.index("{\n") :])
    point = points_of(read_sweep(path), False)[2]
    assert metrics == results_of(out)[f"{point.id}.json"]["metrics"]
    assert main(["point", str(path), "4", "--out", str(out)]) == 2
    assert "has points 0 to 3" in capsys.readouterr().err


def test_a_plan_is_made_of_points_that_are_done(played: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    path, out = played
    assert main(["plan", str(path), "--out", str(out), "--measure", "0"]) == 0
    said = capsys.readouterr().out
    assert "measured on 4 of 4 points, 0 are left" in said
    assert "core-hours" in said


def test_a_sweep_grows(played: tuple[Path, Path], tmp_path: Path) -> None:
    path, out = played
    directory, points = begun(path, tmp_path / "sweep")
    for point in points:
        directory.finish(point, SweepDirectory(out).result(point))
    write_sweep(path.with_name("grown.toml"), seeds=3)
    before = {each.name: each.stat().st_mtime_ns for each in directory.results.iterdir()}
    assert main(["resume", str(path.with_name("grown.toml")), "--out", str(tmp_path / "sweep"), "--workers", "2"]) == 0
    after = {each.name: each.stat().st_mtime_ns for each in directory.results.iterdir()}
    assert len(after) == 6
    assert before.items() <= after.items()


def test_results_of_other_code_are_not_mixed_in(
    played: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = played
    directory, points = begun(path, tmp_path)
    text = (out / "results" / f"{points[0].id}.json").read_text(encoding="utf-8")
    found = json.loads(text) | {"code_version": "0.0.0+older"}
    directory.results.mkdir()
    (directory.results / f"{points[0].id}.json").write_text(json.dumps(found), encoding="utf-8")
    assert main(["resume", str(path), "--out", str(tmp_path)]) == 2
    assert "1 results are of code 0.0.0+older" in capsys.readouterr().err


def fails(_: object, *rest: object) -> None:
    raise ValueError("the point is at fault\nin two lines")


def test_a_point_that_fails_three_times_is_parked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_sweep(tmp_path / "tiny.toml")
    directory, points = begun(path, tmp_path / "sweep")
    monkeypatch.setattr("sims.sweep.attempt.play", fails)
    sweep = read_sweep(path).sweep
    outcomes = [attempt(directory, points[0], sweep, False, 1) for _ in range(4)]
    assert outcomes == [Outcome.FAILED] * 3 + [Outcome.PARKED]
    failure = directory.failures()[points[0].id]
    assert failure.attempts == 3
    assert "ValueError: the point is at fault" in failure.error
    assert "Traceback" in failure.detail


def test_a_full_disk_is_no_fault_of_the_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_sweep(tmp_path / "tiny.toml")
    directory, points = begun(path, tmp_path / "sweep")

    def full(*_: object) -> None:
        from recording.atomic import aside

        with aside(tmp_path / "file") as temporary:
            temporary.touch()
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("sims.sweep.attempt.play", full)
    with pytest.raises(MachineFault, match="No space left"):
        attempt(directory, points[0], read_sweep(path).sweep, False, 1)
    assert not directory.failures()


def test_a_failure_on_a_full_disk_is_no_fault_of_the_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of a pair of agents says no more than that it failed; the disk is asked again."""
    path = write_sweep(tmp_path / "tiny.toml")
    directory, points = begun(path, tmp_path / "sweep")

    def fail(*_: object) -> None:
        monkeypatch.setattr("tempfile.TemporaryFile", full)
        raise UserError("pair 0: its process ended with exit code 1")

    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sims.sweep.attempt.play", fail)
    with pytest.raises(MachineFault, match="No space left"):
        attempt(directory, points[0], read_sweep(path).sweep, False, 1)
    assert not directory.failures()
    directory.note_fault("No space left")
    assert any("No space left" in line for line in in_words(directory, status_of(directory, points), 1))


def test_failures_end_the_command_with_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file lies where a point's run is to be."""
    path, out = write_sweep(tmp_path / "tiny.toml", seeds=1), tmp_path / "sweep"
    directory, points = begun(path, out)
    for point in points:
        directory.work(point).mkdir(parents=True)
        (directory.work(point) / "train").touch()
    assert main(["resume", str(path), "--out", str(out)]) == 1
    assert "all points failed" in capsys.readouterr().err
    assert main(["status", str(path), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "point 1 (partner_range 9 cm, seed 0) failed 1 time" in said
    assert "train: is a file" in said
    for failure in directory.failures().values():
        directory.fail(replace(failure, attempts=3))
    assert main(["resume", str(path), "--out", str(out)]) == 1
    assert "2 points are parked" in capsys.readouterr().out
    (directory.work(points[0]) / "train").unlink()
    assert main(["resume", str(path), "--out", str(out), "--failed"]) == 1
    assert "1 of 2 points failed" in capsys.readouterr().err
    assert [each.attempts for each in directory.failures().values()] == [1]
    assert directory.finished() == {points[0].id}


def test_what_is_kept_can_be_analysed(tmp_path: Path) -> None:
    path = write_sweep(tmp_path / "tiny.toml", seeds=1, axes="", more='keep = ["recordings"]')
    assert main(["run", str(path), "--out", str(tmp_path / "sweep")]) == 0
    [kept] = (tmp_path / "sweep" / "kept").iterdir()
    assert {each.name for each in (kept / "train").iterdir()} >= {"run.json", "params.toml", "sessions", "summary.json"}
    assert not (kept / "train" / "checkpoints").exists()
    [result] = (tmp_path / "sweep" / "results").iterdir()
    result.unlink()
    assert main(["resume", str(path), "--out", str(tmp_path / "sweep")]) == 0
    assert [each.name for each in (tmp_path / "sweep" / "kept").iterdir()] == [kept.name]


def start(command: str, path: Path, out: Path) -> subprocess.Popen[bytes]:
    """A command of a sweep in a session of its own, so that all its processes can be killed at once."""
    return subprocess.Popen(
        [sys.executable, "-m", "sims.sweep", command, str(path), "--out", str(out), "--workers", "2"],
        cwd=ROOT,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_killed_at_once_and_resumed(played: tuple[Path, Path], tmp_path: Path) -> None:
    """kill -9 of all processes once the first point is done; what was begun goes on, and the results are those of an undisturbed sweep."""
    path, out = played
    process = start("run", path, tmp_path / "sweep")
    deadline = time.monotonic() + 120
    while not list((tmp_path / "sweep").glob("results/*.json")) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert len(results_of(tmp_path / "sweep")) < 4
    assert main(["resume", str(path), "--out", str(tmp_path / "sweep"), "--workers", "2"]) == 0
    assert results_of(tmp_path / "sweep") == results_of(out)
    assert not list((tmp_path / "sweep" / "running").iterdir())


def test_what_a_dying_process_held_is_tidied_at_the_end(played: tuple[Path, Path], tmp_path: Path) -> None:
    """A process killed between its result and its tidying may take a moment to die, and holds its lock until then."""
    path, out = played
    shutil.copytree(out, tmp_path / "sweep")
    directory = SweepDirectory(tmp_path / "sweep")
    held, missing = directory.points()[:2]
    lost = directory.results / f"{missing.id}.json"
    lost.unlink()
    with locked(directory.work(held)):
        resume = threading.Thread(target=main, args=[["resume", str(path), "--out", str(directory.path)]])
        resume.start()
        while not lost.exists() and resume.is_alive():
            assert directory.work(held).exists()
            time.sleep(0.001)
    resume.join()
    assert directory.at_work() == set()


@pytest.mark.slow
def test_killed_twenty_times(tmp_path: Path) -> None:
    """kill -9 of the whole sweep at twenty random moments."""
    import random

    path = write_sweep(tmp_path / "tiny.toml", seeds=10, session="4 min", sessions=4)
    assert main(["run", str(path), "--out", str(tmp_path / "whole")]) == 0
    chance, killed, command = random.Random(1), 0, "run"
    while killed < 20:
        process = start(command, path, tmp_path / "sweep")
        command = "resume" if (tmp_path / "sweep" / "sweep.json").exists() else command
        try:
            process.wait(timeout=chance.uniform(1, 12))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            killed += 1
            command = "resume" if (tmp_path / "sweep" / "sweep.json").exists() else "run"
        else:
            break
    while start("resume", path, tmp_path / "sweep").wait():
        pass
    assert results_of(tmp_path / "sweep") == results_of(tmp_path / "whole")
    assert killed >= 10
