"""The code that pages show is run, on a small run of mice without a simulator."""

import shutil
from pathlib import Path

import pytest

from analysis.behaviour.session import measure_run
from analysis.core.run import open_run
from analysis.findings.learning_table import LEARNING, learning_table
from recording.table import write_table
from tests.docs.pages import ROOT, blocks
from tests.fixtures.planted import SHORT, growing
from tests.fixtures.synthetic import write_synthetic_run

EXECUTED = ("README.md", "docs/tutorial.md", "docs/how-to/read-a-session.md", "docs/reference/tables.md")
README_SESSION = "runs/coop_075s_seed0/sessions/pair00_s038_evaluation_social.h5"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a reader of the tutorial would be: with a run in runs/first."""
    place = tmp_path_factory.mktemp("reader")
    first = write_synthetic_run(place / "runs" / "first", 2, overrides=SHORT, cells=growing)
    write_table(first / LEARNING.file, learning_table(measure_run(open_run(first), workers=1)), LEARNING)
    kept = place / README_SESSION
    kept.parent.mkdir(parents=True)
    shutil.copy(next((first / "sessions").glob("pair00_*_evaluation_social.h5")), kept)
    return place


@pytest.mark.parametrize("page", EXECUTED)
def test_blocks_of_a_page_run_one_after_another(
    page: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    names: dict[str, object] = {}
    code = blocks(ROOT / page, "python")
    assert code
    for block in code:
        exec(compile(block, page, "exec"), names)
    assert ("success" in capsys.readouterr().out) == (page == "docs/tutorial.md")
