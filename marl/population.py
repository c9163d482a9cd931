"""A population: pairs that share nothing, trained and played at once by the functions of one pair, mapped over an axis of pairs.

Pairs of a population stand level: as many updates made, environments equally far. What they share is not mapped: a condition on the clock
stays one that is either met or not, where for each pair apart both of its branches would be computed at every step.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from marl import rollout
from marl import train as pair
from marl.policy import Policy
from marl.rollout import Play, Tally, Trajectory
from marl.train import Metrics, Plan, TrainState
from params.schema.grid import Network
from worlds.grid import GridRule

Tree = TypeVar("Tree")

EACH: Any = 0  # an axis of pairs comes first
SHARED: Any = None  # by all pairs
STATE = TrainState(
    policy=EACH, optimiser=EACH, play=Play(grid=EACH, hidden=EACH, clock=SHARED), key=EACH, update=SHARED, curiosity=EACH
)
METRICS = 1  # the axis of pairs, after that of updates


class NotLevelError(ValueError):
    """Pairs of a population differ in what they are to share."""


def together(pairs: Sequence[Tree], axes: Any = EACH) -> Tree:
    """Trees of single pairs as one of them all, in arrays of the host; axes: that of pairs in each part, or `SHARED`."""

    def join(axis: Any, *parts: Any) -> Any:
        if axis is not SHARED:
            return jax.tree.map(lambda *each: np.stack(each, axis), *parts)
        if any(not np.array_equal(part, parts[0]) for part in parts):
            raise NotLevelError("pairs that do not stand level cannot go on together")
        return parts[0]

    joined: Tree = jax.tree.map(join, axes, *pairs, is_leaf=_is_shared)
    return joined


def apart(population: Tree, n_pairs: int, axes: Any = EACH) -> list[Tree]:
    """The single pairs of what `together` or a function of this file gave, in arrays of the host."""
    host = jax.device_get(population)
    return [_pick(host, axes, place) for place in range(n_pairs)]


def _pick(population: Tree, axes: Any, place: int) -> Tree:
    def pick(axis: Any, part: Any) -> Any:
        return part if axis is SHARED else jax.tree.map(lambda each: each[(slice(None),) * axis + (place,)], part)

    picked: Tree = jax.tree.map(pick, axes, population, is_leaf=_is_shared)
    return picked


def _is_shared(axis: Any) -> bool:
    return axis is SHARED


def _each(function: Callable[..., Any], n_pairs: int, given: Any, made: Any = EACH) -> Callable[..., Any]:
    """The function of one pair as one of `n_pairs`; given: tuple of the axes of pairs in its arguments, made: those in its results.

    A population of one is not mapped: its bits are those of the function of one pair.
    """
    if n_pairs > 1:
        return jax.vmap(function, in_axes=given, out_axes=made)

    def alone(*arguments: Any) -> Any:
        def widen(axis: Any, part: Any) -> Any:
            return part if axis is SHARED else jax.tree.map(lambda each: jnp.expand_dims(each, axis), part)

        return jax.tree.map(widen, made, function(*_pick(arguments, given, 0)), is_leaf=_is_shared)

    return alone


@partial(jax.jit, static_argnames=("plan", "n_updates"))
def train(plan: Plan, states: TrainState, n_updates: int) -> tuple[TrainState, Metrics]:
    """`marl.train.train` of P pairs, axes of their states as in `STATE`; metrics [n_updates, P, ...]."""
    one = partial(pair.train, plan, n_updates=n_updates)
    trained: tuple[TrainState, Metrics] = _each(one, len(states.key), (STATE,), (STATE, METRICS))(states)
    return trained


@partial(jax.jit, static_argnames=("rule", "n_steps", "opaque"))
def play(rule: GridRule, policies: Policy, keys: Array, n_steps: int, opaque: bool = False) -> Trajectory:
    """`marl.rollout.play` of one uninterrupted game by each of P pairs: [P, T, 1, ...]. keys uint32 [P, 2]."""
    one = partial(rollout.play, rule, n_steps=n_steps, opaque=opaque)
    played: Trajectory = _each(one, len(keys), (EACH, EACH))(policies, keys)
    return played


@partial(jax.jit, static_argnames=("rule", "n_episodes", "episode", "opaque"))
def tally(rule: GridRule, policies: Policy, keys: Array, n_episodes: int, episode: int, opaque: bool = False) -> Tally:
    """`marl.rollout.tally` of each of P pairs: [P, E, ...]. keys uint32 [P, 2]."""
    one = partial(rollout.tally, rule, n_episodes=n_episodes, episode=episode, opaque=opaque)
    counted: Tally = _each(one, len(keys), (EACH, EACH))(policies, keys)
    return counted


def shapes(plan: Plan, network: Network, n_pairs: int) -> TrainState:
    """Shapes of the states of so many pairs, without taking the memory."""

    def begin(key: Array) -> TrainState:
        return pair.new_phase(plan, pair.new_agents(plan.rule, network, key), key)

    shape: TrainState = jax.eval_shape(jax.vmap(begin, out_axes=STATE), jax.ShapeDtypeStruct((n_pairs, 2), jnp.uint32))
    return shape


def bytes_of(program: jax.stages.Compiled) -> int:
    """Memory that a compiled program takes as it runs: arguments, results, and what is in between."""
    found = program.memory_analysis()
    assert found is not None
    return int(found.argument_size_in_bytes + found.output_size_in_bytes + found.temp_size_in_bytes - found.alias_size_in_bytes)
