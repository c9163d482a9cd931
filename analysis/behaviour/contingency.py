"""Does an animal poke later when its partner is ready later? Measured from pokes, lights and drinks; it does not matter where the animal
waits."""

import numpy as np
from scipy import stats

from analysis.core.scoring import to_ticks
from recording import Session

FEWEST_EPISODES = 20


def waiting_contingency(session: Session) -> float:
    """Rank correlation, from -1 to 1, between how long an animal holds its poke back and how late its partner is ready.

    An episode runs from the moment an animal's port is armed to its next armed poke. The animal is *ready* when the port is
    armed, or at the end of a drink that begins in the episode. Its *hold* is the time from ready to its poke. Its partner's
    *lateness* is how much later the partner is ready in the partner's first episode that ends at or after the animal is ready; 0
    if the partner was ready before.

    The number is Spearman's rank correlation of hold and lateness over an animal's episodes, and the mean over the animals that have
    one. An animal with fewer than 20 episodes has none, nor has one whose hold or lateness never changes. An animal that ignores its
    partner is around 0, however much it dawdles. Tiring together would raise it too, also behind an opaque divider. This measure was
    made after the first cohort (seed 0) had been seen, so only later cohorts test it.
    """
    episodes = [_episodes(session, agent) for agent in range(2)]
    each = [_rank_correlation(*_hold_and_lateness(episodes[agent], episodes[1 - agent])) for agent in range(2)]
    measured = [value for value in each if not np.isnan(value)]
    return float(np.mean(measured)) if measured else float("nan")


def _episodes(session: Session, agent: int) -> np.ndarray:
    """An animal's armed episodes that end in a poke: rows [n, 2] of (ready, poke), ticks of the event clock."""
    step = session.attributes["event_step"]
    arms, pokes = (to_ticks(session.events_of(kind, agent)["start"], step) for kind in ("arm", "poke"))
    closing = np.searchsorted(pokes, arms)
    arms, closing = arms[closing < len(pokes)], closing[closing < len(pokes)]
    closing, first = np.unique(closing, return_index=True)
    ready, poke = arms[first].copy(), pokes[closing]
    drinks = session.events_of("drink", agent)
    begin, end = to_ticks(drinks["start"], step), to_ticks(drinks["stop"], step)
    episode = np.searchsorted(arms[first], begin, side="right") - 1
    within = (episode >= 0) & (begin < np.append(poke, 0)[episode])
    np.maximum.at(ready, episode[within], end[within])
    return np.column_stack([ready, poke])


def _hold_and_lateness(own: np.ndarray, partner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hold and the partner's lateness [n] ticks, of the episodes after whose ready the partner pokes again at all."""
    ready, poke = own.T
    meets = np.searchsorted(partner[:, 1], ready)
    kept = meets < len(partner)
    lateness = np.maximum(0, partner[meets[kept], 0] - ready[kept])
    return (poke - ready)[kept], lateness


def _rank_correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Spearman's; NaN if there are too few or if one of them is constant."""
    if len(first) < FEWEST_EPISODES or not np.ptp(first) or not np.ptp(second):
        return float("nan")
    return float(np.corrcoef(stats.rankdata(first), stats.rankdata(second))[0, 1])
