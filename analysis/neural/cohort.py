"""All pairs' cells together: one number per pair and stage, and what the cohort shows."""

import math
import re
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from analysis.behaviour.cohort import SOCIAL as SOCIAL_PHASE
from analysis.behaviour.cohort import Cohort
from analysis.core.document import Number
from analysis.core.measure import Measure
from analysis.core.statistics import NOT_MEASURED, Estimate, median_over_pairs
from analysis.neural.association import Association, association
from analysis.neural.decoding.partner_information import PARTNER_TARGETS
from analysis.neural.inputs.stages import EARLY, LATE, OPAQUE, SOCIAL, SOLO, STAGES
from analysis.neural.measures import StageMeasures
from analysis.neural.shared.measures import WHOLE

EXCESS = "_excess"  # at the end of a measure's name: less its own chance
Gaps = tuple[tuple[str, str], ...]
PLAIN = tuple(f"at_all_{name}" for name in PARTNER_TARGETS)
OVER_CHANCE = ("modularity", *PLAIN)  # measures whose chance differs from session to session
OF_PARTNER = ("at_all_partner_", "net_", "unique_")  # begin the names of those held against success, in the social evaluation
RESPONSES = ("response_arrival_within", "response_correct_within")  # are held against success late in training


@dataclass(frozen=True)
class CellCohort:
    """Measures of one signal, in order of pair and stage."""

    measures: list[StageMeasures]

    @cached_property
    def pairs(self) -> list[int]:
        return sorted({each.pair for each in self.measures})

    @cached_property
    def names(self) -> list[str]:
        """Every measure, those of an animal first, then those of the pair, then those less their chance."""
        found = [name for each in self.measures[:1] for _, measures in each.by_agent for name in measures]
        return [*dict.fromkeys(found), *(f"{name}{EXCESS}" for name in OVER_CHANCE)] if found else []

    def at(self, pair: int, stage: str) -> StageMeasures | None:
        """One pair in one stage."""
        return self._by_place.get((pair, stage))

    @cached_property
    def _by_place(self) -> dict[tuple[int, str], StageMeasures]:
        return {(each.pair, each.stage): each for each in self.measures}

    def values(self, name: str, stage: str) -> np.ndarray:
        """One number per pair [pairs], the mean of its animals that have one; NaN where none has."""
        return np.array([_mean(self._of_pair(name, self.at(pair, stage))) for pair in self.pairs], float)

    def chances(self, name: str, stage: str) -> np.ndarray:
        """The same of chance; NaN where a measure has none, 0 for what is already less its chance."""
        if name.endswith(EXCESS):
            return np.zeros(len(self.pairs))
        found = [self.at(pair, stage) for pair in self.pairs]
        return np.array([_mean(each.chances(name) if each else []) for each in found], float)

    def chance(self, name: str, stage: str) -> float:
        """Median of that over pairs."""
        found = self.chances(name, stage)
        return float(np.nanmedian(found)) if np.isfinite(found).any() else float("nan")

    def _of_pair(self, name: str, found: StageMeasures | None) -> list[float]:
        if found is None:
            return []
        return found.excesses(name.removesuffix(EXCESS)) if name.endswith(EXCESS) else found.values(name)


def _mean(values: list[float]) -> float:
    finite = [each for each in values if not math.isnan(each)]
    return float(np.mean(finite)) if finite else float("nan")


@dataclass(frozen=True)
class CellFindings:
    """What the cells of a cohort show, medians over pairs with their intervals.

    stages, chances: by stage and measure; a chance is NaN where a measure has none. grown: late less early, of each pair. over_solo:
    late less solo, of each pair that has early as well. seen: social less opaque. gaba_less_exc: the difference between classes of
    `WHOLE`, by stage and measure. with_success: over pairs, of what cells tell of the partner in the social evaluation, and of
    responses late in training, with success in the social evaluation. pairs: that have an early and a late session.
    """

    stages: dict[str, dict[str, Estimate]]
    chances: dict[str, dict[str, Number]]
    grown: dict[str, Estimate]
    seen: dict[str, Estimate]
    gaba_less_exc: dict[str, dict[str, Estimate]]
    with_success: dict[str, Association]
    pairs: int
    over_solo: dict[str, Estimate] = field(default_factory=dict)

    def at(self, name: str, stage: str) -> Estimate:
        """One measure in one stage."""
        return self.stages.get(stage, {}).get(name, NOT_MEASURED)


def find_in_cells(cells: CellCohort, cohort: Cohort) -> CellFindings:
    """Reduce the cells of a cohort to its findings."""

    def difference(name: str, more: str, less: str) -> Estimate:
        return median_over_pairs(cells.values(name, more) - cells.values(name, less))

    def over_solo(name: str) -> Estimate:
        early, late, solo = (cells.values(name, stage) for stage in (EARLY, LATE, SOLO))
        return median_over_pairs(np.where(np.isnan(early), np.nan, late - solo))

    def by_class(name: str, stage: str) -> Estimate:
        return median_over_pairs(cells.values(f"{name}_gaba", stage) - cells.values(f"{name}_exc", stage))

    success = success_of(cells, cohort)
    trained = [pair for pair in cells.pairs if cells.at(pair, EARLY) and cells.at(pair, LATE)]
    return CellFindings(
        stages={stage: {name: median_over_pairs(cells.values(name, stage)) for name in cells.names} for stage in STAGES},
        chances={stage: {name: cells.chance(name, stage) for name in cells.names} for stage in STAGES},
        grown={name: difference(name, LATE, EARLY) for name in cells.names},
        over_solo={name: over_solo(name) for name in cells.names},
        seen={name: difference(name, SOCIAL, OPAQUE) for name in cells.names},
        gaba_less_exc={stage: {name: by_class(name, stage) for name in WHOLE if cells.names} for stage in STAGES},
        with_success={name: association(cells.values(name, stage), success) for name, stage in _held_against_success(cells)},
        pairs=len(trained),
    )


def _held_against_success(cells: CellCohort) -> list[tuple[str, str]]:
    """(measure, stage)."""
    told = [(name, SOCIAL) for name in cells.names if name.startswith(OF_PARTNER) and not name.endswith(EXCESS)]
    return told + [(name, LATE) for name in cells.names if name in RESPONSES]


def success_of(cells: CellCohort, cohort: Cohort) -> np.ndarray:
    """Success of each pair [pairs] in the social evaluation; NaN without."""
    found = {each.pair: each.success for each in cohort.evaluations(SOCIAL_PHASE)}
    return np.array([found.get(pair, np.nan) for pair in cells.pairs], float)


def what_cells_lack(cells: CellCohort) -> list[str]:
    """What could not be measured and why, one line for all measures that lack the same animals for the same reasons."""
    absent: dict[tuple[str, Gaps], list[str]] = {}
    for stage in STAGES:
        for name in cells.names:
            gaps = _gaps(cells, stage, name)
            if gaps:
                absent.setdefault((stage, gaps), []).append(name)
    without = [(stage, pair) for stage in STAGES for pair in cells.pairs if not cells.at(pair, stage)]
    lines = [f"{stage}: pair {pair} has no session with rates" for stage, pair in without]
    return [*lines, *(_line(stage, names, gaps) for (stage, gaps), names in absent.items())]


def _gaps(cells: CellCohort, stage: str, name: str) -> Gaps:
    """(who, why) of every animal or pair of a stage that lacks a measure."""
    there = [found for pair in cells.pairs if (found := cells.at(pair, stage)) is not None]
    return tuple(
        (_who(each.pair, agent), held[name].missing) for each in there for agent, held in each.by_agent if _lacks(held, name)
    )


def _lacks(held: dict[str, Measure], name: str) -> bool:
    return name in held and bool(held[name].missing)


def _who(pair: int, agent: int) -> str:
    return f"pair {pair}" if agent < 0 else f"animal {agent + 1} of pair {pair}"


def _line(stage: str, names: list[str], gaps: Gaps) -> str:
    reasons = dict.fromkeys(reason for _, reason in gaps)
    said = next(iter(reasons)) + (f" (and {len(reasons) - 1} more such reasons)" if len(reasons) > 1 else "")
    who = ", ".join(who for who, _ in gaps) if len(gaps) <= 3 else f"{len(gaps)} animals"
    return f"{stage}: {', '.join(_in_short(names))}: {who}: {said}"


def _in_short(names: list[str]) -> list[str]:
    """Names in words; tuning to one behaviour is measured in several ways, which are missing together."""
    short = [re.sub(r"^(tuned_up|strength|tuned)_", "tuning_to_", name).replace("_", " ") for name in names]
    return list(dict.fromkeys(short))
