"""Does an animal hold back until its partner has come, and then go? How often a held animal is released, by the partner's state.

An animal is *ready* if its port is armed and it neither drinks nor pokes; where no port is ever lit, if no water waits for it. It *holds*
at a sample if it is ready, no opening poke waits for an answer, and it is at its port (within `wait_zone`) or stands (slower than
`wait_speed`). It is *released* if by the next sample it begins an armed poke or, from where it stands, moves toward its port (within the
angle of `approach_cosine`). Its partner has *come* if that is ready, too, and no farther from its own port than 2.5 `wait_zone`: a walk
that takes it about as long as the window of the rule (10 cm, 0.75 s; 2 cells, 2 steps).

    waiting = sum_s w_s (r_s1 / n_s1 - r_s0 / n_s0) / sum_s w_s / step,    w_s = n_s1 n_s0 / (n_s1 + n_s0)   [mantel1959]

n_s1, r_s1: samples held, and releases, in stratum s while the partner has come; n_s0, r_s0: while it has not. A stratum is what an
animal knows that does not sense its partner: the session, where it is (at its port, or standing nearer or farther), how long it has been
ready, and how long ago it last poked. Both animals set out together after a correct, so without strata an animal that keeps its own time
would be released more often when its partner has come, and seem to wait.
"""

from typing import NamedTuple

import numpy as np

from analysis.conduct import LONGEST, NEARER, Conduct, Setting
from analysis.kinematics import happening
from analysis.scoring import open_windows

PLACES, TIMES = len(NEARER) + 1, LONGEST + 1
NOT_READY = 0
STATES = 1 + PLACES  # of the partner: not ready; ready and at its port, ..., ready and farthest from it
AT_PORT, ELSEWHERE = 0, 1
COME = (1, 2)  # of `STATES`
HAS_NOT_COME = np.array([state not in COME for state in range(STATES)], np.int64)


class Releases(NamedTuple):
    """What is counted of sessions, and can be added up. difference, weight [agent]: sums over strata of w_s times the difference, and of
    w_s. held, released int64 [place, state], of both animals: samples held, and those released, by where the animal is (`AT_PORT`,
    `ELSEWHERE`) and by the partner's state."""

    difference: np.ndarray
    weight: np.ndarray
    held: np.ndarray
    released: np.ndarray

    def __add__(self, other: "Releases") -> "Releases":  # type: ignore[override]
        return Releases(*(first + second for first, second in zip(self, other, strict=True)))


def releases(setting: Setting, first: Conduct, second: Conduct) -> Releases:
    """Count two animals of a cooperative session, whether they met or not."""
    tick, end = setting.event_step, round(setting.duration / setting.event_step)
    windows = open_windows(first.poke_tick, second.poke_tick, round(setting.window / tick), end) * tick
    counted = ~happening(setting.time, *windows.T)
    each = [_of_animal(setting, *animals, counted) for animals in ((first, second), (second, first))]
    difference, weight = np.array([_contrast(held, released) for held, released in each]).T
    held, released = (np.sum([_by_place(counts[kind]) for counts in each], axis=0) for kind in range(2))
    return Releases(difference, weight, held, released)


def _of_animal(setting: Setting, own: Conduct, partner: Conduct, counted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Samples held and released int64 [stratum, partner's state] of one animal; counted [T]: no opening poke waits for an answer."""
    stands = own.speed < setting.thresholds.wait_speed_cm_per_s
    holds = (own.ready & counted & ((own.zone == AT_PORT) | stands))[:-1]  # the last sample has no next
    goes = own.starts_poke[:-1] | (stands[:-1] & ~stands[1:] & own.to_port[1:])
    state = np.where(partner.ready, NOT_READY + 1 + partner.zone, NOT_READY)
    stratum = (own.zone * TIMES + own.since_ready) * TIMES + own.since_poke
    cell, shape = (stratum * STATES + state)[:-1], (PLACES * TIMES * TIMES, STATES)
    held, released = (np.bincount(cell[each], minlength=shape[0] * shape[1]).reshape(shape) for each in (holds, holds & goes))
    return held, released


def _contrast(held: np.ndarray, released: np.ndarray) -> tuple[float, float]:
    """Sums over strata of w_s times the difference, and of w_s."""
    n_come, r_come = (counts[:, COME[0]] + counts[:, COME[1]] for counts in (held, released))
    n_not, r_not = (counts @ HAS_NOT_COME for counts in (held, released))
    both = (n_come > 0) & (n_not > 0)
    weight = n_come[both] * n_not[both] / (n_come[both] + n_not[both])
    return float(weight @ (r_come[both] / n_come[both] - r_not[both] / n_not[both])), float(weight.sum())


def _by_place(counts: np.ndarray) -> np.ndarray:
    of_place = counts.reshape(PLACES, -1, STATES).sum(axis=1)
    return np.stack([of_place[AT_PORT], of_place[AT_PORT + 1 :].sum(axis=0)])


def waiting(counts: Releases, step: float) -> float:
    """Waiting of a pair, mean of its animals that have it, releases per unit of time; NaN if none has; see the module."""
    has = counts.weight > 0
    return float(np.mean(counts.difference[has] / counts.weight[has])) / step if has.any() else float("nan")


def release_rates(counts: Releases, step: float) -> np.ndarray:
    """Releases per unit of time [place, state] of animals at their port and elsewhere, by the partner's state; NaN where nobody held."""
    return counts.released / np.where(counts.held > 0, counts.held, np.nan) / step
