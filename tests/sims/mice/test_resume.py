"""A run killed at any moment and resumed, and a run with more workers, hold the same bits as one left alone."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sims.run import main
from tests.fixtures.figures import undrawn

ARGUMENTS = ["coop_075s", "--quick", "--behaviour-only", "--pairs", "2", "--set", 'schedule.session="1 min"']
KILLS = 10


def start(out: Path, *extra: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sims.run", *ARGUMENTS, "--out", str(out), *extra]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(process: subprocess.Popen[bytes]) -> None:
    _, err = process.communicate(timeout=300)
    assert process.returncode == 0, err.decode()


def outcome(run: Path) -> dict[str, bytes]:
    """Everything that must not depend on how the run was carried out: recordings, checkpoints, table, and the summary less times."""
    files = {path.name: path.read_bytes() for folder in ("sessions", "checkpoints") for path in sorted((run / folder).iterdir())}
    summary = json.loads((run / "summary.json").read_text())
    summary["run"]["wall_s"] = summary["decisions_per_s"] = None
    return files | {"learning.csv": (run / "learning.csv").read_bytes(), "summary.json": json.dumps(summary).encode()}


def run_here(out: Path, *extra: str) -> dict[str, bytes]:
    """Outcome of a run in this process, its figures left out."""
    with undrawn():
        assert main([*ARGUMENTS, "--out", str(out), *extra]) == 0
    return outcome(out)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Outcome of a run with one worker."""
    return run_here(tmp_path_factory.mktemp("undisturbed") / "run", "--workers", "1")


def test_workers_do_not_matter(undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    assert run_here(tmp_path / "run", "--workers", "2") == undisturbed


@pytest.mark.slow
def test_killed_ten_times(undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    """kill -9 at ten moments drawn over the run's whole length, resumed after each."""
    begun = time.monotonic()
    finish(start(tmp_path / "alone", "--workers", "1"))
    duration_s = time.monotonic() - begun
    out, chance, killed = tmp_path / "run", random.Random(1), 0
    while killed < KILLS:
        process = start(out, *(["--resume"] if (out / "run.json").exists() else []))
        time.sleep(chance.uniform(0.2, 1.0) * duration_s)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        killed += 1
    finish(start(out, "--resume"))
    assert outcome(out) == undisturbed


def test_killed_once(undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "run"
    process = start(out)
    sessions = out / "sessions"
    while not (sessions.exists() and len(list(sessions.glob("pair*.h5"))) >= 3):
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert run_here(out, "--resume") == undisturbed
