"""Games of agents that lock: frozen, two of them can go round for ever out of step, on ports that only a correct would move, or one
can stand in a corner.

In training an episode ends that; the game of a recording goes on. Sessions that lock say little of what agents can do.
"""

import numpy as np

from analysis.behaviour.session import SessionMeasures

MOST = 0.25  # of a game


def locked_share(measures: SessionMeasures) -> float:
    """Share of a cooperative game that lies in stretches without a correct longer than an episode; NaN of any other, and of a game
    without any correct, in which nothing is learned yet or ever will be."""
    episode = measures.clock.episode
    if measures.trained is None or episode is None or not len(measures.trained.score.correct):
        return float("nan")
    stretches = np.diff(measures.trained.score.correct, prepend=0, append=measures.duration_s)
    return float(stretches[stretches > episode].sum() / measures.duration_s)


def locked_note(found: list[SessionMeasures]) -> list[str]:
    """One sentence that names every session in view of the partner that locked; none if there is none."""
    locked = [f"{each.pair}/{each.session}" for each in found if each.divider == "transparent" and locked_share(each) > MOST]
    if not locked:
        return []
    return [
        f"More than a quarter of the game passed in long stretches without a correct in pair/session {', '.join(locked)}: frozen agents "
        "were stuck, which a new episode would have ended; episodes.csv has what they reach in episodes."
    ]
