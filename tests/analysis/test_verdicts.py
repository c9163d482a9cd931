"""Each clause of each claim can fail on its own, and what was not run is not judged."""

from dataclasses import replace

import pytest

from analysis.statistics import NOT_MEASURED, Estimate
from analysis.strategy_findings import JUDGED, NULLS, SEEN, STAGES, StrategyFinding
from analysis.summary import Findings
from analysis.verdicts import Clause, Verdict, as_json, clauses_of, judge
from params import resolve

ANALYSIS = resolve("coop_075s").params.analysis


def about(value: float, margin: float = 0.1) -> Estimate:
    return Estimate(value, value - margin, value + margin, 8)


def strategy(**beyond: dict[str, Estimate]) -> StrategyFinding:
    """A strategy that grows beyond both nulls and that hiding the partner weakens, but for `beyond`."""
    amount = {(source, stage): about(1.0) for source in (SEEN, *NULLS) for stage in STAGES}
    fine = dict.fromkeys(NULLS, about(0.5))
    return StrategyFinding(amount, **{"grown": fine, "unhidden": fine, "excess": fine} | beyond)


def with_strategy(name: str, **beyond: dict[str, Estimate]) -> dict[str, dict[str, StrategyFinding]]:
    return {"strategies": {each: strategy(**beyond) if each == name else strategy() for each in JUDGED}}


GOOD = Findings(
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


def test_clauses_are_told_apart_again() -> None:
    verdict = Verdict((Clause(True, "one; and more", 8), Clause(False, "other", 8)), differs="more", support="a; b")
    parts = [("yes", "one; and more"), ("no", "other"), ("differs", "more"), ("support", "a; b")]
    assert clauses_of(verdict.because) == parts
    assert clauses_of(Verdict(missing="no rates").because) == []


def test_all_hold() -> None:
    assert all(each.holds for each in judge(GOOD, ANALYSIS).values())


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
    verdicts = judge(replace(GOOD, **change), ANALYSIS)
    assert [name for name, each in verdicts.items() if not each.holds] == [claim]
    assert "no: " in verdicts[claim].because


@pytest.mark.parametrize("late", [about(-0.5), about(0.9), NOT_MEASURED])
def test_the_contingency_of_waiting_supports_and_does_not_decide(late: Estimate) -> None:
    verdict = judge(replace(GOOD, contingency=GOOD.contingency | {"late": late}), ANALYSIS)["F3"]
    assert verdict.holds
    assert (
        f"the later the partner is ready the later the poke, rank correlation 0.00 [-0.10, 0.10] early, {late} late"
        in verdict.because
    )
    assert "at the port times 0.50" in verdict.because


def test_what_was_not_run_is_not_judged() -> None:
    nothing = replace(
        GOOD,
        excess=NOT_MEASURED,
        fraction_above_chance=NOT_MEASURED,
        growth=dict.fromkeys(GOOD.growth, NOT_MEASURED),
    )
    for verdict in as_json(judge(nothing, ANALYSIS)).values():
        assert verdict["holds"] is verdict["measured"] is False
        assert verdict["because"].startswith("not measured: ")
