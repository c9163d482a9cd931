"""Mice that never poke, and pairs too few for a verdict: reports say what was not measured, and call nothing a failure."""

from pathlib import Path

import numpy as np
import pytest

from analysis.behaviour.cohort import Evaluation
from analysis.core.nulls import Null
from analysis.core.run import open_run
from analysis.findings.analysed import analyse
from analysis.findings.summary import SilencingSummary, read_summary
from analysis.findings.training import OF_BEHAVIOUR
from analysis.findings.verdict import Verdict
from analysis.interventions.ablation.mice import why_not_cooperating
from analysis.report.silencing import write_silencing_report
from tests.analysis.interventions.test_silencing import write_run
from tests.fixtures import synthetic

PAIRS = 6
BRIEF = (
    "schedule.session=1 min",
    *(f"schedule.{name}.sessions=2" for name in ("pretraining", "coop_3s", "coop_150s", "coop_075s")),
)


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthetic, "_shuttle", lambda *_: ([[], []], [[], []]))


@pytest.mark.usefixtures("idle")
def test_training_in_which_nobody_pokes(tmp_path: Path) -> None:
    verdicts = behaviour_of(synthetic.write_synthetic_run(tmp_path, 2, overrides=BRIEF))
    assert "there was cooperative training, but no pair made an attempt" in verdicts["F1"].because
    assert "no pair made an attempt" in verdicts["F2"].because
    assert verdicts["F3"].because == "not measured: no bout of any strategy"
    assert not any(each.measured or each.holds for each in verdicts.values())


def test_one_pair_that_cooperates(tmp_path: Path) -> None:
    verdicts = behaviour_of(synthetic.write_synthetic_run(tmp_path, 1, overrides=BRIEF))
    assert not any(each.measured or each.holds for each in verdicts.values())
    assert all("needs 6 pairs" in each.because for each in verdicts.values())


def behaviour_of(run: Path) -> dict[str, Verdict]:
    return {name: each for name, each in analyse(run, 2, behaviour_only=True).summary.verdicts.items() if name in OF_BEHAVIOUR}


@pytest.mark.parametrize(("pairs", "because"), [(1, "needs 6 pairs"), (PAIRS, "no pair made an attempt at dose 0")])
def test_silencing_of_one_pair_or_of_mice_that_never_poke(
    pairs: int, because: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if pairs > 1:
        request.getfixturevalue("idle")
    page = write_silencing_report(write_run(tmp_path, pairs=pairs, tasks=("coop", "solo")), workers=2)
    summary = read_summary(open_run(page.parent), SilencingSummary)
    assert because in summary.verdicts["F7"].because
    for dose in summary.doses:
        assert dose.judged.halved is dose.judged.solo_spared is dose.judged.holds is None
        assert (dose.judged.at_chance is None) == (pairs > 1)
    text = page.read_text(encoding="utf-8")
    assert "does not hold" not in text
    assert text.count("<td>not measured</td>") >= 2 * len(summary.doses)


def test_untouched_pairs_that_make_no_attempt_are_not_called_at_chance() -> None:
    draws = np.zeros(20, np.int64)
    idle = Evaluation(0, 0, 0, Null(draws, draws))
    good = Evaluation(1, 9, 10, Null(draws + 1, draws + 10))
    assert why_not_cooperating([idle], 0.05) == why_not_cooperating([], 0.05) == "untouched pairs made no attempt"
    assert why_not_cooperating([idle, good], 0.05) == ""
    assert "not above chance" in why_not_cooperating([idle, Evaluation(1, 1, 10, good.null)], 0.05)
