"""Whether both animals of the pairs of a cohort wait for each other, stage by stage, beside pairs that never met."""

from collections.abc import Callable
from functools import reduce
from operator import add

import numpy as np

from analysis.behaviour.cohort import Cohort
from analysis.behaviour.session import SessionMeasures
from analysis.behaviour.strategy_growth import NEVER_MET, SEEN, STAGES, sessions_of
from analysis.behaviour.waiting.mutual import STRONG, per_animal
from analysis.core.statistics import Estimate, fraction_of_pairs, lower_quartile, median_over_pairs

BothWait = dict[str, dict[str, dict[str, Estimate]]]  # by measure, by source (`SEEN`, `NEVER_MET`), by stage


def _share_of_strong(ratios: np.ndarray) -> Estimate:
    return fraction_of_pairs(ratios[~np.isnan(ratios)] >= STRONG)


def _median_of_animals(values: np.ndarray) -> Estimate:
    return median_over_pairs(values.ravel())


def _median_of_pairs(values: np.ndarray) -> Estimate:
    known = ~np.isnan(values)
    return median_over_pairs(np.where(known, values, 0).sum(axis=1) / np.where(known.any(axis=1), known.sum(axis=1), np.nan))


# name -> measure of `per_animal`, and how its values [pairs, agent] become one number
MEASURES: dict[str, tuple[str, Callable[[np.ndarray], Estimate]]] = {
    "answered": ("answered", lower_quartile),
    "held": ("held", _median_of_pairs),
    "leaving": ("leaving", _median_of_animals),
    "leaving_share": ("leaving", _share_of_strong),
    "poking": ("poking", _median_of_animals),
    "poking_share": ("poking", _share_of_strong),
}


def find_both_wait(cohort: Cohort) -> BothWait:
    """Every measure of `MEASURES`: the lower quartile of windows answered over animals; the median over pairs, mean of their animals, of
    hold with lateness; the median over animals of both ratios, and the share of animals that reach `STRONG`."""
    values = {
        (source, stage): [_of(sessions_of(cohort, pair, stage), source) for pair in cohort.pairs]
        for source in (SEEN, NEVER_MET)
        for stage in STAGES
    }
    return {
        name: {
            source: {stage: reduced(np.array([each[key] for each in values[source, stage]])) for stage in STAGES}
            for source in (SEEN, NEVER_MET)
        }
        for name, (key, reduced) in MEASURES.items()
    }


def _of(sessions: list[SessionMeasures], source: str) -> dict[str, np.ndarray]:
    found = [each.mutual for session in sessions if (each := getattr(session, source)) is not None]
    return (
        per_animal(reduce(add, found)) if found else dict.fromkeys(("answered", "held", "leaving", "poking"), np.full(2, np.nan))
    )
