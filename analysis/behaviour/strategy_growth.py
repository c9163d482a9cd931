"""How much of every strategy there is, stage by stage, and beyond what two independent animals do."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np

from analysis.behaviour.cohort import Cohort, thirds
from analysis.behaviour.session import SessionMeasures
from analysis.behaviour.strategies import Strategies
from analysis.behaviour.waiting.release import release_rates, waiting
from analysis.core.statistics import Estimate, median_over_pairs

EARLY, LATE, SOCIAL, OPAQUE = "early", "late", "social", "opaque"
EVALUATIONS = {SOCIAL: "evaluation_social", OPAQUE: "evaluation_opaque"}
STAGES = (EARLY, LATE, *EVALUATIONS)
SEEN, NEVER_MET, SHIFTED = "seen", "never_met", "shifted"
NULLS = (NEVER_MET, SHIFTED)
JUDGED = ("approach", "waiting", "interaction")
Amount = Callable[[list[Strategies]], float]


@dataclass(frozen=True)
class StrategyGrowth:
    """One strategy over pairs: how much of it there is, by source, `SEEN` or a null, and stage. grown: of each pair, late less early,
    each less its own null; unhidden: social less opaque, likewise; excess: late less its null; all by null."""

    amount: dict[str, dict[str, Estimate]]
    grown: dict[str, Estimate]
    unhidden: dict[str, Estimate]
    excess: dict[str, Estimate]


def find_strategies(cohort: Cohort) -> dict[str, StrategyGrowth]:
    """Every strategy of `JUDGED`."""
    return {name: _finding(cohort, _amount(name)) for name in JUDGED}


def _amount(name: str) -> Amount:
    """Time in a strategy a unit of time, mean over sessions; waiting: the contrast of `waiting.release`, sessions counted together."""
    if name != "waiting":
        return lambda found: float(np.mean([each.time_s[name] for each in found]))
    return waiting_of


def waiting_of(found: list[Strategies]) -> float:
    """Waiting of one pair in some sessions."""
    return waiting(reduce(add, (each.releases for each in found)), found[0].step)


def _finding(cohort: Cohort, amount: Amount) -> StrategyGrowth:
    values = {
        (source, stage): np.array([_of(sessions_of(cohort, pair, stage), source, amount) for pair in cohort.pairs])
        for source in (SEEN, *NULLS)
        for stage in STAGES
    }

    def beyond(null: str, stage: str) -> np.ndarray:
        return values[SEEN, stage] - values[null, stage]

    return StrategyGrowth(
        amount={source: {stage: median_over_pairs(values[source, stage]) for stage in STAGES} for source in (SEEN, *NULLS)},
        grown={null: median_over_pairs(beyond(null, LATE) - beyond(null, EARLY)) for null in NULLS},
        unhidden={null: median_over_pairs(beyond(null, SOCIAL) - beyond(null, OPAQUE)) for null in NULLS},
        excess={null: median_over_pairs(beyond(null, LATE)) for null in NULLS},
    )


def sessions_of(cohort: Cohort, pair: int, stage: str) -> list[SessionMeasures]:
    """Sessions of a pair in one stage: a third of those of cooperative training, or an evaluation."""
    if stage in EVALUATIONS:
        return cohort.sessions(pair, EVALUATIONS[stage])
    return thirds(cohort.training(pair))[STAGES.index(stage)]


def _of(sessions: list[SessionMeasures], source: str, amount: Amount) -> float:
    found = [each for session in sessions if (each := getattr(session, source)) is not None]
    return amount(found) if found else float("nan")


def release_curves(cohort: Cohort, source: str, stage: str) -> np.ndarray:
    """Releases per unit of time [pairs, 2, state] of animals at their port and standing elsewhere, by the partner's state."""
    found = [
        [each for session in sessions_of(cohort, pair, stage) if (each := getattr(session, source)) is not None]
        for pair in cohort.pairs
    ]
    return np.array([release_rates(reduce(add, (each.releases for each in own)), own[0].step) for own in found if own])
