"""Share of pokes that are answered within the window, its chance, and their ratio.

Success counts attempts. Here every poke counts, so an animal that pokes all the time gains nothing by it. A correct answers one poke of
each animal. Chance is that of success, by circular shifts. The number of pokes is the same, so the ratio of shares is the ratio of
corrects. For agents of the grid the study's own count and chance (`analysis.core.study_chance`) are given as well.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.behaviour.cohort import Cohort, pool
from analysis.behaviour.session import SessionMeasures
from analysis.core.statistics import NOT_MEASURED, Estimate

NAN = float("nan")


@dataclass(frozen=True)
class InSync:
    """Medians over pairs in one phase. share, chance: of pokes; ratio: share over chance. rate: corrects in every `clock.stretch`.

    study_seen, study_chance: coincident pokes in an episode; study_ratio of the two; not measured off the grid.
    """

    share: Estimate
    chance: Estimate
    ratio: Estimate
    rate: Estimate
    study_seen: Estimate = NOT_MEASURED
    study_chance: Estimate = NOT_MEASURED
    study_ratio: Estimate = NOT_MEASURED


def find_in_sync(cohort: Cohort, phase: str, median: Callable[[list[float]], Estimate]) -> InSync:
    """Pokes in sync in one phase; `median` reduces one value per pair."""
    each = [cohort.sessions(pair, phase) for pair in cohort.pairs]
    rows = np.array([(*_by_rule(sessions), *_by_study(sessions)) for sessions in each], float).reshape(-1, 7)
    return InSync(*(median(list(column)) for column in rows.T))


def _by_rule(sessions: list[SessionMeasures]) -> tuple[float, float, float, float]:
    pooled = pool(sessions)
    if pooled is None:
        return NAN, NAN, NAN, NAN
    pokes = sum(sum(each.pokes) for each in sessions)
    stretches = sum(each.duration_s / each.clock.stretch for each in sessions)
    by_chance = float(pooled.null.correct.mean()) if len(pooled.null.correct) else NAN
    share, chance = (2 * count / pokes if pokes else NAN for count in (pooled.correct, by_chance))
    return share, chance, _ratio(pooled.correct, by_chance), pooled.correct / stretches


def _by_study(sessions: list[SessionMeasures]) -> tuple[float, float, float]:
    found = [each.study for each in sessions if each.study is not None and each.trained is not None]
    episodes = sum(each.episodes for each in found)
    if not episodes:
        return NAN, NAN, NAN
    seen, chance = (sum(getattr(each, name) for each in found) / episodes for name in ("seen", "by_chance"))
    return seen, chance, _ratio(seen, chance)


def _ratio(seen: float, chance: float) -> float:
    return seen / chance if chance > 0 else NAN
