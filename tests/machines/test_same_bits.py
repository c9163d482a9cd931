"""One run, many machines: the first command and its report where they have once broken, with the same learning.csv everywhere."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machines.conftest import TINY
from tests.machines.shell import ROOT, python

WHOLE = ["coop_075s", "--quick"]
JUPYTER = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
PLAIN = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
BITS = {
    "NUMBA_OPT": "1",
    "NUMBA_LOOP_VECTORIZE": "0",
    "PYTHONHASHSEED": "7",
    "OMP_NUM_THREADS": "2",
    "OPENBLAS_NUM_THREADS": "2",
    "TZ": "Asia/Kathmandu",
}
NOBODY = 65432  # a user without an entry in the list of users, and without a home
as_root = pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can be somebody else, or mount a disk"
)


def table_with_cells(out: Path, arguments: list[str], **variables: str | None) -> bytes:
    """learning.csv of a run and the report that it ends with."""
    done = python("-m", "sims.run", *arguments, "--out", str(out), **variables)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("\n") <= 1, done.stderr
    return (out / "learning.csv").read_bytes()


def table(out: Path, arguments: list[str], **variables: str | None) -> bytes:
    """The same without cells."""
    return table_with_cells(out, [*arguments, "--behaviour-only"], **variables)


def test_a_shell_that_says_all_at_once(finished: Path, tmp_path: Path) -> None:
    """Jupyter's backend, a plain locale, a dumb terminal, a folder with other letters, and settings that would change bits."""
    there = table(tmp_path / "\u00fcbung \u2713", ["coop_3s", *TINY], **JUPYTER, **PLAIN, **BITS, TERM="dumb", FORCE_COLOR="1")
    assert there == (finished / "learning.csv").read_bytes()


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return table_with_cells(tmp_path_factory.mktemp("reference") / "run", WHOLE)


@pytest.mark.slow
@pytest.mark.parametrize(
    "variables", [JUPYTER, PLAIN, {"TERM": "dumb"}, BITS], ids=["jupyter", "plain letters", "dumb terminal", "bits"]
)
def test_shells(variables: dict[str, str], reference: bytes, tmp_path: Path) -> None:
    assert table_with_cells(tmp_path / "\u00fcbung", WHOLE, **variables) == reference


@pytest.mark.slow
def test_one_core_of_two(reference: bytes, tmp_path: Path) -> None:
    one = "import os, sys; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]); from sims.run import main; "
    code = one + "sys.exit(main(sys.argv[1:]))"
    done = python("-c", code, *WHOLE, "--behaviour-only", "--out", str(tmp_path / "run"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "run" / "learning.csv").read_bytes() == reference


@pytest.mark.slow
def test_a_second_process_on_the_directory(reference: bytes, tmp_path: Path) -> None:
    """The second is refused, before and after the first has begun to write; the first goes on undisturbed."""
    command = [sys.executable, "-m", "sims.run", *WHOLE, "--behaviour-only", "--out", str(tmp_path / "run")]
    first = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    assert first.stdout.readline().startswith("pair")
    second = python("-m", "sims.run", *WHOLE, "--out", str(tmp_path / "run"), "--resume")
    assert second.returncode == 2
    assert f"process {first.pid} is working on it" in second.stderr
    assert first.wait() == 0
    assert (tmp_path / "run" / "learning.csv").read_bytes() == reference


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1.5 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1536k", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.slow
@as_root
def test_a_small_disk_for_caches(reference: bytes, small_disk: Path, tmp_path: Path) -> None:
    assert table_with_cells(tmp_path / "run", WHOLE, XDG_CACHE_HOME=str(small_disk)) == reference


def as_nobody(arguments: list[str], cwd: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run Python as a user that the machine does not know."""
    command, environment = [sys.executable, *arguments], os.environ | variables
    try:
        return subprocess.run(
            command, cwd=cwd, env=environment, user=NOBODY, group=NOBODY, capture_output=True, text=True, check=False
        )
    except PermissionError:
        pytest.skip("this Python lies where only root may go")


@pytest.mark.slow
@as_root
def test_somebody_without_a_home_and_code_that_is_read_only(reference: bytes, tmp_path: Path) -> None:
    code, work = tmp_path / "code", tmp_path / "work"
    ignored = shutil.ignore_patterns(".git", ".venv", "runs", "__pycache__", "*.egg-info")
    shutil.copytree(ROOT, code, ignore=ignored)
    work.mkdir()
    os.chown(work, NOBODY, NOBODY)
    for folder in (tmp_path, *tmp_path.parents):  # let them through to their folder
        folder.chmod(folder.stat().st_mode | 0o011)
    variables = {"HOME": "/nonexistent", "PYTHONPATH": str(code), "PYTHONDONTWRITEBYTECODE": "1"}
    done = as_nobody(["-m", "sims.run", *WHOLE, "--out", "run"], work, variables)
    assert done.returncode == 0, done.stderr
    assert (work / "run" / "learning.csv").read_bytes() == reference
