"""F4, F5 and F6 from recordings to verdict: they hold where they were planted, and not where what would make them trivial was."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.findings.f4 import judge_f4
from analysis.findings.f5 import judge_f5
from analysis.findings.f6 import judge_f6
from analysis.neural.cohort import CellCohort, CellFindings, find_in_cells
from analysis.neural.inputs.stages import COMPARED_IN_TUNING, EARLY, LATE, OPAQUE, SOCIAL, STAGES, TRAINING
from analysis.neural.measures import StageMeasures
from tests.fixtures.planted import (
    ANALYSIS,
    FEW,
    FEW_DRAWS,
    FEW_FITS,
    all_alike,
    answering,
    deaf,
    ignorant,
    measures_of,
    run_of,
    tuned_before,
    uneven,
)
from tests.fixtures.synthetic import Cells

LEVEL = ANALYSIS.selectivity.false_discovery
PAIRS = 6  # the fewest of a verdict
GROUPS_ONLY = ("schedule.session=4 min", *FEW_FITS)
TUNING_ONLY = FEW
STRATEGIES = ("approach", "interaction")  # that these mice show often enough


def measured(path: Path, cells: Cells, stages: tuple[str, ...] = STAGES, overrides: tuple[str, ...] = ()) -> list[StageMeasures]:
    return measures_of(run_of(path, cells, PAIRS, overrides), stages=stages)


def findings_of(measures: list[StageMeasures]) -> CellFindings:
    """With a success that grows from pair to pair."""
    pairs = [SimpleNamespace(pair=pair, success=0.3 + 0.1 * pair) for pair in range(PAIRS)]
    return find_in_cells(CellCohort(measures), SimpleNamespace(evaluations=lambda phase: pairs))


def failing(clauses: tuple) -> list[str]:
    return [clause.text for clause in clauses if not clause.holds]


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> CellFindings:
    return findings_of(measured(tmp_path_factory.mktemp("uneven"), uneven, overrides=FEW_DRAWS))


def test_partner_information_that_goes_with_success(learned: CellFindings) -> None:
    verdict = judge_f5(learned)
    assert verdict.holds, verdict.because
    for name in ("net_partner_position", "unique_partner_position"):
        assert learned.grown[name].low > 0.05
        assert abs(learned.at(name, EARLY).value) < 0.05
        assert learned.at(name, OPAQUE).value < 0.05 < learned.at(name, SOCIAL).value


def test_cells_without_the_partner(tmp_path: Path) -> None:
    """Place cells of one's own: the partner is decoded a little, as the animals meet at the ports, and no better late."""
    findings = findings_of(measured(tmp_path, ignorant, TRAINING, ("schedule.pretraining.sessions=0", *FEW_DRAWS)))
    assert len(failing(judge_f5(findings).clauses)) >= 3
    assert not judge_f4(findings, LEVEL).measured
    for name in ("net_partner_position", "unique_partner_position"):
        assert abs(findings.at(name, LATE).value) < 0.05
        assert abs(findings.grown[name].value) < 0.05


@pytest.mark.parametrize("cells", [tuned_before, None])
def test_tuning_that_the_solo_task_has_already(cells: Cells | None, tmp_path: Path, learned: CellFindings) -> None:
    """Tuning grows from early to late in both; only where the solo task has none of it does cooperation add it."""
    findings = findings_of(measured(tmp_path, cells, COMPARED_IN_TUNING, TUNING_ONLY)) if cells else learned
    verdict = judge_f4(findings, LEVEL)
    for name in ("correct", *STRATEGIES):
        assert findings.grown[f"tuned_{name}"].low > 0
    assert (findings.over_solo["tuned_correct"].low > 0) == (cells is None)
    if cells:
        assert not verdict.holds
        assert all("solo" in text for text in failing(verdict.clauses))
        assert len(failing(verdict.clauses)) == 1 + len(STRATEGIES)


def test_groups_that_come_to_answer(tmp_path: Path) -> None:
    verdict = judge_f6(findings_of(measured(tmp_path, answering, TRAINING, GROUPS_ONLY)))
    assert verdict.holds, verdict.because


@pytest.mark.parametrize("cells", [deaf, all_alike])
def test_groups_that_enhance_nothing(cells: Cells, tmp_path: Path) -> None:
    """Groups that form and last, without any response or with one that all cells have alike."""
    verdict = judge_f6(findings_of(measured(tmp_path, cells, TRAINING, GROUPS_ONLY)))
    assert verdict.measured
    assert [clause.holds for clause in verdict.clauses] == [True] * 3 + [False] * 4
