"""Commands answer at once: a library that only the work needs is imported when the work begins."""

import pytest

from tests.machines.shell import python

SLOW = {"jax", "matplotlib", "numba", "pandas", "scipy.stats"}  # to import
NEEDED = {  # command -> those of them that it cannot answer without
    "sims.run --list": set(),
    "sims.run --help": set(),
    "sims.run coop_075s --dry-run": {"numba"},  # asks whether there are such brains
    "sims.run marl_coop --dry-run": set(),
    "sims.sweep --help": set(),
    "sims.fit --help": set(),
    "analysis.report --help": {"numba"},  # lists the signals there are
    "analysis.compare --help": {"pandas"},
    "analysis.sweep --help": set(),
    "recording.import_session --help": set(),
}


@pytest.mark.parametrize("command", NEEDED)
def test_a_command_that_does_no_work_imports_no_library_of_its_work(command: str) -> None:
    done = python("-X", "importtime", "-m", *command.split())
    assert done.returncode == 0
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "params.load" in imported
    assert imported & SLOW == NEEDED[command]
