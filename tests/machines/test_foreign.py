"""From a folder that has files with our packages' names: nothing of the user's is imported or run, and one line says why."""

import sys
from pathlib import Path

import pytest

from tests.machines.shell import python

COMMANDS = ("sims.run", "analysis.report")
FILES = ("params.py", "recording/__init__.py", "compute.py")
TRAP = "raise SystemExit('a file of the user was run')\n"


@pytest.fixture(params=FILES)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / request.param
    path.parent.mkdir(exist_ok=True)
    path.write_text(TRAP)
    return tmp_path


def test_a_file_that_hides_a_package_is_named_and_not_run(folder: Path) -> None:
    done = python("-m", COMMANDS[0], "--list", cwd=folder)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {folder}")
    assert done.stderr.count("\n") == 1
    assert "python -P -m" in done.stderr


def test_the_installed_commands_and_safe_paths_do_not_see_it(tmp_path: Path) -> None:
    for name in ("params.py", "analysis.py", "json.py"):
        (tmp_path / name).write_text(TRAP)
    assert "coop_075s" in python("-P", "-m", "sims.run", "--list", cwd=tmp_path).stdout
    code = "import sys; from sims.run import main; sys.exit(main(['--list']))"  # what an installed command does
    assert "coop_075s" in python("-P", "-c", code, cwd=tmp_path).stdout


def test_a_library_user_gets_an_import_error(tmp_path: Path) -> None:
    (tmp_path / "analysis.py").write_text(TRAP)
    done = python("-c", "import sims", cwd=tmp_path, PYTHONPATH=str(tmp_path) + ":" + str(Path(__file__).parents[2]))
    assert "ImportError" in done.stderr
    assert "hides a package" in done.stderr


def test_every_command_is_installed() -> None:
    from importlib.metadata import entry_points

    found = {each.name: each.value for each in entry_points(group="console_scripts") if each.name.startswith("acc-")}
    assert {"acc-run": "sims.run:main", "acc-report": "analysis.report.__main__:main"}.items() <= found.items()
    assert sys.version_info >= (3, 11)  # -P is known
