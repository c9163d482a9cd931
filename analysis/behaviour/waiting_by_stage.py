"""The waiting curve of a cohort: before cooperative training, after it, and with the partner out of sight."""

from dataclasses import dataclass

import numpy as np

from analysis.behaviour.cohort import Cohort
from analysis.behaviour.session import SessionMeasures
from analysis.behaviour.waiting_curve import DISTANCES, Entries
from analysis.core.document import Array
from analysis.core.statistics import NOT_MEASURED, Estimate, median_over_pairs

BEFORE, AFTER, OPAQUE = "before", "after", "opaque"
PHASES = {BEFORE: "pretraining", AFTER: "evaluation_social", OPAQUE: "evaluation_opaque"}
NAN = float("nan")


@dataclass(frozen=True)
class WaitingCurve:
    """One stage. pairs [pairs, distance]: probability of entering, NaN where a pair has too few steps. steps, entered int [pairs, agent,
    distance]. estimates: over pairs, by distance."""

    pairs: Array
    steps: Array
    entered: Array
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True)
class Waiting:
    """curves: by stage, those that were run. window: steps.

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


def find_waiting(cohort: Cohort, window: int, fewest: int) -> Waiting:
    """Curves of every stage; a pair's agents are pooled, and it has no probability of fewer than `fewest` steps at a distance.

    The curve before is of the last session alone.
    """
    sessions = {stage: _of_stage(cohort, stage) for stage in PHASES}
    curves = {stage: _curve(found, fewest) for stage, found in sessions.items() if any(found)}
    before, after = (curves[stage].pairs if stage in curves else np.full((0, len(DISTANCES)), NAN) for stage in (BEFORE, AFTER))
    moves, none_in_time = DISTANCES, window + 2
    return Waiting(
        curves,
        window,
        lowest_before=median_over_pairs(_extreme(before, np.fmin)),
        lowest_within=median_over_pairs(_extreme(after[:, moves <= window], np.fmin)),
        lowest_in_time=median_over_pairs(_extreme(after[:, moves < none_in_time], np.fmin)),
        too_far=median_over_pairs(after[:, moves == none_in_time].ravel()),
        highest_too_late=median_over_pairs(_extreme(after[:, moves >= none_in_time], np.fmax)),
    )


def _of_stage(cohort: Cohort, stage: str) -> list[list[SessionMeasures]]:
    found = [[each for each in cohort.sessions(pair, PHASES[stage]) if each.entries is not None] for pair in cohort.pairs]
    return [each[-1:] for each in found] if stage == BEFORE else found


def _curve(sessions: list[list[SessionMeasures]], fewest: int) -> WaitingCurve:
    none = Entries(*np.zeros((2, 2, len(DISTANCES)), np.int64))
    each = [[none, *(session.entries for session in own if session.entries is not None)] for own in sessions]
    steps, entered = (np.array([np.sum([getattr(one, name) for one in own], axis=0) for own in each]) for name in Entries._fields)
    together = steps.sum(axis=1)
    pairs = np.where(together >= fewest, entered.sum(axis=1) / np.maximum(together, 1), NAN)
    return WaitingCurve(pairs, steps, entered, tuple(median_over_pairs(column) for column in pairs.T))


def _extreme(pairs: np.ndarray, which: np.ufunc) -> np.ndarray:
    """Lowest or highest [pairs] of probabilities [pairs, distance] that there are."""
    return which.reduce(pairs, axis=1, initial=NAN) if pairs.shape[1] else np.full(len(pairs), NAN)
