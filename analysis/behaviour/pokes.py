"""What the pokes of one session say: attempts, success, chance, lags between partners, all from armed pokes alone."""

from dataclasses import dataclass

import numpy as np

from analysis.core.nulls import Null, draw_shifts, shift_null
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
    after = np.minimum(np.searchsorted(partner, own), len(partner) - 1)
    before = np.maximum(after - 1, 0)
    later, earlier = partner[after] - own, partner[before] - own
    return np.where(np.abs(later) < np.abs(earlier), later, earlier).astype(np.float64)


def lag_histogram(session: Session, edges: np.ndarray, shifts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lags of agent 0's pokes to agent 1's nearest in bins `edges` (time units): counts [bins] as seen, and mean over shifts."""
    step = session.attributes["event_step"]
    period = round(session.duration / step)
    pokes_0, pokes_1 = poke_ticks(session)
    seen = np.histogram(signed_lags(pokes_0, pokes_1) * step, edges)[0]
    shifted = [signed_lags(pokes_0, np.sort((pokes_1 + shift) % period)) * step for shift in shifts]
    null = np.histogram(np.concatenate(shifted), edges)[0] / max(len(shifts), 1) if len(shifts) else np.zeros(len(edges) - 1)
    return seen.astype(np.float64), null
