"""Grid environments under test; one written by someone else from the rules costs one line in ENVIRONMENTS.

An environment is a function that plays given actions with given draws and returns what the vectors hold:

    play(settings, spawn [E, 12], action [E, T, 2], freeze [E, T, 2], respawn [E, T, 2, 4], miss_respawn [E, T, 8])
        -> dict of arrays with leading axes [E, T] (what happened) or [E, T + 1] (states, the first before any step)

for E episodes under the same settings, named as in grid_vectors/README.md.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from worlds import grid

Arrays = dict[str, np.ndarray]


class Settings(NamedTuple):
    """Of an episode, in the words of the study's release."""

    cls: str = "MultiAgentSync_fullobs"
    sync_limit: int = 2
    height: int = 8
    randomize_miss: bool = False


def rule_of(settings: Settings) -> grid.GridRule:
    return grid.GridRule(
        joint="Sync" in settings.cls,
        window=settings.sync_limit,
        sees_partner="fullobs" in settings.cls,
        redraw_on_miss=settings.randomize_miss,
        height=settings.height,
    )


@partial(jax.jit, static_argnums=0)
def _play(rule: grid.GridRule, spawned: jax.Array, action: jax.Array, draws: grid.Draws) -> tuple:
    def one(spawned: jax.Array, action: jax.Array, draws: grid.Draws) -> tuple:
        def forward(state: grid.GridState, given: tuple) -> tuple:
            after, reward, happened = grid.step(rule, state, *given)
            return after, (after, grid.observe(rule, after), reward, happened)

        first = grid.spawn(rule, spawned)
        _, later = jax.lax.scan(forward, first, (action, draws))
        return (first, grid.observe(rule, first)), later

    return jax.vmap(one)(spawned, action, draws)


def play_grid(
    settings: Settings, spawn: np.ndarray, action: np.ndarray, freeze: np.ndarray, respawn: np.ndarray, miss_respawn: np.ndarray
) -> Arrays:
    """worlds.grid in the vectors' words."""
    rule = rule_of(settings)
    draws = grid.Draws(*(jnp.asarray(given, jnp.int32) for given in (freeze, respawn, miss_respawn)))
    before, (*after, reward, happened) = _play(rule, jnp.asarray(spawn, jnp.int32), jnp.asarray(action, jnp.int32), draws)
    state, seen = jax.tree.map(lambda first, later: np.concatenate([first[:, None], later], axis=1), before, tuple(after))
    names = ("pos", "port", "water", "avail", "freeze", "recorded", "hist", "hist_len")
    events = dict(zip(("poke", "drink", "got", "noact", "sync", "missed"), map(np.asarray, happened[:6]), strict=True))
    return {
        **dict(zip(names, state, strict=True)),
        **events,
        "miss": events["missed"].any(-1),
        "reward": np.asarray(reward),
        "obs": _decoded(rule, seen),
        "one_hot": seen,
        "counters": _counters(rule, events, np.asarray(happened.rewarded)),
    }


def _counters(rule: grid.GridRule, events: Arrays, rewarded: np.ndarray) -> np.ndarray:
    """The study's ten counters; solo, it counts syncs as correct, and correct drinks of each agent."""
    none = np.zeros_like(rewarded)
    pairs = [events["missed"], events["poke"], events["drink"], events["got"] & (not rule.joint)]
    joint = [rewarded, events["sync"]] if rule.joint else [events["sync"], none]
    return np.cumsum(np.stack([*joint, *(pair[..., agent] for pair in pairs for agent in range(2))], axis=-1), axis=1)


def _decoded(rule: grid.GridRule, seen: np.ndarray) -> np.ndarray:
    """Values [..., 10] of a one-hot observation, -1 for the four fields that are not there."""
    values, start = [], 0
    for size in grid.observed_fields(rule).values():
        slots = seen[..., start : start + size]
        assert (slots.sum(-1) == 1).all()
        values.append(slots.argmax(-1))
        start += size
    assert start == seen.shape[-1]
    if not rule.sees_partner:
        values[2:2] = [np.full_like(values[0], -1)] * 4
    return np.stack(values, axis=-1)


ENVIRONMENTS: dict[str, Callable[..., Arrays]] = {"worlds.grid": play_grid}
