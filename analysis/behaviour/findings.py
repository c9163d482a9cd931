"""What the behaviour of a cohort shows, each number with its interval over pairs."""

from dataclasses import dataclass, field
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
from analysis.behaviour.pace import MEASURES, pace_over
from analysis.behaviour.strategies import STRATEGIES
from analysis.behaviour.strategy_growth import StrategyGrowth, find_strategies
from analysis.behaviour.synchrony import InSync, find_in_sync
from analysis.behaviour.waiting.both_wait import BothWait, find_both_wait
from analysis.behaviour.waiting.by_stage import WaitingCurve, waiting_curves
from analysis.behaviour.waiting.openers import less_and_more
from analysis.core.document import Number
from analysis.core.run import RunDirectory
from analysis.core.statistics import Estimate, fraction_of_pairs, median_over_pairs
from params import AnyParameters, ExperimentParameters
from params.schema.schedule import PHASES


@dataclass(frozen=True)
class BehaviourFindings:
    """What the cohort shows; `NOT_MEASURED` where a phase was not run.

    success, chance, excess: final evaluation through a clear divider. excess_by_phase: success above chance in the last third of the
    sessions of each training phase. learned: growth of success above chance at the final window, last less first third of the sessions
    of training. growth: late over early time in each strategy. strategies: beyond what independent animals do. contingency: of waiting,
    "early" and "late" in training and "opaque", behind the opaque divider. *_p: one-sided, of the cohort's median against its own
    chance. opaque_inside: per pair, whether opaque success lies inside its own chance. in_sync: of pokes, by evaluation.
    opener_success: in the final evaluation, of the animal of each pair with "less" and with "more" of it. both_wait: see
    `find_both_wait`. waiting_curves: see the function. pace: of all sessions of a task, "coop" or "solo", see
    `pace_over`. The last three are empty where an older version made the summary.
    """

    success: Estimate
    chance: Estimate
    excess: Estimate
    success_p: Number
    success_opaque: Estimate
    opaque_p: Number
    opaque_inside: dict[int, bool]
    social_opaque_ratio: Estimate
    fraction_above_chance: Estimate
    excess_by_phase: dict[str, Estimate]
    learned: Estimate
    growth: dict[str, Estimate]
    strategies: dict[str, StrategyGrowth]
    contingency: dict[str, Estimate]
    in_sync: dict[str, InSync]
    opener_success: dict[str, Estimate]
    both_wait: BothWait = field(default_factory=dict)
    waiting_curves: dict[str, WaitingCurve] = field(default_factory=dict)
    pace: dict[str, dict[str, Estimate]] = field(default_factory=dict)


def find_in_behaviour(cohort: Cohort, run: RunDirectory) -> BehaviourFindings:
    """Reduce a cohort to its findings."""
    analysis = run.resolved.params.analysis
    social, opaque = cohort.evaluations(SOCIAL), cohort.evaluations(OPAQUE)

    def median(values: Any) -> Estimate:
        return median_over_pairs(np.asarray(values, float))

    return BehaviourFindings(
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
        both_wait=find_both_wait(cohort),
        waiting_curves=waiting_curves(cohort, analysis.decoding.fewest_events),
        pace={task: _pace(cohort, task) for task in ("coop", "solo")},
    )


def _pace(cohort: Cohort, task: str) -> dict[str, Estimate]:
    found = [pace_over([each.pace for each in cohort.sessions(pair) if each.task == task]) for pair in cohort.pairs]
    return {name: median_over_pairs(np.array([each[name] for each in found])) for name in MEASURES}


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
    found = {each.phase for each in cohort.measures}
    if not run.facts.get("complete", False):
        notes.append("The run was not finished: this report is of the sessions there are.")
    if len(cohort.pairs) != run.facts["pairs"]:
        notes.append(f"Recordings of {len(cohort.pairs)} pairs, of {run.facts['pairs']} planned.")
    notes += _phases_that_are_missing(found, run.resolved.params)
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


def _phases_that_are_missing(found: set[str], params: AnyParameters) -> list[str]:
    """One sentence on each phase that a run or an experiment could have had."""
    if isinstance(params, ExperimentParameters):
        bare = [phase for phase in PHASES if not phase.startswith("coop_") and phase not in found]
        trained = any(phase.startswith("coop_") for phase in found)
        return [
            f"No session of {phase}: the experiment has none, and what is judged by it is not measured." for phase in bare
        ] + ([] if trained else ["No session of cooperative training (coop_...): the experiment has none."])
    scheduled = dict(params.schedule.phases)
    absent = [f"No session of {phase}, which the schedule has." for phase in scheduled if phase not in found]
    return absent + [
        f"No session of {phase}: this condition does not run it." for phase in params.schedule.known if phase not in scheduled
    ]
