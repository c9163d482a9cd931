"""Agents at play: both policies acting in many environments at once, with weights that do not change."""

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from marl.policy import Output, Policy, advance, at_rest
from worlds import grid
from worlds.grid import GridRule, GridState, Happened


class Play(NamedTuple):
    """What changes as N environments are played: their states [N, ...], the hidden states [A, N, H] and steps since the spawn [N]."""

    grid: GridState
    hidden: Array
    clock: Array


class Turn(NamedTuple):
    """One step of N environments: what was seen [A, N, I], what the heads said, the actions int [A, N], rewards [A, N], events [N, ...]."""

    observation: Array
    output: Output
    action: Array
    reward: Array
    happened: Happened


class Trajectory(NamedTuple):
    """T steps of N environments, axes [T, N, agent, ...]. state: before each step, as it was seen; next_state: after it, before any
    re-spawn; action int; reward; happened; hidden [T, N, A, H] as it was when the action was chosen; logits [T, N, A, 5]; value."""

    state: GridState
    next_state: GridState
    action: Array
    reward: Array
    happened: Happened
    hidden: Array
    logits: Array
    value: Array


class Tally(NamedTuple):
    """Counts of E episodes. correct [E] syncs that paid; sync [E]; miss, poke, drink [E, A], drinks being those of waiting water."""

    correct: Array
    sync: Array
    miss: Array
    poke: Array
    drink: Array


def begin(rule: GridRule, policy: Policy, key: Array, n_environments: int) -> Play:
    """N fresh environments, hidden states at rest."""
    draws = jax.vmap(partial(grid.draw_spawn, rule))(jax.random.split(key, n_environments))
    state = jax.vmap(partial(grid.spawn, rule))(draws)
    return Play(state, at_rest(policy, n_environments), jnp.zeros(n_environments, jnp.int32))


def look(rule: GridRule, state: GridState, opaque: bool = False) -> Array:
    """Observations [A, N, I] of N environments; opaque: nobody sees the partner."""
    seen = jax.vmap(partial(grid.observe, rule))(state)
    if opaque and rule.sees_partner:
        seen = grid.hide_partner(seen, rule.height)
    return jnp.swapaxes(seen, 0, 1)


def turn(rule: GridRule, policy: Policy, play: Play, key: Array, opaque: bool = False) -> tuple[Play, Turn]:
    """Both agents look, act by chance with the probabilities softmax(logits), and all environments make a step."""
    act_key, world_key = jax.random.split(key)
    observation = look(rule, play.grid, opaque)
    hidden, output = advance(policy, play.hidden, observation)
    action = choose(act_key, output.logits)
    n_environments = play.clock.shape[0]
    draws = jax.vmap(partial(grid.draw_step, rule))(jax.random.split(world_key, n_environments))
    state, reward, happened = jax.vmap(partial(grid.step, rule))(play.grid, action.T, draws)
    return Play(state, hidden, play.clock + 1), Turn(observation, output, action, reward.T, happened)


def choose(key: Array, logits: Array) -> Array:
    """Actions int [...] with probability softmax(logits) [..., 5]: the first whose cumulative probability exceeds one uniform draw."""
    cumulative = jnp.cumsum(jax.nn.softmax(logits), axis=-1)
    draw = jax.random.uniform(key, logits.shape[:-1])
    return (draw[..., None] >= cumulative[..., :-1]).sum(-1)


def respawn(rule: GridRule, play: Play, cut: Array, key: Array) -> Play:
    """Play after the environments in cut (bool [N]) were put back to a fresh start, hidden states at rest."""
    n_environments = cut.shape[0]
    draws = jax.vmap(partial(grid.draw_spawn, rule))(jax.random.split(key, n_environments))
    fresh = jax.vmap(partial(grid.spawn, rule))(draws)
    state = jax.tree.map(lambda new, old: jnp.where(_along(cut, new), new, old), fresh, play.grid)
    return Play(state, jnp.where(cut[:, None], 0.0, play.hidden), jnp.where(cut, 0, play.clock))


def _along(flag: Array, array: Array) -> Array:
    return flag.reshape(flag.shape + (1,) * (array.ndim - flag.ndim))


@partial(jax.jit, static_argnames=("rule", "n_steps", "n_environments", "episode", "opaque"))
def play(
    rule: GridRule,
    policy: Policy,
    key: Array,
    n_steps: int,
    n_environments: int = 1,
    episode: int | None = None,
    opaque: bool = False,
) -> Trajectory:
    """Frozen play from a fresh start, everything recorded.

    episode: steps after which an environment is re-spawned, hidden states at rest; None: never. opaque: partner hidden. Ablated or
    otherwise changed policies: marl.ablation.
    """
    begin_key, play_key = jax.random.split(key)

    def step(now: Play, t: Array) -> tuple[Play, Trajectory]:
        key = jax.random.fold_in(play_key, t)
        after, made = turn(rule, policy, now, key, opaque)
        agents_last = (made.action, made.reward, after.hidden, made.output.logits, made.output.value)
        action, reward, hidden, logits, value = (jnp.swapaxes(each, 0, 1) for each in agents_last)
        record = Trajectory(now.grid, after.grid, action, reward, made.happened, hidden, logits, value)
        if episode is not None:
            after = respawn(rule, after, after.clock == episode, jax.random.fold_in(key, 0))
        return after, record

    return jax.lax.scan(step, begin(rule, policy, begin_key, n_environments), jnp.arange(n_steps))[1]


@partial(jax.jit, static_argnames=("rule", "n_episodes", "episode", "opaque"))
def tally(rule: GridRule, policy: Policy, key: Array, n_episodes: int, episode: int = 200, opaque: bool = False) -> Tally:
    """Counts of E frozen episodes, each from a fresh start: those of `play` with the same key, without keeping what was played."""
    begin_key, play_key = jax.random.split(key)

    def step(carry: tuple[Play, Tally], t: Array) -> tuple[tuple[Play, Tally], None]:
        now, counts = carry
        now, made = turn(rule, policy, now, jax.random.fold_in(play_key, t), opaque)
        new = made.happened
        counts = jax.tree.map(jnp.add, counts, Tally(new.rewarded, new.sync, new.miss, new.poke, new.got))
        return (now, counts), None

    each, both = jnp.zeros(n_episodes, jnp.int32), jnp.zeros((n_episodes, 2), jnp.int32)
    start = (begin(rule, policy, begin_key, n_episodes), Tally(each, each, both, both, both))
    return jax.lax.scan(step, start, jnp.arange(episode))[0][1]
