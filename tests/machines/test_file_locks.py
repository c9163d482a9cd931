"""Files on machines that are shared, slow, full or failing: no lock is needed, and only what is broken is called damaged."""

import builtins
import errno
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from analysis.behaviour.training_course import training_courses
from analysis.core.run import RunDirectory, open_run
from analysis.findings.learning_table import LEARNING
from analysis.interventions.ablation.mice import read_tables
from analysis.interventions.shadow_table import read_animals
from analysis.interventions.weight_changes import read_changes
from analysis.neural.table import read_cells
from params import resolve
from params.errors import UserError
from recording import RecordingError, read_session, write_session
from recording.store import holds_rates
from recording.table import read_table
from sims.schedule import Place
from sims.store.state_file import CheckpointError, path_of, read_place, stamp_of, write_arrays
from tests.params.sources import ROOT, modules
from tests.recording.test_store import assert_same, full_session

MACHINE = (errno.EIO, errno.ESTALE, errno.EMFILE, errno.EACCES, errno.ENOLCK)
NO_LOCKS = """
#include <errno.h>
#include <stdlib.h>
int flock(int fd, int operation) { errno = atoi(getenv("FLOCK_ERRNO")); return -1; }
"""
WITHOUT_LOCKS = """
import errno, os, sys
from pathlib import Path
import h5py
from recording import read_session, write_session
from recording.store import holds_rates
path = Path(sys.argv[1])
for number in (errno.ENOLCK, errno.EOPNOTSUPP, errno.EIO):
    os.environ["FLOCK_ERRNO"] = str(number)
    try:
        h5py.File(path, "r", locking=True)
    except OSError:
        pass
    else:
        sys.exit("locks are not in the way")
    write_session(path.with_name("again.h5"), read_session(path))
    assert holds_rates(path)
    assert path.read_bytes() == path.with_name("again.h5").read_bytes()
"""
HOLD = """
import sys, h5py
with h5py.File(sys.argv[1], "r+") as file:
    file["time"][0] = file["time"][0]
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_session(tmp_path / "a.h5", full_session(400))
    return tmp_path / "a.h5"


def test_a_file_system_without_locks(path: Path, tmp_path: Path) -> None:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("no compiler of C, or no LD_PRELOAD")
    (tmp_path / "no_locks.c").write_text(NO_LOCKS)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", tmp_path / "no_locks.so", tmp_path / "no_locks.c"], check=True)
    environment = os.environ | {"LD_PRELOAD": str(tmp_path / "no_locks.so"), "HDF5_USE_FILE_LOCKING": "TRUE"}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_LOCKS, path], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if "locks are not in the way" in done.stderr:
        pytest.skip("HDF5 takes no lock here")
    assert done.returncode == 0, done.stderr


def test_a_file_that_another_program_has_locked(path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    with path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert_same(read_session(path), full_session(400))
        assert holds_rates(path)
        write_session(path, full_session(40))
    assert_same(read_session(path), full_session(40))


def test_a_file_that_another_program_has_open_for_writing(path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert_same(read_session(path), full_session(400))
        other.kill()  # it leaves the mark of a writer in the file
    assert holds_rates(path)
    with pytest.raises(OSError, match="already open for write"):
        h5py.File(path, "r", locking=False)
    assert_same(read_session(path), full_session(400))


def test_hdf5_opens_no_path() -> None:
    for name, file in modules().items():
        text = file.read_text(encoding="utf-8")
        safe = text.count("h5py.File(stream,") + text.count("backing_store=False")
        assert text.count("h5py.File(") == safe, name
        assert "h5py.is_hdf5(" not in text, name
        assert text.count("NWBHDF5IO(") == text.count("NWBHDF5IO(file="), name


READERS: dict[str, Callable[[RunDirectory], Any]] = {
    "a.h5": lambda run: read_session(run.path / "a.h5"),
    "a.h5, its rates": lambda run: holds_rates(run.path / "a.h5"),
    "pair00_s003.npz": lambda run: read_place(run.path / "pair00_s003.npz"),
    "run.json": lambda run: open_run(run.path),
    "learning.csv": lambda run: read_table(run.path / "learning.csv", LEARNING),
    "neural.csv": lambda run: read_cells(run.path / "neural.csv"),
    "shadow.csv": lambda run: read_animals(run),
    "training.csv": lambda run: training_courses(run),
    "weights/pair00.csv": lambda run: read_changes(run),
    "pairs/pair00.csv": lambda run: read_tables(run),
}


@pytest.fixture
def run(path: Path) -> RunDirectory:
    """Everything that is read of a run, as far as opening it goes."""
    stamp = stamp_of("digest", 0, 0)
    write_arrays(path.parent, stamp, Place(3, "naive", 0), {"w": np.zeros(3)})
    for name in READERS:
        file = path.parent / name.partition(",")[0]
        file.parent.mkdir(exist_ok=True)
        file.touch()
    return RunDirectory(path.parent, resolve("coop_075s"), {"pairs": 1}, [])


class Failing(io.FileIO):
    """A file whose bytes cannot be read."""

    number = errno.EIO

    def readinto(self, *_: Any) -> int:
        raise OSError(self.number, os.strerror(self.number))

    read = readall = readinto  # type: ignore[assignment]


@pytest.mark.parametrize("name", READERS)
def test_what_the_machine_fails_at_is_no_damage(name: str, run: RunDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = io.open

    def opens(number: int, file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
        if str(run.path) not in str(file):
            return whole(file, mode, *rest, **named)
        if number != errno.EIO:
            raise OSError(number, os.strerror(number), str(file))
        return Failing(file) if "b" in mode else io.TextIOWrapper(io.BufferedReader(Failing(file)))

    for number in MACHINE:
        with monkeypatch.context() as patched:
            for module in (io, builtins):
                patched.setattr(module, "open", lambda *given, n=number, **named: opens(n, *given, **named))
            with pytest.raises(UserError) as caught:
                READERS[name](run)
        line = str(caught.value)
        assert str(run.path / name.partition(",")[0]) in line
        assert os.strerror(number) in line
        assert "\n" not in line
        assert not [word for word in ("damaged", "no recording", "not a ", "is no ", "is this a", "no such") if word in line], (
            line
        )


def test_a_read_that_fails_half_way(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Fails(io.FileIO):
        reads, allowed = 0, 10**6

        def readinto(self, *given: Any) -> int:
            Fails.reads += 1
            if Fails.reads > Fails.allowed:
                raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
            return super().readinto(*given)

    monkeypatch.setattr(Path, "open", lambda self, _: Fails(self))
    read_session(path)
    for allowed in range(Fails.reads):
        Fails.reads, Fails.allowed = 0, allowed
        with pytest.raises(RecordingError, match=f"cannot be read .{os.strerror(errno.ESTALE)}"):
            read_session(path)


def test_a_directory_that_cannot_be_listed_is_not_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "params.toml").write_text(resolve("coop_075s").text, encoding="utf-8")
    (tmp_path / "run.json").write_text(
        '{"condition": "coop_075s", "seed": 0, "pairs": 1, "digest": "", "code_version": ""}', encoding="utf-8"
    )
    with pytest.raises(UserError, match="no recordings"):
        open_run(tmp_path)
    for asked, function in ((tmp_path / "sessions", "iterdir"), (tmp_path, "is_dir")):

        def refuses(self: Path) -> None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

        with monkeypatch.context() as patched:
            patched.setattr(Path, function, refuses)
            with pytest.raises(UserError, match=f"{asked}: cannot be read .{os.strerror(errno.EACCES)}"):
                open_run(tmp_path)


def test_what_is_no_file_is_called_what_it_is(tmp_path: Path) -> None:
    for read in (read_session, holds_rates):
        with pytest.raises(RecordingError, match="no such recording"):
            read(tmp_path / "absent.h5")
        with pytest.raises(RecordingError, match="cannot be read"):
            read(tmp_path)


@pytest.mark.parametrize("content", ["half", "header", "text", "nothing", "another file's", "groups"])
def test_what_is_broken_is_called_damaged(path: Path, content: str) -> None:
    if content == "groups":
        with h5py.File(path, "r+") as file:
            del file["events"]
            file.create_group("events")
    whole = path.read_bytes()
    path.write_bytes(
        {"half": whole[: len(whole) // 2], "header": whole[:100], "groups": whole, "text": b"hello", "nothing": b""}.get(
            content, b"PK\3\4" + whole[4:]
        )
    )
    with pytest.raises(RecordingError, match=r"a\.h5: damaged or no recording"):
        read_session(path)


@pytest.mark.parametrize("content", ["half", "text", "nothing"])
def test_a_broken_state_is_called_damaged(tmp_path: Path, content: str) -> None:
    write_arrays(tmp_path, stamp_of("digest", 0, 0), Place(3, "naive", 0), {"w": np.zeros(3)})
    state = path_of(tmp_path, 0, 3)
    whole = state.read_bytes()
    state.write_bytes({"half": whole[: len(whole) // 2], "text": b"hello"}.get(content, b""))
    with pytest.raises(CheckpointError, match="damaged checkpoint"):
        read_place(state)


def test_a_disk_that_is_full_leaves_what_was_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.read_bytes()

    def full(self: Path, content: bytes) -> None:
        with self.open("wb") as file:
            file.write(content[:1000])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(RecordingError, match=f"cannot be written .{os.strerror(errno.ENOSPC)}"):
        write_session(path, full_session(40))
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["a.h5"]
