"""Each clause of each claim about cells can fail on its own, and what was not measured is not judged."""

from dataclasses import replace

import pytest

from analysis.core.statistics import NOT_MEASURED, Estimate
from analysis.findings.training import EARLIER_TABLE, NO_TRAINING, OF_CELLS, judge_cells, without_cells
from analysis.neural.association import Association
from analysis.neural.cohort import CellFindings
from analysis.neural.inputs.stages import LATE, STAGES
from params import resolve

ANALYSIS = resolve("coop_075s").params.analysis
STRATEGIES = ("approach", "wait", "interaction")
TUNED = [f"tuned_{name}" for name in ("correct", *STRATEGIES)]
PLAIN, NET, UNIQUE = (
    [f"{kind}_partner_{name}" for name in ("position", "at_port", "about_to_poke")] for kind in ("at_all", "net", "unique")
)
PARTNER = [*PLAIN, *NET, *UNIQUE, *(f"{name}_excess" for name in PLAIN)]
ENHANCED = [f"enhancement_{event}" for event in ("arrival", "correct")]
RESPONSES = [f"response_{event}_{where}" for event in ("arrival", "correct") for where in ("within", "outside")]
GROUPS = ["groups", "modularity", "modularity_excess", "stability", *ENHANCED, *RESPONSES]
SHARED = ["shared_dims", "shared_fraction"]
NAMES = [*TUNED, "events_correct", "strength_correct", *PARTNER, *GROUPS, *SHARED]


def about(value: float, margin: float = 0.1) -> Estimate:
    return Estimate(value, value - margin, value + margin, 8)


GOOD = CellFindings(
    stages={stage: dict.fromkeys(NAMES, about(0.5)) for stage in STAGES},
    chances={stage: dict.fromkeys(NAMES, 0.0) for stage in STAGES},
    grown={name: about(0.2) for name in NAMES},
    over_solo={name: about(0.2) for name in NAMES},
    seen={name: about(0.2) for name in NAMES},
    gaba_less_exc={LATE: dict.fromkeys(SHARED, about(0.1))},
    with_success={name: Association(about(0.6), about(0.6)) for name in [*PARTNER, *RESPONSES]},
    pairs=8,
)


def changed(table: str, key: str | tuple[str, str], value: object) -> CellFindings:
    """`GOOD` but for one value; key: of stages (measure, stage)."""
    found = getattr(GOOD, table)
    if isinstance(key, tuple):
        name, stage = key
        return replace(GOOD, stages=found | {stage: found[stage] | {name: value}})
    return replace(GOOD, **{table: found | {key: value}})


def test_all_hold() -> None:
    verdicts = judge_cells(GOOD, ANALYSIS)
    assert list(verdicts) == list(OF_CELLS)
    assert all(each.holds for each in verdicts.values())


@pytest.mark.parametrize(
    ("claim", "table", "key", "value"),
    [
        *(("F4", table, name, about(0.05)) for table in ("grown", "over_solo") for name in TUNED),
        *(("F4", "stages", (name, LATE), about(0.1)) for name in TUNED),
        *(("F5", "grown", name, about(0.05)) for name in PLAIN),
        *(("F5", "stages", (f"{name}_excess", LATE), about(0.05)) for name in PLAIN),
        *(("F5", "with_success", name, Association(about(0.05), about(0.6))) for name in PLAIN),
        ("F6", "stages", ("modularity_excess", LATE), about(0.05)),
        ("F6", "grown", "modularity_excess", about(0.05)),
        ("F6", "stages", ("stability", LATE), about(0.05)),
        *(("F6", "stages", (name, LATE), about(0.05)) for name in ENHANCED),
        *(("F6", "grown", name, about(0.05)) for name in ENHANCED),
        *(("F10", table, name, about(0.05)) for table in ("grown", "seen") for name in SHARED),
    ],
)
def test_one_clause_is_enough_to_fail(claim: str, table: str, key: str | tuple[str, str], value: object) -> None:
    verdicts = judge_cells(changed(table, key, value), ANALYSIS)
    assert [name for name, each in verdicts.items() if not each.holds] == [claim]
    assert "no: " in verdicts[claim].because


def test_net_and_unique_are_told_and_decide_nothing() -> None:
    bad = dict.fromkeys([*NET, *UNIQUE], about(-0.2))
    verdict = judge_cells(replace(GOOD, grown=GOOD.grown | bad), ANALYSIS)["F5"]
    assert verdict.holds
    assert "net share of place" in verdict.support
    assert "-0.20 [-0.30, -0.10]" in verdict.support


@pytest.mark.parametrize("table", ["over_solo", "grown"])
def test_a_strategy_too_rare_decides_nothing(table: str) -> None:
    rare = {"tuned_interaction": Estimate(-0.5, -0.6, -0.4, 3)}
    verdict = judge_cells(
        replace(GOOD, over_solo=GOOD.over_solo | rare, **({"grown": GOOD.grown | rare} if table == "grown" else {})), ANALYSIS
    )
    assert verdict["F4"].holds
    assert "too rare to judge: interaction in 3 pairs" in verdict["F4"].support


@pytest.mark.parametrize(
    ("claim", "table", "key"),
    [
        ("F4", "grown", "tuned_correct"),
        ("F4", "over_solo", "tuned_correct"),
        ("F5", "grown", "at_all_partner_at_port"),
        ("F6", "grown", "enhancement_arrival"),
        ("F6", "stages", ("modularity_excess", LATE)),
        ("F10", "seen", "shared_dims"),
    ],
)
def test_what_was_not_measured_is_not_judged(claim: str, table: str, key: str | tuple[str, str]) -> None:
    verdict = judge_cells(changed(table, key, NOT_MEASURED), ANALYSIS)[claim]
    assert not verdict.measured
    assert verdict.because.startswith("not measured: ")


def test_five_pairs_with_corrects_in_the_solo_task_are_too_few() -> None:
    verdict = judge_cells(replace(GOOD, over_solo=GOOD.over_solo | {"tuned_correct": Estimate(0.2, 0.1, 0.3, 5)}), ANALYSIS)["F4"]
    assert not verdict.measured
    assert "a verdict needs 6 pairs" in verdict.because


def test_without_training_nothing_is_judged() -> None:
    assert judge_cells(replace(GOOD, pairs=0), ANALYSIS) == without_cells(NO_TRAINING)


def test_a_table_from_before_the_rules_is_not_judged() -> None:
    grown = {name: each for name, each in GOOD.grown.items() if not name.startswith("enhancement_")}
    assert judge_cells(replace(GOOD, grown=grown), ANALYSIS) == without_cells(EARLIER_TABLE)
