"""One tiny run for all tests of this folder."""

from pathlib import Path

import pytest

from analysis.behaviour.session import measure_run
from analysis.core.run import open_run
from analysis.findings.learning_table import LEARNING, learning_table
from analysis.report import training as report
from recording.table import write_table
from sims.run import main

TINY = ["--quick", "--pairs", "1", "--seed", "3", "--set", 'schedule.session="1 min"', "--set", 'body.bout="750 ms"']


def learning_alone(run_dir: Path, *_: object, **__: object) -> Path:
    """learning.csv alone, in place of a report."""
    write_table(run_dir / LEARNING.file, learning_table(measure_run(open_run(run_dir))), LEARNING)
    return run_dir / "report.html"


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run without a report, not to be written to."""
    out = tmp_path_factory.mktemp("finished") / "a run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "write_report", learning_alone)
        assert main(["coop_3s", *TINY, "--out", str(out)]) == 0
    return out
