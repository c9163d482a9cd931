"""Each clause of each claim about cells can fail on its own, and what was not measured is not judged."""

from dataclasses import replace

import pytest

from analysis.neural.association import Association
from analysis.neural.cohort import CellFindings
from analysis.neural.stages import EARLY, LATE, OPAQUE, SOCIAL
from analysis.neural.verdicts import CELL_CLAIMS, NO_TRAINING, judge_cells, without_cells
from analysis.statistics import NOT_MEASURED, Estimate
from params import resolve

ANALYSIS = resolve("coop_075s").params.analysis
STRATEGIES = ("approach", "wait", "interaction")
TUNED = [f"tuned_{name}" for name in ("correct", *STRATEGIES)]
PARTNER = [f"{kind}_partner_{name}" for kind in ("net", "unique") for name in ("position", "at_port", "about_to_poke")]
GROUPS = ["groups", "modularity", "modularity_excess", "stability", "gain", "gain_excess"]
SHARED = ["shared_dims", "shared_fraction"]
NAMES = [*TUNED, "events_correct", "strength_correct", *PARTNER, *GROUPS, *SHARED]


def about(value: float, margin: float = 0.1) -> Estimate:
    return Estimate(value, value - margin, value + margin, 8)


GOOD = CellFindings(
    stages={(name, stage): about(0.5) for name in NAMES for stage in (EARLY, LATE, SOCIAL, OPAQUE)},
    grown={name: about(0.2) for name in NAMES},
    seen={name: about(0.2) for name in NAMES},
    gaba_less_exc={(name, LATE): about(0.1) for name in SHARED},
    with_success={name: Association(about(0.6), about(0.6)) for name in PARTNER},
    pairs=8,
)


def test_all_hold() -> None:
    verdicts = judge_cells(GOOD, ANALYSIS)
    assert list(verdicts) == list(CELL_CLAIMS)
    assert all(each.holds for each in verdicts.values())


@pytest.mark.parametrize(
    ("claim", "table", "key", "value"),
    [
        *(("F4", "grown", name, about(0.05)) for name in TUNED),
        *(("F4", "stages", (name, LATE), about(0.1)) for name in TUNED),
        *(("F5", "grown", f"{kind}_partner_position", about(-0.2)) for kind in ("net", "unique")),
        *(("F5", "with_success", f"{kind}_partner_position", Association(about(0.05), about(0.6))) for kind in ("net", "unique")),
        ("F6", "stages", ("modularity_excess", LATE), about(0.05)),
        ("F6", "grown", "modularity_excess", about(0.05)),
        ("F6", "stages", ("stability", LATE), about(0.05)),
        ("F6", "stages", ("gain_excess", LATE), about(0.05)),
        *(("F10", table, name, about(0.05)) for table in ("grown", "seen") for name in SHARED),
    ],
)
def test_one_clause_is_enough_to_fail(claim: str, table: str, key: object, value: object) -> None:
    verdicts = judge_cells(replace(GOOD, **{table: getattr(GOOD, table) | {key: value}}), ANALYSIS)
    assert [name for name, each in verdicts.items() if not each.holds] == [claim]
    assert "no: " in verdicts[claim].because


def test_net_and_unique_that_part_are_said_to() -> None:
    grown = GOOD.grown | {"unique_partner_position": about(-0.2)}
    verdict = judge_cells(replace(GOOD, grown=grown), ANALYSIS)["F5"]
    assert not verdict.holds
    assert "opposite directions" in verdict.support


def test_a_strategy_too_rare_decides_nothing() -> None:
    grown = GOOD.grown | {"tuned_interaction": Estimate(-0.5, -0.6, -0.4, 3)}
    verdict = judge_cells(replace(GOOD, grown=grown), ANALYSIS)["F4"]
    assert verdict.holds
    assert "too rare to judge: interaction in 3 pairs" in verdict.support


@pytest.mark.parametrize(
    ("claim", "table", "key"),
    [
        ("F4", "grown", "tuned_correct"),
        ("F5", "grown", "unique_partner_position"),
        ("F6", "stages", ("modularity_excess", LATE)),
        ("F10", "seen", "shared_dims"),
    ],
)
def test_what_was_not_measured_is_not_judged(claim: str, table: str, key: object) -> None:
    verdict = judge_cells(replace(GOOD, **{table: getattr(GOOD, table) | {key: NOT_MEASURED}}), ANALYSIS)[claim]
    assert not verdict.measured
    assert verdict.because.startswith("not measured: ")


def test_without_training_nothing_is_judged() -> None:
    assert judge_cells(replace(GOOD, pairs=0), ANALYSIS) == without_cells(NO_TRAINING)
