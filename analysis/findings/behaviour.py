"""summary.json: what a run found, each number with its interval over pairs."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.behaviour.cohort import (
    OPAQUE,
    SOCIAL,
    Cohort,
    Evaluation,
    cohort_p_value,
    early_contingency,
    growth,
    late_contingency,
    mean_contingency,
    pool,
    social_over_opaque,
    thirds,
)
from analysis.behaviour.deadlock import locked_note
from analysis.behaviour.openers import less_and_more
from analysis.behaviour.strategies import STRATEGIES
from analysis.behaviour.synchrony import InSync, find_in_sync
from analysis.core.run import RunDirectory
from analysis.core.statistics import NOT_MEASURED, Estimate, fraction_of_pairs, median_over_pairs
from analysis.findings.f3 import StrategyFinding, find_strategies


@dataclass(frozen=True)
class Findings:
    """What the cohort shows; `NOT_MEASURED` where a phase was not run.

    success, chance, excess: final evaluation through a clear divider. excess_by_phase: success above chance in the last third of the
    sessions of each training phase. learned: growth of success above chance on one ruler (the final window), last against first third
    of the sessions of training. growth: late over early time in each strategy. strategies: beyond what animals do that have nothing to do
    with each other. contingency: of waiting, "early" and "late" in training
    and "opaque", behind the opaque divider. *_p: one-sided, of the cohort's median against its own chance.
    opaque_inside: per pair, whether opaque success lies inside its own chance. in_sync: of pokes, by evaluation. opener_success: in the
    final evaluation, of the animal of each pair with "less" and with "more" of it.
    """

    success: Estimate
    chance: Estimate
    excess: Estimate
    success_p: float
    success_opaque: Estimate
    opaque_p: float
    opaque_inside: dict[int, bool]
    social_opaque_ratio: Estimate
    fraction_above_chance: Estimate
    excess_by_phase: dict[str, Estimate]
    learned: Estimate
    growth: dict[str, Estimate]
    strategies: dict[str, StrategyFinding]
    contingency: dict[str, Estimate]
    in_sync: dict[str, InSync]
    opener_success: dict[str, Estimate]


def find(cohort: Cohort, run: RunDirectory) -> Findings:
    """Reduce a cohort to its findings."""
    analysis = run.resolved.params.analysis
    social, opaque = cohort.evaluations(SOCIAL), cohort.evaluations(OPAQUE)

    def median(values: Any) -> Estimate:
        return median_over_pairs(np.asarray(values, float))

    return Findings(
        success=median([each.success for each in social]),
        chance=median([each.null.mean for each in social]),
        excess=median([each.excess for each in social]),
        success_p=cohort_p_value(social),
        success_opaque=median([each.success for each in opaque]),
        opaque_p=cohort_p_value(opaque),
        opaque_inside={each.pair: not each.p_value < analysis.significance for each in opaque},
        social_opaque_ratio=median(social_over_opaque(social, opaque)),
        fraction_above_chance=fraction_of_pairs(np.array([each.p_value < analysis.significance for each in social])),
        excess_by_phase={phase: median(_late_excess(cohort, phase)) for phase in cohort.training_phases},
        learned=median([_learned(cohort, pair) for pair in cohort.pairs]),
        growth={name: median(growth(cohort, name, analysis)) for name in STRATEGIES},
        strategies=find_strategies(cohort),
        contingency={
            "early": median(early_contingency(cohort)),
            "late": median(late_contingency(cohort)),
            "opaque": median([mean_contingency(cohort.sessions(pair, OPAQUE)) for pair in cohort.pairs]),
        },
        in_sync={name: find_in_sync(cohort, phase, median) for name, phase in (("social", SOCIAL), ("opaque", OPAQUE))},
        opener_success=dict(zip(("less", "more"), map(median, less_and_more(cohort, SOCIAL).T), strict=True)),
    )


def _late_excess(cohort: Cohort, phase: str) -> list[float]:
    sessions = [cohort.sessions(pair, phase) for pair in cohort.pairs]
    return [_excess(pool(each[-max(1, len(each) // 3) :])) for each in sessions]


def _learned(cohort: Cohort, pair: int) -> float:
    early, late = thirds(cohort.training(pair))
    return _excess(pool(late, common_window=True)) - _excess(pool(early, common_window=True))


def _excess(evaluation: Evaluation | None) -> float:
    return float("nan") if evaluation is None else evaluation.excess


def what_is_missing(cohort: Cohort, run: RunDirectory) -> list[str]:
    """What a complete run would hold and this one does not, and what does not agree; one sentence each."""
    notes = []
    schedule = run.resolved.params.schedule
    scheduled = dict(schedule.phases)
    found = {each.phase for each in cohort.measures}
    if not run.facts.get("complete", False):
        notes.append("The run was not finished: this report is of the sessions there are.")
    if len(cohort.pairs) != run.facts["pairs"]:
        notes.append(f"Recordings of {len(cohort.pairs)} pairs, of {run.facts['pairs']} planned.")
    notes += [f"No session of {phase}, which the schedule has." for phase in scheduled if phase not in found]
    notes += [f"No session of {phase}: this condition does not run it." for phase in schedule.known if phase not in scheduled]
    odd = [f"{each.pair}/{each.session}" for each in cohort.measures if each.recorded_as_scored is False]
    if odd:
        notes.append(f"Recorded corrects and misses differ from the rule in pair/session {', '.join(odd)}; pokes are scored.")
    bare = [f"{each.pair}/{each.session}" for each in cohort.measures if each.trained and not each.trained.score.attempts]
    if bare:
        notes.append(f"No attempt in pair/session {', '.join(bare)}: no success, no p-value, not above chance.")
    notes += locked_note(cohort.measures)
    if 0 < len(cohort.pairs) < 2:
        notes.append("One pair only: intervals over pairs do not exist.")
    return notes


def summarise(cohort: Cohort, run: RunDirectory, findings: Findings, verdicts: dict[str, Any]) -> dict[str, Any]:
    """The summary as written to summary.json; null where something was not measured."""
    facts, clock = run.facts, cohort.clock
    wall_s, decisions = facts.get("wall_s"), facts.get("decisions")
    recorded = sum(each.duration_s for each in cohort.measures)
    hours = recorded / 3600 if clock.unit == "s" else None
    return {
        **{key: facts[key] for key in ("condition", "seed", "pairs", "digest", "code_version")},
        "complete": bool(facts.get("complete", False)),
        "sessions": len(cohort.measures),
        "time_unit": clock.unit,
        "recorded": recorded,
        "mouse_hours": hours,
        "mouse_hours_per_pair": None if hours is None else hours / len(cohort.pairs),
        "wall_s": wall_s,
        "decisions_per_s": decisions / wall_s if wall_s and decisions else None,
        "success": findings.success.as_json(),
        "chance": findings.chance.as_json(),
        "success_p_value": _number(findings.success_p),
        "success_opaque": findings.success_opaque.as_json(),
        "success_opaque_inside_null": _opaque_inside(findings, run.resolved.params.analysis.significance),
        "social_opaque_ratio": findings.social_opaque_ratio.as_json(),
        "fraction_above_chance": findings.fraction_above_chance.as_json(),
        "excess_by_phase": {phase: estimate.as_json() for phase, estimate in findings.excess_by_phase.items()},
        "learned": findings.learned.as_json(),
        **{f"{name}_ratio": estimate.as_json() for name, estimate in findings.growth.items()},
        "strategies": {name: each.as_json() for name, each in findings.strategies.items()},
        **{f"wait_contingency_{when}": estimate.as_json() for when, estimate in findings.contingency.items()},
        **{f"opener_success_{which}": estimate.as_json() for which, estimate in findings.opener_success.items()},
        **{f"pokes_in_sync_{when}": found.as_json() for when, found in findings.in_sync.items()},
        "verdicts": verdicts,
        "missing": what_is_missing(cohort, run),
    }


def _opaque_inside(findings: Findings, significance: float) -> dict[str, Any] | None:
    if findings.success_opaque == NOT_MEASURED or math.isnan(findings.opaque_p):
        return None
    inside = findings.opaque_inside
    return {
        "cohort": findings.opaque_p >= significance,
        "p_value": findings.opaque_p,
        "pairs": {str(pair): each for pair, each in inside.items()},
        "pairs_inside": sum(inside.values()),
        "n": len(inside),
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
