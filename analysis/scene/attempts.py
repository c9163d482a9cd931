"""Attempts of a session, one by one: the poke that opens a window, and what came of it."""

import numpy as np

from analysis.behaviour.pokes import poke_ticks
from recording import Session
from recording.scoring import open_windows, score

MISS, CORRECT, UNDECIDED = 0, 1, -1
ATTEMPT_DTYPE = np.dtype([("opened", np.float64), ("closed", np.float64), ("opener", np.int8), ("outcome", np.int8)])


def attempts_of(session: Session) -> np.ndarray:
    """Every window [n] of `ATTEMPT_DTYPE` in order: opening poke and outcome in time units, who opened it, `CORRECT` or `MISS`.

    A window that is still open when the session ends is the last, `UNDECIDED`, and closed after the end. The solo task has none.
    """
    if session.attributes["task"] == "solo" or session.n_agents != 2:
        return np.empty(0, ATTEMPT_DTYPE)
    step = session.attributes["event_step"]
    pokes, window, end = poke_ticks(session), round(session.attributes["window"] / step), round(session.duration / step)
    opened, closed = open_windows(*pokes, window, end).T
    found = np.empty(len(opened), ATTEMPT_DTYPE)
    found["opened"], found["closed"] = opened * step, closed * step
    found["opener"] = np.where(np.isin(opened, pokes[0]), 0, 1)  # of two pokes at one tick agent 0's opens
    found["outcome"] = np.where(np.isin(closed, score(*pokes, window, end).correct), CORRECT, MISS)
    found["outcome"][(closed > end) & (found["outcome"] == MISS)] = UNDECIDED
    return found


def decided(attempts: np.ndarray) -> np.ndarray:
    """Attempts that ended in a correct or a miss."""
    return attempts[attempts["outcome"] != UNDECIDED]
