"""One tiny run for all tests of this folder."""

from pathlib import Path

import pytest

from analysis.behaviour.session import measure_run
from analysis.core.run import open_run
from analysis.report import training as report
from analysis.report.learning_table import as_csv
from sims.run import main

TINY = ["--quick", "--pairs", "1", "--seed", "3", "--set", 'schedule.session="1 min"', "--set", 'body.bout="750 ms"']


def write_table(run_dir: Path, *_: object, **__: object) -> Path:
    """learning.csv alone, in place of a report."""
    (run_dir / "learning.csv").write_text(as_csv(measure_run(open_run(run_dir))), newline="")
    return run_dir / "report.html"


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run without a report, not to be written to."""
    out = tmp_path_factory.mktemp("finished") / "a run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "write_report", write_table)
        assert main(["coop_3s", *TINY, "--out", str(out)]) == 0
    return out
