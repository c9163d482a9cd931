"""Each clause of each claim can fail on its own, and what was not run is not judged."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.behaviour.findings import BehaviourFindings
from analysis.behaviour.strategy_growth import JUDGED, NULLS, SEEN, STAGES, StrategyGrowth
from analysis.core.statistics import NOT_MEASURED, Estimate
from analysis.findings.training import judge_behaviour
from params import resolve

ANALYSIS = resolve("coop_075s").params.analysis


def about(value: float, margin: float = 0.1) -> Estimate:
    return Estimate(value, value - margin, value + margin, 8)


def strategy(**beyond: dict[str, Estimate]) -> StrategyGrowth:
    """A strategy that grows beyond both nulls and that hiding the partner weakens, but for `beyond`."""
    amount = {source: dict.fromkeys(STAGES, about(1.0)) for source in (SEEN, *NULLS)}
    fine = dict.fromkeys(NULLS, about(0.5))
    return StrategyGrowth(amount, **{"grown": fine, "unhidden": fine, "excess": fine} | beyond)


def with_strategy(name: str, **beyond: dict[str, Estimate]) -> dict[str, dict[str, StrategyGrowth]]:
    return {"strategies": {each: strategy(**beyond) if each == name else strategy() for each in JUDGED}}


GOOD = BehaviourFindings(
    success=about(0.7), chance=about(0.1), excess=about(0.6), success_p=0.001, success_opaque=about(0.1), opaque_p=0.4,
    opaque_inside={0: True}, social_opaque_ratio=about(6.0), fraction_above_chance=about(0.9),
    excess_by_phase={"coop_3s": about(0.2), "coop_075s": about(0.5)}, learned=about(0.4),
    growth={
        "approach": about(1.5), "wait": about(2.0), "interaction": about(2.5), "contact": about(1.0), "wait_at_port": about(0.5),
    },
    strategies={name: strategy() for name in JUDGED},
    contingency={"early": about(0.0), "late": about(0.3), "opaque": NOT_MEASURED},
    in_sync={}, opener_success={},
)  # fmt: skip


def test_all_hold() -> None:
    assert all(each.holds for each in judge_behaviour(GOOD, ANALYSIS).values())


@pytest.mark.parametrize(
    ("claim", "change"),
    [
        ("F1", {"excess": about(0.05)}),
        ("F1", {"learned": about(0.0)}),
        ("F1", {"excess_by_phase": {"coop_3s": about(0.05), "coop_075s": about(0.5)}}),
        ("F2", {"fraction_above_chance": about(0.75)}),
        ("F2", {"opaque_p": 0.01}),
        ("F2", {"opaque_p": float("nan")}),
        ("F2", {"social_opaque_ratio": about(2.2)}),
        ("F2", {"social_opaque_ratio": about(3.0, margin=2.5)}),
        *(
            ("F3", with_strategy(name, **{which: {**dict.fromkeys(NULLS, about(0.5)), null: about(0.05)}}))
            for name in JUDGED
            for which in ("grown", "unhidden")
            for null in NULLS
        ),
        ("F3", {"growth": GOOD.growth | {"interaction": about(1.9)}}),
        ("F3", {"growth": GOOD.growth | {"interaction": about(2.5, margin=2.0)}}),
    ],
)
def test_one_clause_is_enough_to_fail(claim: str, change: dict) -> None:
    verdicts = judge_behaviour(replace(GOOD, **change), ANALYSIS)
    assert [name for name, each in verdicts.items() if not each.holds] == [claim]
    assert "no: " in verdicts[claim].because


@pytest.mark.parametrize(
    ("claim", "change"),
    [
        ("F1", {"excess": "few"}),
        ("F1", {"learned": "few"}),
        ("F1", {"excess_by_phase": {"coop_3s": about(0.2), "coop_075s": "few"}}),
        ("F2", {"fraction_above_chance": "few"}),
        ("F2", {"success_opaque": "few"}),
        ("F2", {"social_opaque_ratio": "few"}),
    ],
)
def test_one_figure_of_five_pairs_leaves_a_claim_unmeasured(claim: str, change: dict) -> None:
    few = Estimate(0.9, np.nan, np.nan, 5)
    ((name, value),) = change.items()
    given = {key: few if each == "few" else each for key, each in value.items()} if isinstance(value, dict) else few
    verdicts = judge_behaviour(replace(GOOD, **{name: given}), ANALYSIS)
    assert [each for each, verdict in verdicts.items() if not verdict.measured] == [claim]
    assert "needs 6 pairs, and a figure of it has 5" in verdicts[claim].because


def test_more_than_mice_show_is_told_as_a_difference_and_decides_nothing() -> None:
    """Mice: 0.76 of pairs, 2.3 times."""
    as_mice = {"fraction_above_chance": about(0.8), "social_opaque_ratio": about(2.35)}
    verdict = judge_behaviour(replace(GOOD, **as_mice), ANALYSIS)["F2"]
    assert (verdict.holds, verdict.differs) == (True, "")
    for name, more, text in (
        ("fraction_above_chance", about(1.0), "fraction of pairs above chance 1.00 [0.90, 1.10], in mice 0.76"),
        ("social_opaque_ratio", about(35.0), "social over opaque success 35.00 [34.90, 35.10], in mice 2.3"),
    ):
        verdict = judge_behaviour(replace(GOOD, **as_mice | {name: more}), ANALYSIS)["F2"]
        assert (verdict.holds, verdict.differs) == (True, text)


@pytest.mark.parametrize("late", [about(-0.5), about(0.9), NOT_MEASURED])
def test_the_contingency_of_waiting_supports_and_does_not_decide(late: Estimate) -> None:
    verdict = judge_behaviour(replace(GOOD, contingency=GOOD.contingency | {"late": late}), ANALYSIS)["F3"]
    assert verdict.holds
    assert (
        f"rank correlation of poking with the time at which the partner is ready: 0.00 [-0.10, 0.10] early, {late} late"
        in verdict.because
    )
    assert "standing at the port 0.50" in verdict.because


def test_what_was_not_run_is_not_judged() -> None:
    nothing = replace(
        GOOD,
        excess=NOT_MEASURED,
        fraction_above_chance=NOT_MEASURED,
        growth=dict.fromkeys(GOOD.growth, NOT_MEASURED),
    )
    for verdict in judge_behaviour(nothing, ANALYSIS).values():
        assert verdict.holds is verdict.measured is False
        assert verdict.because.startswith("not measured: ")
