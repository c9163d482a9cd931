"""A SLURM of this test session, a sweep of twenty tiny points, and its results without faults, computed in this process."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from params.cluster import Cluster, read_cluster
from params.sweep import SweepFile, read_sweep
from sims.sweep.attempt import Outcome, attempt
from sims.sweep.cluster.scheduler import Submission
from sims.sweep.cluster.slurm import Slurm
from sims.sweep.point import Point, points_of
from sims.sweep.store import Result, SweepDirectory

HERE = Path(__file__).parent
COMMANDS = ("slurmctld", "slurmd", "munged", "sbatch", "squeue", "scancel", "scontrol")
PATIENCE_S = 240.0  # on a busy machine
SWEEP = """
description = "Tiny brains in a tiny room"
condition = "coop_075s"
pairs = 1
seeds = 5

[axes]
"body.bout" = ["500 ms", "750 ms", "1 s", "1.25 s"]

[set]
schedule.session = "1 min"
schedule.pretraining.sessions = 1
schedule.coop_3s.sessions = 0
schedule.coop_150s.sessions = 0
schedule.coop_075s.sessions = 3
cells.exc.count = 40
cells.pv.count = 4
cells.sst.count = 4
cells.vip.count = 3
connectivity.excitation_gain = 0.5
chamber.length = "12 cm"
chamber.width = "6 cm"
chamber.spout_from_divider = "5 cm"
"""


def until(condition: Callable[[], Any], what: str, pause_s: float = 0.1) -> Any:
    """What a condition gives, once it is true."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(pause_s)
    raise AssertionError(f"not after {PATIENCE_S:.0f} s: {what}")


def free_ports() -> int:
    """A port that is free, as the next one is."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return int(port)


def said(*command: str) -> str:
    """What a command says."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@dataclass(frozen=True)
class Machine:
    """A machine with SLURM on it, which others may use at the same time."""

    path: Path

    def pid(self, daemon: str) -> int:
        return int((self.path / f"{daemon}.pid").read_text())

    def kill(self, daemon: str) -> None:
        pid = self.pid(daemon)
        os.kill(pid, signal.SIGKILL)
        until(lambda: not Path(f"/proc/{pid}").exists(), f"{daemon} is gone")

    def start_node(self) -> None:
        """Start slurmd again."""
        subprocess.run(["slurmd", "-f", str(self.path / "slurm.conf")], check=True)

    def log(self) -> str:
        return (self.path / "log" / "slurmctld.log").read_text()


@pytest.fixture(scope="session")
def machine() -> Iterator[Machine]:
    """SLURM, started for these tests in a folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{os.environ['PATH']}:/usr/sbin:/sbin")
        lacking = [name for name in COMMANDS if shutil.which(name) is None]
        if lacking:
            pytest.skip(f"SLURM is not installed here ({', '.join(lacking)}): apt-get install slurm-wlm munge")
        if os.getuid() != 0:
            pytest.skip("SLURM is started by root only")
        path = Path(tempfile.mkdtemp(prefix="slurm-", dir="/tmp"))
        patch.setenv("SLURM_CONF", str(path / "slurm.conf"))
        begun = subprocess.run(["bash", str(HERE / "start.sh"), str(path), str(free_ports())], capture_output=True, text=True)
        try:
            assert begun.returncode == 0, begun.stderr
            yield Machine(path)
        finally:
            subprocess.run(["bash", str(HERE / "stop.sh"), str(path)], check=False)
            shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> SweepFile:
    """The sweep file."""
    path = tmp_path_factory.mktemp("file") / "tiny.toml"
    path.write_text(SWEEP)
    return read_sweep(path)


@pytest.fixture(scope="session")
def points(file: SweepFile) -> list[Point]:
    """The twenty points."""
    return points_of(file, quick=True)


@dataclass(frozen=True)
class Reference:
    """The sweep without faults, in this process; a point is played when it is first asked for."""

    directory: SweepDirectory
    file: SweepFile

    def result(self, point: Point) -> Result:
        assert attempt(self.directory, point, self.file.sweep, True, 1) is Outcome.DONE
        return self.directory.result(point)


@pytest.fixture(scope="session")
def reference(machine: Machine, file: SweepFile, points: list[Point], tmp_path_factory: pytest.TempPathFactory) -> Reference:
    directory = SweepDirectory(tmp_path_factory.mktemp("reference") / "sweep")
    directory.begin(file, True, points)
    return Reference(directory, file)


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The shipped one, with little time; tasks find a C locale and no home."""
    cache = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    environment = {"HOME": "/nowhere", "LC_ALL": "C", "XDG_CACHE_HOME": cache}
    return read_cluster("one_node").model_copy(update={"environment": environment})


@dataclass(frozen=True)
class Begun:
    """A sweep on this SLURM, whose points are to come out as they did without faults."""

    directory: SweepDirectory
    reference: Reference
    machine: Machine

    def submit(self, points: list[Point], cluster: Cluster) -> Submission:
        return Slurm().submit(self.directory, points, cluster)

    def wait(self) -> None:
        """Until none of its tasks is in the queue."""
        until(lambda: not Slurm().queued(self.directory), "the queue is empty", 0.3)

    def assert_same(self, points: list[Point]) -> None:
        """Results, to the last bit."""
        for point in points:
            assert self.directory.is_done(point), self.logs() + self.machine.log()[-4000:]
            found, expected = self.directory.result(point), self.reference.result(point)
            assert (found.metrics, found.code_version, found.device) == (expected.metrics, expected.code_version, expected.device)
            assert self.directory.failure(point) is None

    def sessions(self, point: Point) -> dict[str, int]:
        """Sessions of a point that are on disk, and when they were written."""
        return {path.name: path.stat().st_mtime_ns for path in self.directory.work(point).glob("train/sessions/[!.]*.h5")}

    def freeze(self, point: Point) -> int:
        """Stop the process that plays a point when it has something on disk and is not done; its id. SLURM thaws what it signals."""
        until(lambda: self.sessions(point), f"a session of point {point.number}", 0.01)
        pid = self.process()
        os.kill(pid, signal.SIGSTOP)
        assert not self.directory.is_done(point), "the machine was faster than this test"
        return pid

    def process(self) -> int:
        """The task that is running; the only one."""
        (found,) = self._processes()
        return found

    def process_ends(self) -> None:
        """Wait until no task runs."""
        until(lambda: not self._processes(), "the task has ended")

    def _processes(self) -> list[int]:
        words = f"sims.sweep.cluster.task\0{self.directory.path}\0".encode()
        return [int(each.name) for each in Path("/proc").glob("[0-9]*") if words in _command(each)]

    def parent(self, pid: int) -> int:
        """Of a process: slurmstepd."""
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])

    def task_runs_for_s(self) -> int:
        """How long SLURM believes that the only task runs."""
        minutes, seconds = said("squeue", "--noheader", "--format=%M").strip().split(":")
        return 60 * int(minutes) + int(seconds)

    def logs(self) -> str:
        """What is in its logs."""
        return "\n".join(path.read_text() for path in sorted((self.directory.path / "logs").glob("*.log")))


def _command(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


@pytest.fixture
def begun(machine: Machine, file: SweepFile, points: list[Point], reference: Reference, tmp_path: Path) -> Iterator[Begun]:
    """The sweep, nothing of it done; its folder has a name that a shell would take apart."""
    directory = SweepDirectory(tmp_path / "a sweep, 100 %j")
    directory.begin(file, True, points)
    yield Begun(directory, reference, machine)
    Slurm().cancel(directory)
    until(lambda: not Slurm().queued(directory), "the queue is empty")
