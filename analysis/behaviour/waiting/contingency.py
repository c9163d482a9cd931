"""Does an animal poke later when its partner is ready later? Measured from pokes, lights and drinks; it does not matter where the animal
waits."""

import numpy as np
from scipy import stats

from compute.kernel import kernel
from recording import Session
from recording.scoring import to_ticks

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


def held_sums(own: np.ndarray, partner: np.ndarray, partner_pokes: np.ndarray, window: int) -> np.ndarray:
    """What `held_by_lateness` is made of, of one animal in one session [7]: episodes n, and the sums of xx, yy, zz, xy, xz and yz.

    x, y, z: ranks, among the n episodes, of hold, of the partner's lateness (both as of `waiting_contingency`), and of the time from the
    animal's last poke until it is ready; less their mean, over n. The first episode is left out, and so is one in which the partner's
    poke came first: a window before the own poke, or less. Such a poke closes the partner's window or follows the partner, and shows no
    waiting.

    Parameters
    ----------
    own, partner : int64 [n, 2] ticks
        Episodes of both animals.
    partner_pokes : int64 [n] ticks, in order
        All armed pokes of the partner.
    window : ticks
    """
    sums = np.zeros(7)
    _add_held(own, partner, partner_pokes, window, np.empty((3, len(own)), np.int64), np.empty((3, len(own))), sums)
    return sums


@kernel
def _add_held(own, partner, partner_pokes, window, values, ranks, sums):
    """Fill values, ranks [3, n] with hold, lateness and time since the last poke of the episodes that count, and sums [7]."""
    n = first = meets = 0
    for i in range(1, own.shape[0]):
        ready, poke = own[i]
        while first < partner_pokes.size and partner_pokes[first] < poke - window:
            first += 1
        while meets < partner.shape[0] and partner[meets, 1] < ready:
            meets += 1
        led = first < partner_pokes.size and partner_pokes[first] < poke
        if meets < partner.shape[0] and not led:
            values[0, n], values[1, n], values[2, n] = poke - ready, max(0, partner[meets, 0] - ready), ready - own[i - 1, 1]
            n += 1
    for row in range(3):
        for i in range(n):
            above = 0  # less those below: twice the rank less its mean, ties sharing theirs
            for j in range(n):
                above += (values[row, j] < values[row, i]) - (values[row, j] > values[row, i])
            ranks[row, i] = above / (2 * n)
    sums[0] = n
    for place, (row, other) in enumerate(((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))):
        for i in range(n):
            sums[1 + place] += ranks[row, i] * ranks[other, i]


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
