"""The neural part of the report: files, sections, figures; and how it is left out."""

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.core.run import open_run
from analysis.findings.summary import TrainingSummary, read_summary
from analysis.findings.training import OF_CELLS
from analysis.neural.inputs.stages import STAGES
from analysis.report.__main__ import main
from analysis.report.training import write_report
from params.schema.mice import Parameters
from recording import Session
from tests.fixtures.figures import undrawn
from tests.fixtures.planted import FEW, growing
from tests.fixtures.synthetic import write_synthetic_run

SHORT = (
    "schedule.session=6 min",
    "schedule.pretraining.sessions=1",
    "schedule.coop_3s.sessions=1",
    "schedule.coop_150s.sessions=0",
    "schedule.coop_075s.sessions=1",
    *FEW,
)
FIGURES = ("tuning", "decoding", "course", "success", "groups", "sharing")


def halved(session: Session, params: Parameters) -> Session:
    """Another signal: half the rates."""
    return replace(session, rates=session.rates / 2)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_synthetic_run(tmp_path_factory.mktemp("run"), 1, overrides=SHORT, cells=growing)


def test_leaves_the_cells_out_when_asked(run: Path, capsys: pytest.CaptureFixture) -> None:
    with undrawn():
        assert main([str(run), "--behaviour-only"]) == 0
    assert capsys.readouterr().out == f"{run / 'report.html'}\n"
    summary = read_summary(open_run(run), TrainingSummary)
    assert not any(summary.verdicts[name].measured for name in OF_CELLS)
    assert "only behaviour was analysed" in (run / "report.html").read_text()
    assert not (run / "neural.csv").exists()


def test_says_what_it_does_and_shows_what_it_found(run: Path) -> None:
    said: list[str] = []
    with undrawn():
        write_report(run, workers=2, signals={"rate": lambda session, params: session, "half": halved}, say=said.append)
    assert len(said) == 5
    assert any(re.fullmatch(r"cells of pair 0, early \(session 1, coop_3s\): \d+ s, \d+ of \d+", line) for line in said)
    with (run / "neural.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {(row["pair"], row["stage"]) for row in rows} == {("0", each) for each in STAGES}
    assert {row["agent"] for row in rows} == {"0", "1", "both"}
    assert all(bool(row["value"]) != bool(row["missing"]) for row in rows)
    signals = read_summary(open_run(run), TrainingSummary).cells.signals
    assert list(signals) == ["rate", "half"]
    tuned = [repr(signals[name].findings.at("tuned_correct", "late")) for name in ("rate", "half")]
    assert tuned[0] == tuned[1]
    assert signals["rate"].findings.grown["tuned_correct"].n == 1
    assert signals["rate"].findings.chances["late"]["tuned_correct"] == 0.05
    page = (run / "report.html").read_text()
    assert all(f'id="neural_{name}_{signal}"' in page for name in FIGURES for signal in signals)
    assert all(f"{name}. {claim}" in page for name, claim in OF_CELLS.items())
    assert "Verdict F10" in page
    assert "Not measured in cells" in page
    assert "ells fire" not in page  # the cells do not spike
    assert not (run / "firing.csv").exists()
    assert "nan" not in re.sub(r"base64,[^\"]*|\"data\": \"[^\"]*", "", page).lower()
