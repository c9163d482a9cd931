"""What the pokes of one session say: attempts, success, chance, lags between partners, all from armed pokes alone."""

from dataclasses import dataclass

import numpy as np

from analysis.core.nulls import Null, draw_shifts, rotate, shift_null
from compute.kernel import allocating_kernel, kernel
from params.schema.measures import Analysis
from recording import Session
from recording.scoring import Score, score, to_ticks


@dataclass(frozen=True)
class Coordination:
    """Success of a pair under one window, with its chance. window: time units."""

    window: float
    score: Score
    null: Null

    @property
    def p_value(self) -> float:
        return self.null.p_value(self.score.success)


def poke_ticks(session: Session) -> tuple[np.ndarray, np.ndarray]:
    """Armed pokes of both animals, ticks of the event clock."""
    step = session.attributes["event_step"]
    first, second = (to_ticks(session.events_of("poke", agent)["start"], step) for agent in range(2))
    return first, second


def coordination(session: Session, window: float, shifts: np.ndarray) -> Coordination:
    """Score a session's armed pokes under a window, and again with agent 1's pokes moved by each of `shifts` [draws] ticks."""
    step = session.attributes["event_step"]
    pokes_0, pokes_1 = poke_ticks(session)
    ticks, end = round(window / step), round(session.duration / step)
    return Coordination(window, score(pokes_0, pokes_1, ticks, end), shift_null(pokes_0, pokes_1, ticks, end, shifts))


def session_shifts(session: Session, analysis: Analysis, rng: np.random.Generator) -> np.ndarray:
    """Shifts [draws] ticks for a session's null."""
    step = session.attributes["event_step"]
    shortest, longest = (round(each / step) for each in (analysis.chance_min_shift_s, analysis.chance_max_shift_s))
    return draw_shifts(rng, analysis.chance_shifts, round(session.duration / step), shortest, longest)


def signed_lags(own: np.ndarray, partner: np.ndarray) -> np.ndarray:
    """Partner's nearest poke minus own, for each own poke [n]; positive: the partner came later. Empty if either has none."""
    if not len(own) or not len(partner):
        return np.empty(0)
    lags = np.empty(len(own))
    _nearest(own, partner, lags)
    return lags


@kernel
def _nearest(own, partner, lags):
    """Fill lags [n] of `signed_lags`; both trains in order, and neither empty."""
    after = 0
    for i in range(own.size):
        while after < partner.size - 1 and partner[after] < own[i]:
            after += 1
        later, earlier = partner[after] - own[i], partner[max(after - 1, 0)] - own[i]
        lags[i] = later if abs(later) < abs(earlier) else earlier


def lag_histogram(session: Session, edges: np.ndarray, shifts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lags of agent 0's pokes to agent 1's nearest in bins `edges` (time units): counts [bins] as seen, and mean over shifts."""
    step = session.attributes["event_step"]
    period = round(session.duration / step)
    pokes_0, pokes_1 = poke_ticks(session)
    seen = np.histogram(signed_lags(pokes_0, pokes_1) * step, edges)[0]
    null = np.histogram(_shifted_lags(pokes_0, np.sort(pokes_1 % period), period, shifts) * step, edges)[0]
    return seen.astype(np.float64), null / max(len(shifts), 1)


@allocating_kernel
def _shifted_lags(pokes_0, pokes_1, period, shifts):
    """Lags [draws, n] of agent 0's pokes to agent 1's nearest, those moved by each of `shifts`; none if either has none."""
    moved = np.empty_like(pokes_1)
    lags = np.empty((shifts.size, pokes_0.size if pokes_1.size else 0))
    for draw in range(shifts.size if pokes_1.size else 0):
        rotate(pokes_1, shifts[draw], period, moved)
        _nearest(pokes_0, moved, lags[draw])
    return lags
