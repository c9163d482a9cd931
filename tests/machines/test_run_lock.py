"""Two processes and one run directory: the second is refused in one line, and one that was killed is not waited for."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from params.errors import UserError
from sims.run import main
from sims.store import run_lock
from sims.store.run_lock import NAME, is_held, locked
from tests.machines.shell import ROOT

HOLD = """
import sys, time
from pathlib import Path
from sims.store.run_lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that works on tmp_path / "run"."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "run")], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_a_second_process_is_refused_and_touches_nothing(
    holder: subprocess.Popen[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    part = out / ".session.h5.1.part.h5"  # the other one is writing it
    part.touch()
    for resume in ([], ["--resume"]):
        assert main(["coop_3s", "--quick", "--pairs", "1", "--out", str(out), *resume]) == 2
        line = capsys.readouterr().err.strip()
        assert f"process {holder.pid} is working on it" in line or "not empty" in line
    part.rename(tmp_path / "kept")
    assert main(["coop_3s", "--quick", "--pairs", "1", "--out", str(out)]) == 2
    assert capsys.readouterr().err == f"error: {out}: process {holder.pid} is working on it; wait for it, or stop it\n"
    assert [path.name for path in out.iterdir()] == [NAME]


def test_the_lock_of_a_killed_process_is_taken_over_at_once(holder: subprocess.Popen[str], tmp_path: Path) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert (tmp_path / "run" / NAME).exists()
    begun = time.monotonic()
    with locked(tmp_path / "run"):
        pass
    assert time.monotonic() - begun < 2
    assert not (tmp_path / "run" / NAME).exists()


def of_another_machine(out: Path) -> None:
    out.mkdir()
    with locked(out):
        record = (out / NAME).read_text()
    lines = ["host=node7" if line.startswith("host=") else line for line in record.splitlines() if not line.startswith("start=")]
    (out / NAME).write_text("".join(f"{line}\n" for line in lines))


def test_a_silent_owner_on_another_machine_is_waited_for_and_then_taken_for_dead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run_lock, "LEASE_S", 0.6)
    of_another_machine(tmp_path / "run")
    begun = time.monotonic()
    with locked(tmp_path / "run"):
        assert time.monotonic() - begun >= 0.6
    assert "on node7 may be working on" in capsys.readouterr().out


def test_an_owner_on_another_machine_that_shows_life_is_respected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_lock, "LEASE_S", 0.6)
    monkeypatch.setattr(run_lock, "PATIENCE_S", 0.6)
    of_another_machine(tmp_path / "run")
    touch = "import os, sys, time\nwhile True:\n    os.utime(sys.argv[1]); time.sleep(0.1)"
    alive = subprocess.Popen([sys.executable, "-c", touch, str(tmp_path / "run" / NAME)])
    try:
        with pytest.raises(UserError, match="on node7 is working on it"), locked(tmp_path / "run"):
            pass
    finally:
        alive.kill()
        alive.wait()


def test_a_directory_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be written"), locked(tmp_path / "file" / "run"):
        pass


def test_who_holds_a_directory_is_told_by_signs_of_life(holder: subprocess.Popen[str], tmp_path: Path) -> None:
    """A lock that nobody has touched for long says nothing, even if its number is another process's by now."""
    run_dir = tmp_path / "run"
    assert is_held(run_dir)
    long_ago = time.time() - 3600
    os.utime(run_dir / NAME, (long_ago, long_ago))
    assert not is_held(run_dir)
    os.utime(run_dir / NAME)
    holder.kill()
    while is_held(run_dir):  # until the signal has arrived; nobody has asked for its exit code yet
        time.sleep(0.01)
    holder.wait()
    assert not is_held(run_dir)
    assert not is_held(tmp_path / "nowhere")
