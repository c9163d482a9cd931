"""Does an animal poke later when its partner is ready later? Measured from pokes, lights and drinks; it does not matter where the animal
waits."""

import numpy as np
from scipy import stats

from analysis.core.scoring import to_ticks
from compute.kernel import kernel
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
    found = [episodes(session, agent) for agent in range(2)]
    each = [_rank_correlation(*_hold_and_lateness(found[agent], found[1 - agent])) for agent in range(2)]
    measured = [value for value in each if not np.isnan(value)]
    return float(np.mean(measured)) if measured else float("nan")


@kernel
def held_sums(own, partner, partner_pokes, window):
    """What `held_by_lateness` is made of, of one animal in one session: episodes n, and the sums of xx, yy, zz, xy, xz and yz.

    x, y, z: ranks, among the n episodes, of hold, of the partner's lateness (both as of `waiting_contingency`), and of the time from the
    animal's last poke until it is ready; less their mean, over n. The first episode is left out, and so is one in which the partner's
    poke came first: a window before the own poke, or less. Such a poke closes the partner's window or follows the partner, and shows no
    waiting.

    own, partner: int64 [n, 2] ticks, episodes of both. partner_pokes: int64 [n] ticks, all armed pokes of the partner, in order. window:
    ticks.
    """
    since = np.append(0, own[1:, 0] - own[:-1, 1])
    poke = own[:, 1]
    leads = np.searchsorted(partner_pokes, poke) == np.searchsorted(partner_pokes, poke - window)
    leads[:1] = False
    meets = np.searchsorted(partner[:, 1], own[:, 0]) < len(partner)
    hold, lateness = _hold_and_lateness(own[leads], partner)
    n = len(hold)
    middle, most = (n + 1) / 2, max(n, 1)
    x, y = (_ranks(hold) - middle) / most, (_ranks(lateness) - middle) / most
    z = (_ranks(since[leads & meets]) - middle) / most
    return n, (x * x).sum(), (y * y).sum(), (z * z).sum(), (x * y).sum(), (x * z).sum(), (y * z).sum()


def held_by_lateness(sums: np.ndarray) -> np.ndarray:
    """Partial rank correlation, from -1 to 1, of hold and the partner's lateness, from summed `held_sums` [..., 7].

        r = (r_xy - r_xz r_yz) / sqrt((1 - r_xz^2) (1 - r_yz^2))

    The time z since the own last poke is held fixed: an animal that keeps its own rhythm holds the longer the sooner it is ready, and
    the sooner it is ready, the later is its partner. Ranks are those within a session, so a drift over sessions does not count. NaN of
    fewer than 20 episodes, or if one of the three follows from another.
    """
    n, xx, yy, zz, xy, xz, yz = np.moveaxis(sums, -1, 0)
    left = (xx * zz - xz**2) * (yy * zz - yz**2)
    known = (n >= FEWEST_EPISODES) & (left > 1e-9 * (xx * zz) * (yy * zz))
    return np.where(known, xy * zz - xz * yz, np.nan) / np.sqrt(np.where(known, left, 1))


def episodes(session: Session, agent: int) -> np.ndarray:
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


@kernel
def _hold_and_lateness(own, partner):
    """Hold and the partner's lateness [n] ticks, of the episodes after whose ready the partner pokes again at all."""
    ready = own[:, 0]
    meets = np.searchsorted(partner[:, 1], ready)
    kept = meets < len(partner)
    lateness = np.maximum(0, partner[:, 0][meets[kept]] - ready[kept])
    return (own[:, 1] - ready)[kept], lateness


@kernel
def _ranks(values):
    """Ranks from 1 of values [n], ties sharing theirs; `scipy.stats.rankdata` takes ten times as long for a session's episodes."""
    ordered = np.sort(values)
    return (np.searchsorted(ordered, values) + np.searchsorted(ordered, values, side="right") + 1) / 2


def _rank_correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Spearman's; NaN if there are too few or if one of them is constant."""
    if len(first) < FEWEST_EPISODES or not np.ptp(first) or not np.ptp(second):
        return float("nan")
    return float(np.corrcoef(stats.rankdata(first), stats.rankdata(second))[0, 1])
