"""The waiting curve of a cohort: before cooperative training, after it, and with the partner out of sight; and what F8 asks of agents."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.behaviour.cohort import Cohort
from analysis.behaviour.conduct import NEARER
from analysis.behaviour.waiting.curve import Entries
from analysis.core.document import Array, Counts
from analysis.core.statistics import NOT_MEASURED, Estimate, median_over_pairs
from analysis.core.units import STEPS, Clock
from params import AnyParameters

BEFORE, AFTER, OPAQUE = "before", "after", "opaque"
PHASES = {BEFORE: "pretraining", AFTER: "evaluation_social", OPAQUE: "evaluation_opaque"}
NAN = float("nan")


@dataclass(frozen=True)
class WaitingCurve:
    """One stage. pairs [pairs, distance]: probability of deciding to poke, NaN where a pair has too few steps. steps, entered int [pairs,
    agent, distance]: see `Entries`. estimates: over pairs, by distance."""

    pairs: Array
    steps: Counts
    entered: Counts
    estimates: tuple[Estimate, ...]


class WaitingPanel(NamedTuple):
    """What is drawn of one run. curves: by stage. in_time: farthest distance from which the partner can come within the window."""

    title: str
    clock: Clock
    curves: dict[str, WaitingCurve]
    in_time: float


def waiting_panel(title: str, clock: Clock, curves: dict[str, WaitingCurve], params: AnyParameters) -> WaitingPanel:
    """Panel of a run. An agent can come within the window from as many moves and one, and a mouse from where it has *come*
    (`analysis.behaviour.waiting.release`)."""
    in_time = params.final_window_s + 1.5 if clock.square else NEARER[1] * params.analysis.ethogram.wait_zone_cm
    return WaitingPanel(title, clock, curves, in_time)


@dataclass(frozen=True)
class Waiting:
    """Of agents. curves: by stage, those that were run. window: steps.

    Over pairs, each with its own extreme: lowest_before, the lowest probability at any distance, before cooperative training; after it
    lowest_within, the lowest up to a distance of the window; lowest_in_time, up to the window and one; too_far, the probability at the
    window and two, the nearest from which the partner comes too late; highest_too_late, the highest there and beyond.
    """

    curves: dict[str, WaitingCurve]
    window: int
    lowest_before: Estimate = NOT_MEASURED
    lowest_within: Estimate = NOT_MEASURED
    lowest_in_time: Estimate = NOT_MEASURED
    too_far: Estimate = NOT_MEASURED
    highest_too_late: Estimate = NOT_MEASURED


def waiting_curves(cohort: Cohort, fewest: int) -> dict[str, WaitingCurve]:
    """Curves of every stage that was run. A pair's animals are pooled; it has no probability of fewer than `fewest` samples at a distance.

    The curve before is of the last session alone.
    """
    found = {stage: _of_stage(cohort, stage) for stage in PHASES}
    return {stage: _curve(each, fewest) for stage, each in found.items() if any(each)}


def find_waiting(cohort: Cohort, window: int, fewest: int) -> Waiting:
    """Waiting of agents."""
    curves, moves, none_in_time = waiting_curves(cohort, fewest), np.array(STEPS.distances), window + 2
    before, after = (curves[stage].pairs if stage in curves else np.full((0, len(moves)), NAN) for stage in (BEFORE, AFTER))
    return Waiting(
        curves,
        window,
        lowest_before=median_over_pairs(_extreme(before, np.fmin)),
        lowest_within=median_over_pairs(_extreme(after[:, moves <= window], np.fmin)),
        lowest_in_time=median_over_pairs(_extreme(after[:, moves < none_in_time], np.fmin)),
        too_far=median_over_pairs(after[:, moves == none_in_time].ravel()),
        highest_too_late=median_over_pairs(_extreme(after[:, moves >= none_in_time], np.fmax)),
    )


def _of_stage(cohort: Cohort, stage: str) -> list[list[Entries]]:
    found = [[each.entries for each in cohort.sessions(pair, PHASES[stage]) if each.entries] for pair in cohort.pairs]
    return [each[-1:] for each in found] if stage == BEFORE else found


def _curve(found: list[list[Entries]], fewest: int) -> WaitingCurve:
    none = np.zeros_like(next(each for own in found for each in own).steps)
    steps, entered = (np.array([sum((getattr(each, name) for each in own), none) for own in found]) for name in Entries._fields)
    together = steps.sum(axis=1)
    pairs = np.where(together >= fewest, entered.sum(axis=1) / np.maximum(together, 1), NAN)
    return WaitingCurve(pairs, steps, entered, tuple(median_over_pairs(column) for column in pairs.T))


def _extreme(pairs: np.ndarray, which: np.ufunc) -> np.ndarray:
    """Lowest or highest [pairs] of probabilities [pairs, distance] that there are."""
    return which.reduce(pairs, axis=1, initial=NAN) if pairs.shape[1] else np.full(len(pairs), NAN)
