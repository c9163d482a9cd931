"""Approach, standing and interaction: what two animals do, each defined in one function from tracks and events.

Thresholds are `[analysis.ethogram]` of the parameters. Nothing here knows who made the recording, whether a poke was a success,
or how strong an effect would be liked.
"""

from dataclasses import dataclass

import numpy as np

from analysis.behaviour.bouts import runs
from analysis.behaviour.conduct import Conduct, Setting, animals_of, setting_of
from compute.kernel import kernel
from params.schema.measures import Ethogram as Thresholds
from recording import Session


@dataclass(frozen=True)
class Ethogram:
    """Bouts [n, 2] of (start, stop), time units: approach and both waits one array per agent, interaction and contact one a pair."""

    approach: tuple[np.ndarray, ...]
    wait: tuple[np.ndarray, ...]
    interaction: np.ndarray
    contact: np.ndarray
    wait_at_port: tuple[np.ndarray, ...]


def ethogram(session: Session, thresholds: Thresholds) -> Ethogram:
    """All bouts of a session of two animals."""
    return ethogram_of(setting_of(session, thresholds), *animals_of(session, thresholds))


def ethogram_of(setting: Setting, first: Conduct, second: Conduct) -> Ethogram:
    """All bouts of two animals, whether they met or not."""
    both, touching = ((first, second), (second, first)), touch(setting, first, second)
    return Ethogram(
        approach=tuple(approach(setting, *each) for each in both),
        wait=tuple(wait(setting, own, touching) for own in (first, second)),
        interaction=interaction(setting, first, second, touching),
        contact=contact(setting, touching),
        wait_at_port=tuple(wait_at_port(setting, *each) for each in both),
    )


def approach(setting: Setting, own: Conduct, partner: Conduct) -> np.ndarray:
    """An animal moves toward a partner that is stopped or slower, and ends near it (Live Mouse Tracker's definition).

    While it lasts the animal moves at `approach_speed` or more, its heading points at the partner (cosine of the angle at least
    `approach_cosine`), and the partner is slower. It lasts at least `approach_min`, and at its last sample the noses are within
    `approach_max_distance`. Neither animal is drinking. Returns bouts [n, 2] s.
    """
    thresholds, n = setting.thresholds, len(setting.time)
    mask, distance_cm = np.empty(n, np.bool_), np.empty(n)
    could, cosine = own.could_approach & ~partner.drinks, thresholds.approach_cosine
    _approaching(could, own.place, own.velocity, own.speed, partner.place, partner.speed, cosine, mask, distance_cm)
    bouts = runs(mask, setting.samples(thresholds.approach_min_s))
    near = distance_cm[bouts[:, 1] - 1] <= thresholds.approach_max_distance_cm
    return bouts[near] * setting.step


@kernel
def _approaching(could, place, velocity, speed, partner_place, partner_speed, least_cosine, mask, distance):
    """Fill mask [T]: it could, is faster than the partner and moves toward it; and, at least there, the distance [T] of the two."""
    for t in range(mask.size):
        mask[t] = False
        if could[t] and partner_speed[t] < speed[t]:
            x, y = partner_place[t, 0] - place[t, 0], partner_place[t, 1] - place[t, 1]
            distance[t] = np.sqrt(x * x + y * y)
            along = velocity[t, 0] * x + velocity[t, 1] * y
            mask[t] = along >= least_cosine * max(speed[t] * distance[t], 1e-6)


def wait(setting: Setting, own: Conduct, touching: np.ndarray) -> np.ndarray:
    """An animal with an armed port stands, at any place, and pokes later. Whether it stands because of its partner is asked by
    `analysis.behaviour.waiting.release`.

    While it lasts the own port is armed and the animal is slower than `wait_speed`, neither drinking nor poking (at an armed
    port or a dark one), and not in mutual contact with the partner, which counts as contact, and before a joint decision as interaction.
    It lasts at least `wait_min`, and the armed time it lies in ends in the animal's own armed poke. Returns bouts [n, 2] s.

    Version 0.1 called this waiting, and it decided F3. It was defined after the first cohort (seed 0) had been seen, in place of standing
    at the port. It grows in pairs that never met as well. Both are reported and decide no verdict.
    """
    thresholds = setting.thresholds
    found = runs(own.could_wait & ~touching, setting.samples(thresholds.wait_min_s)) * setting.step
    pokes = own.poke_tick * setting.event_step
    closing_poke = np.append(pokes, np.inf)[np.searchsorted(pokes, found[:, 0], side="right")]
    found[:, 1] = np.minimum(found[:, 1], closing_poke)
    return found[np.isfinite(closing_poke)]


def wait_at_port(setting: Setting, own: Conduct, partner: Conduct) -> np.ndarray:
    """An animal that could poke stands at its port, the partner not yet at its own, and then pokes.

    This was the definition of waiting before the first cohort was seen. It is kept unchanged and reported. It misses standing at other
    places, and it counts an animal that dawdles at its port.

    While it lasts the own port is armed, the nose is within `wait_zone` of it and slower than `wait_speed`; it lasts at least
    `wait_min`; it ends in the animal's own armed poke. At its start the partner is outside the `wait_zone` of the partner's port.
    Standing that ends in walking off is no wait for a poke, and standing there when the partner came first is not waiting for it.
    Returns bouts [n, 2] s, each up to its poke.
    """
    thresholds, time = setting.thresholds, setting.time
    bouts = runs(own.could_wait_at_port)
    pokes = own.poke_tick * setting.event_step
    closing = np.searchsorted(pokes, time[bouts[:, 1] - 1], side="right")
    closing_poke = np.append(pokes, np.inf)[closing]
    found = np.column_stack([time[bouts[:, 0]], closing_poke])
    ends_in_poke = closing_poke <= time[bouts[:, 1] - 1] + setting.step * (1 + 1e-6)
    long_enough = found[:, 1] - found[:, 0] >= thresholds.wait_min_s
    partner_away = partner.zone[bouts[:, 0]] > 0
    return found[ends_in_poke & long_enough & partner_away]


def interaction(setting: Setting, first: Conduct, second: Conduct, touching: np.ndarray) -> np.ndarray:
    """Mutual contact before a joint decision.

    A joint decision is open while both ports are armed, from the later of the two arming to the first of the two pokes: only then
    can each animal still poke or hold back, and contact tell it when. Contact while one port is dark, after the first poke, or
    at the spouts does not count. Lasts at least `interaction_min`. Returns bouts [n, 2] s.
    """
    deciding = first.lit & second.lit
    shortest = setting.samples(setting.thresholds.interaction_min_s)
    return runs(touching & deciding, shortest) * setting.step


def contact(setting: Setting, touching: np.ndarray) -> np.ndarray:
    """Mutual contact whenever it happens, decision or not: both noses within `contact` of the divider and within `contact` of each
    other along it, neither animal drinking, for at least `interaction_min`. Returns bouts [n, 2] s."""
    return runs(touching, setting.samples(setting.thresholds.interaction_min_s)) * setting.step


def touch(setting: Setting, first: Conduct, second: Conduct) -> np.ndarray:
    """Whether two animals are in mutual contact at each sample [T] bool, as `contact` has it."""
    touching = first.could_touch & second.could_touch
    near = np.flatnonzero(touching)
    touching[near] = np.abs(first.place[near, 1] - second.place[near, 1]) <= setting.thresholds.contact_cm
    return touching
