"""Shadows of all pairs together: one number per pair and state, and what the cohort shows."""

from dataclasses import dataclass

import numpy as np

from analysis.core.statistics import Estimate, median_over_pairs
from analysis.interventions.shadow import EXCESS, Animal, told_name
from analysis.neural.association import association

TRAINED = "trained"
NO_STATE = "no pair was recorded in any state"
PLACE_EXCESS = told_name("at_all", "partner_position", EXCESS)


class ShadowCohort:
    """Animals of all pairs in both states; before: the state before cooperation."""

    def __init__(self, animals: list[Animal]) -> None:
        self.animals = animals
        self.pairs = sorted({each.pair for each in animals})
        self.before = next((each.state for each in animals if each.state != TRAINED), "pretrained")
        self.names = list(animals[0].values()) if animals else []
        self._by = {(each.pair, each.state, each.agent): each.values() for each in animals}

    @property
    def states(self) -> tuple[str, str]:
        """Before cooperation, and at the end of training."""
        return self.before, TRAINED

    def column(self, state: str, name: str) -> np.ndarray:
        """A number of every pair [pairs], the mean of its two animals; NaN if either has none."""
        return np.array([np.mean([self._value(pair, state, agent, name) for agent in range(2)]) for pair in self.pairs], float)

    def _value(self, pair: int, state: str, agent: int, name: str) -> float:
        return self._by.get((pair, state, agent), {}).get(name, float("nan"))


@dataclass(frozen=True)
class Compared:
    """A number over pairs, before cooperation and at the end of training; grown: the second less the first, of each pair."""

    before: Estimate
    trained: Estimate
    grown: Estimate


@dataclass(frozen=True)
class ShadowFindings:
    """What shadows of a cohort show. before: name of that state. numbers: by name, see `Animal.values`. with_success: Pearson's r over
    pairs of the excess of the partner's place at all with success, both of the trained session."""

    before: str
    numbers: dict[str, Compared]
    with_success: Estimate


def find_shadows(cohort: ShadowCohort) -> ShadowFindings:
    """Reduce a cohort to its findings."""
    numbers = {}
    for name in cohort.names:
        before, trained = (cohort.column(state, name) for state in cohort.states)
        numbers[name] = Compared(median_over_pairs(before), median_over_pairs(trained), median_over_pairs(trained - before))
    place, success = (cohort.column(TRAINED, name) for name in (PLACE_EXCESS, "success"))
    return ShadowFindings(cohort.before, numbers, association(place, success).pearson)
