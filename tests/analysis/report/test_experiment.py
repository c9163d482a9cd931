"""The analysis of an imported experiment: the report of a run, with what an experiment lacks said in a line."""

from pathlib import Path

import pytest

from analysis.findings.learning_table import LEARNING
from analysis.report.training import write_report
from params.errors import UserError
from recording.import_session import main
from recording.table import read_table
from sims.store.trained import open_trained
from tests.fixtures.laboratory import small


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pairs: a training session and an evaluation of the first, a training session without events of the second."""
    folder = tmp_path_factory.mktemp("lab")
    told = [
        {},
        {"session__session": "4", "session__phase": '"evaluation_social"'},
        {"session__pair": "1", "animals__agent_0__name": '"M3"', "animals__agent_1__name": '"M4"'},
    ]
    for index, each in enumerate(told):
        path = small(40.0, seed=index, stop_s=38.0).write(folder / f"files{index}", **each)
        if index == 2:
            path.write_text(path.read_text().partition("[events.box]")[0])
        assert main([str(path), "-o", str(folder / "lab")]) == 0
    return folder / "lab"


def test_the_report_of_an_experiment(lab: Path) -> None:
    page = write_report(lab, workers=1, say=lambda _: None).read_text()
    table = read_table(lab / LEARNING.file, LEARNING)
    assert table["pair"].tolist() == [0, 0, 1]
    truths = [small(40.0, seed=index, stop_s=38.0).truth.scored(2.0, 38.0) for index in range(2)]
    assert table["attempts"].tolist() == [*(each.attempts for each in truths), 0]
    assert table["success"].tolist()[:2] == pytest.approx([each.success for each in truths])
    for said in (
        "No session of evaluation_opaque: the experiment has none",
        "No attempt in pair/session 1/3",
        "hold no activity of cells",
    ):
        assert said in page
    assert "No session of evaluation_social" not in page
    assert "recording.rates" not in page


def test_an_experiment_trains_nobody(lab: Path) -> None:
    with pytest.raises(UserError, match="is an experiment; allowed: the directory of a finished training run"):
        open_trained(lab)
