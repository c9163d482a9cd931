"""Compiled code: never stale, and no folder that is full, damaged, forbidden or missing stops a command."""

import os
import shutil
from pathlib import Path

import pytest

from acc_cooperation import PACKAGES
from compute import folders
from compute.folders import cache_folder
from tests.machines.shell import ROOT, python

INNER = "from compute.kernel import kernel\n\n\n@kernel\ndef inner(x):\n    return x + {added}\n"
OUTER = "from compute.kernel import kernel\nfrom worlds.inner import inner\n\n\n@kernel\ndef outer(x):\n    return inner(x)\n"
CALL = "from worlds.outer import outer; print(outer(1))"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what compiles, with one kernel that calls another."""
    root = tmp_path / "project"
    shutil.copytree(ROOT / "compute", root / "compute", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "acc_cooperation.py", root)
    for package in PACKAGES[1:]:
        (root / package).mkdir()
        (root / package / "__init__.py").touch()
    (root / "worlds" / "inner.py").write_text(INNER.format(added=1))
    (root / "worlds" / "outer.py").write_text(OUTER)
    return root


def called(project: Path, **variables: str | None) -> tuple[str, list[str]]:
    """What the kernel gives, and the lines on stderr."""
    done = python("-c", CALL, cwd=project, **{"PYTHONPATH": str(project)} | variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), done.stderr.splitlines()


def test_an_edited_kernel_and_damaged_files_are_compiled_anew(project: Path, tmp_path: Path) -> None:
    chosen = tmp_path / "chosen"
    assert called(project, NUMBA_CACHE_DIR=str(chosen)) == ("2", [])
    (project / "worlds" / "inner.py").write_text(INNER.format(added=10))
    assert called(project, NUMBA_CACHE_DIR=str(chosen)) == ("11", [])
    assert len(list((chosen / "kernels").iterdir())) == 2
    assert not list(project.rglob("*.nbi"))
    for path in [*chosen.rglob("*.nbc"), *chosen.rglob("*.nbi")]:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    result, lines = called(project, NUMBA_CACHE_DIR=str(chosen))
    assert result == "11"
    assert len(lines) == 1
    assert lines[0].startswith(f"note: {chosen}")


def test_a_full_disk_is_one_line(project: Path, tmp_path: Path) -> None:
    """Files of more than 5 kB cannot be written, as on a disk that is full: the probe can, a kernel cannot."""
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)); {CALL}"
    done = python("-c", code, cwd=project, PYTHONPATH=str(project), NUMBA_CACHE_DIR=str(tmp_path / "small"), NUMBA_OPT="0")
    assert (done.returncode, done.stdout) == (0, "2\n")
    assert len(done.stderr.splitlines()) == 1
    assert "not kept are compiled anew" in done.stderr


@pytest.fixture(autouse=True)
def fresh_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notes are said again, and nothing is read from the machine's own environment."""
    folders.note.cache_clear()
    for name in ("XDG_CACHE_HOME", "NUMBA_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)


def homeless() -> Path:
    raise RuntimeError("Could not determine home directory.")


def test_places_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The user's choice, the user's cache, a private folder among temporary files, and none: every one is named after the digest."""
    (tmp_path / "file").touch()
    blocked = str(tmp_path / "file" / "below")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(folders.tempfile, "gettempdir", lambda: str(tmp_path))
    assert cache_folder("kernels", "abc", str(tmp_path / "mine")) == tmp_path / "mine" / "kernels" / "abc"
    assert cache_folder("kernels", "abc") == tmp_path / "home" / ".cache" / "acc-cooperation" / "kernels" / "abc"
    assert not capsys.readouterr().err
    monkeypatch.setenv("HOME", blocked)
    private = tmp_path / f"acc-cooperation-{os.getuid()}"
    assert cache_folder("kernels", "abc") == private / "kernels" / "abc"
    assert private.stat().st_mode & 0o777 == 0o700
    assert capsys.readouterr().err.splitlines() == [
        f"note: {blocked}/.cache/acc-cooperation: Not a directory; compiled kernels are kept in {private}/kernels/abc"
    ]
    private.chmod(0o777)  # somebody else may put code there
    assert cache_folder("kernels", "abc") is None
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_user_without_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders.Path, "home", homeless)
    monkeypatch.setattr(folders.tempfile, "gettempdir", lambda: str(tmp_path))
    assert cache_folder("networks", "abc") == tmp_path / f"acc-cooperation-{os.getuid()}" / "networks" / "abc"


def test_old_versions_do_not_pile_up(tmp_path: Path) -> None:
    for version in range(12):
        folder = cache_folder("kernels", str(version), str(tmp_path))
        assert folder is not None
        os.utime(folder, (version, version))
    cache_folder("kernels", "0", str(tmp_path))  # used again: kept, whatever its number
    kept = {path.name for path in (tmp_path / "kernels").iterdir()}
    assert len(kept) == folders.KEPT
    assert {"0", "11", "10"} <= kept


def test_the_shell_does_not_change_how_kernels_are_compiled() -> None:
    code = "import compute.kernel as k, numba; c = numba.config; print(int(c.OPT), c.BOUNDSCHECK, (c.CPU_NAME or k.TARGET) == k.TARGET)"
    done = python(
        "-c", code, NUMBA_OPT="0", NUMBA_BOUNDSCHECK="1", NUMBA_CPU_NAME="generic", NUMBA_CACHE_LOCATOR_CLASSES="Nonsense"
    )
    assert done.stdout == "3 None True\n"
