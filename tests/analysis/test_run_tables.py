"""All tables of a run, by name: those that are there, whatever the run is of."""

import shutil
from pathlib import Path

import pytest

import analysis
from analysis.core.run import RunDirectoryError
from analysis.findings.learning_table import LEARNING
from analysis.run_tables import EVERY
from analysis.table_reference import TABLES
from params.errors import UserError
from recording.schemas import ABLATION_OF_MICE, RANKING, WEIGHTS
from recording.table import write_table
from tests.fixtures.synthetic import write_synthetic_run

GOLDEN = Path(__file__).parents[1] / "recording" / "golden"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_synthetic_run(tmp_path_factory.mktemp("tables") / "run", 1, overrides=("schedule.session=1 min",))


def test_a_run_without_a_report_has_no_tables(run: Path) -> None:
    assert analysis.tables(run) == {}


def test_every_table_there_is_read(run: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(run, tmp_path / "run"))
    shutil.copy(GOLDEN / "learning.csv", copy)
    write_table(copy / "ranking.csv", RANKING.frame([]), RANKING)
    write_table(copy / "ablation.csv", ABLATION_OF_MICE.frame([]), ABLATION_OF_MICE)
    for pair in range(2):
        row = {"pair": pair, "agent": 0, "cell": 1, "base": "naive"} | dict.fromkeys(WEIGHTS.names[4:], 0.5)
        (copy / "weights").mkdir(exist_ok=True)
        write_table(copy / "weights" / f"pair{pair:02d}.csv", WEIGHTS.frame([row]), WEIGHTS)
    found = analysis.tables(str(copy))
    assert set(found) == {"learning", "ranking", "ablation", "weights"}
    assert list(found["learning"].columns) == LEARNING.names
    assert found["weights"]["pair"].tolist() == [0, 1]


def test_every_table_is_in_the_reference() -> None:
    assert {each.file for each in EVERY} <= {each.file for each in TABLES}


def test_no_run_and_damage_are_one_line(run: Path, tmp_path: Path) -> None:
    with pytest.raises(RunDirectoryError, match="no such run directory"):
        analysis.tables(tmp_path / "absent")
    copy = Path(shutil.copytree(run, tmp_path / "run"))
    (copy / "learning.csv").write_bytes(b"\x00\xff")
    with pytest.raises(UserError) as raised:
        analysis.tables(copy)
    assert "\n" not in str(raised.value)
