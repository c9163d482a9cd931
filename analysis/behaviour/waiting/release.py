"""Does an animal hold back until its partner has come, and then go? Rate of release of a holding animal, by the partner's state.

An animal is *ready* if its port is armed and it neither drinks nor pokes; where no port is ever lit, if no water waits for it. It *holds*
at a sample if it is ready, no opening poke waits for an answer, and it is at its port (within `wait_zone`) or stands (slower than
`wait_speed`). It is *released* if by the next sample it begins an armed poke or, from where it stands, moves toward its port (within the
angle of `approach_cosine`). Its partner has *come* if that is ready, too, and no farther from its own port than 2.5 `wait_zone`: a walk
that takes it about as long as the window of the rule (10 cm, 0.75 s; 2 cells, 2 steps).

    waiting = sum_s w_s (r_s1 / n_s1 - r_s0 / n_s0) / sum_s w_s / step,    w_s = n_s1 n_s0 / (n_s1 + n_s0)   [mantel1959]

n_s1, r_s1: samples held, and releases, in stratum s while the partner has come; n_s0, r_s0: while it has not. A stratum holds
what an animal knows that does not sense its partner: the session, where it is (at its port, or standing nearer or farther), how long it has
been there or stood, how long it has been ready, and how long ago it last poked. Without strata two kinds of animal would seem to wait.
One keeps its own time: both animals set out together after a correct, so it is released more often when its partner has come. The other
goes at its own time while its partner follows it: both its poke and the partner come a moment after its own arrival.

The same strata give a ratio of rates for each animal and place: of setting out, where it stands away from its port, and of poking, at its
port. While the partner is *ready*, wherever that is, over while it is not:

    ratio = (sum_s a_s1 n_s0 / n_s) / (sum_s a_s0 n_s1 / n_s),    n_s = n_s1 + n_s0                            [mantel1959]

a_s1, a_s0: times it set out, or poked, while the partner was ready and while it was not. It is 1 for an animal that does not heed its
partner, however slow it is. An animal that never goes while its partner is not ready counts as if it had gone once, in a stratum of
average weight, so that the ratio is finite. An animal that goes fewer than 20 times in strata that have both has no ratio.
"""

import math
from typing import NamedTuple

import numpy as np

from analysis.behaviour.conduct import NEARER, STRATA, Conduct, Setting
from analysis.behaviour.kinematics import happening
from compute.kernel import kernel
from recording.scoring import open_windows

STRATA_AT_PORT = math.prod(STRATA[1:])  # the first
NOT_READY = 0
STATES = 2 + len(NEARER)  # of the partner: not ready; ready and at its port, ..., ready and farthest from it
AT_PORT, ELSEWHERE = 0, 1
FEWEST_GOINGS = 20
NEAREST, FARTHEST = 1, 2  # of `STATES`, those in which the partner has come


class Releases(NamedTuple):
    """What is counted of sessions, and can be added up. difference, weight [agent]: sums over strata of w_s times the difference, and of
    w_s. held, released int64 [place, state], of both animals: samples held, and those released, by where the animal is (`AT_PORT`,
    `ELSEWHERE`) and by the partner's state. goings [agent, place, 5]: what `rate_ratios` is made of: sums over strata of a_s1 n_s0 / n_s,
    of a_s0 n_s1 / n_s, of n_s1 n_s0 / n_s, of n_s0, and of a_s1 + a_s0, of the strata that have both."""

    difference: np.ndarray
    weight: np.ndarray
    held: np.ndarray
    released: np.ndarray
    goings: np.ndarray

    def __add__(self, other: "Releases") -> "Releases":  # type: ignore[override]
        return Releases(*(first + second for first, second in zip(self, other, strict=True)))


def releases(setting: Setting, first: Conduct, second: Conduct) -> Releases:
    """Count two animals of a cooperative session, whether they met or not."""
    tick, end = setting.event_step, round(setting.duration / setting.event_step)
    windows = open_windows(first.poke_tick, second.poke_tick, round(setting.window / tick), end) * tick
    counted = ~happening(setting.time, *windows.T)
    held, released = np.zeros((2, 2, STATES), np.int64)
    found = Releases(np.zeros(2), np.zeros(2), held, released, np.zeros((2, 2, 5)))
    for agent, (own, partner) in enumerate(((first, second), (second, first))):
        by_stratum = np.zeros((2, len(own.strata), STATES), np.int32)
        poked = np.zeros((np.searchsorted(own.strata, STRATA_AT_PORT), 2), np.int32)
        holding = np.flatnonzero((own.holds & counted)[:-1])  # the last sample has no next
        known = own.goes, own.starts_poke, own.stratum, partner.ready, partner.zone
        _count(holding, *known, *by_stratum, poked, found.held, found.released)
        found.difference[agent], found.weight[agent] = _contrast(*by_stratum)
        _add_goings(*by_stratum, poked, found.goings[agent])
    return found


@kernel
def _count(holding, goes, starts_poke, stratum, partner_ready, partner_zone, held, released, poked, held_at, released_at):
    """Add the samples `holding`, and those of them at which the animal is released, to held, released [stratum, state] and to held_at,
    released_at [place, state]; those at which it pokes at its port to poked [stratum at the port, 1 if the partner is ready]."""
    for t in holding:
        s, state = stratum[t], NOT_READY + 1 + partner_zone[t] if partner_ready[t] else NOT_READY
        place = AT_PORT if s < poked.shape[0] else ELSEWHERE
        held[s, state] += 1
        held_at[place, state] += 1
        if goes[t]:
            released[s, state] += 1
            released_at[place, state] += 1
        if starts_poke[t] and place == AT_PORT:
            poked[s, min(state, 1)] += 1


@kernel
def _contrast(held, released):
    """Sums over strata of w_s times the difference, and of w_s, from counts [stratum, state]."""
    difference = total = 0.0
    for s in range(held.shape[0]):
        n_come = r_come = n_not = r_not = 0
        for state in range(held.shape[1]):
            if NEAREST <= state <= FARTHEST:
                n_come += held[s, state]
                r_come += released[s, state]
            else:
                n_not += held[s, state]
                r_not += released[s, state]
        if n_come and n_not:
            weight = n_come * n_not / (n_come + n_not)
            difference += weight * (r_come / n_come - r_not / n_not)
            total += weight
    return difference, total


@kernel
def _add_goings(held, released, poked, sums):
    """Add the sums of `Releases.goings` to sums [place, 5], from counts as of `_count`. An animal goes if it pokes at its port, and if it
    is released elsewhere."""
    for s in range(held.shape[0]):
        unready = held[s, NOT_READY]
        if not unready:
            continue
        ready = timely = 0
        for state in range(NOT_READY + 1, held.shape[1]):
            ready += held[s, state]
            timely += released[s, state]
        if not ready:
            continue
        at, early = ELSEWHERE, released[s, NOT_READY]
        if s < poked.shape[0]:
            at, early, timely = AT_PORT, poked[s, 0], poked[s, 1]
        n = unready + ready
        sums[at, 0] += timely * unready / n
        sums[at, 1] += early * ready / n
        sums[at, 2] += ready * unready / n
        sums[at, 3] += unready
        sums[at, 4] += early + timely


def rate_ratios(goings: np.ndarray) -> np.ndarray:
    """Ratio [..., place] of summed `Releases.goings` [..., place, 5]: of poking at the port, of setting out elsewhere; see the module."""
    ready, unready, weight, n, times = np.moveaxis(goings, -1, 0)
    once = weight / np.where(times >= FEWEST_GOINGS, n, np.nan)
    return ready / np.maximum(unready, once)


def waiting(counts: Releases, step: float) -> float:
    """Waiting of a pair, mean of its animals that have it, releases per unit of time; NaN if none has; see the module."""
    has = counts.weight > 0
    return float(np.mean(counts.difference[has] / counts.weight[has])) / step if has.any() else float("nan")


def release_rates(counts: Releases, step: float) -> np.ndarray:
    """Releases per unit of time [place, state] of animals at their port and elsewhere, by the partner's state; NaN where nobody held."""
    return counts.released / np.where(counts.held > 0, counts.held, np.nan) / step
