"""Do both animals of a pair wait for each other, or does one wait while the other goes?"""

import numpy as np

from analysis.behaviour.cohort import Cohort
from analysis.behaviour.session import SessionMeasures
from recording.scoring import success_rate


def opener_success(sessions: list[SessionMeasures]) -> tuple[float, float]:
    """Share of the windows that an animal opens which its partner closes in time: (agent 0, agent 1); not a number without a window.

    It is near 1 for an animal that pokes only when its partner is about to poke. It is low for an animal that pokes whether or not
    its partner is ready. A pair succeeds often if both wait for each other. It still succeeds in half of its attempts or more if only
    one of them does.
    """
    each = [session.trained.score.openings for session in sessions if session.trained is not None]
    first, second = (success_rate(int(closed), int(opened)) for opened, closed in sum(each, np.zeros((2, 2), np.int64)))
    return first, second


def less_and_more(cohort: Cohort, phase: str) -> np.ndarray:
    """`opener_success` of every pair in one phase [pairs, 2], the animal with less of it first."""
    return np.sort([opener_success(cohort.sessions(pair, phase)) for pair in cohort.pairs], axis=1)
