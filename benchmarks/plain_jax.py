"""The same brain in JAX: dense float32 matrices, one jitted scan over intervals of one scan over decisions. JAX is optional.

`literal` and `summed` as in benchmarks/plain_numpy.py.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from acc_model.brain import CorticalBrain, Learning
from acc_model.habit import LEAST_SQUARE
from acc_model.rate import SILENT_HZ
from acc_model.readout import RATE_UNIT_HZ
from benchmarks.plain_numpy import dense, plastic_mask
from benchmarks.tape import Outcome, Tape


class Fixed(NamedTuple):
    """What does not change: per graph (recurrent, afferent) plastic mask, sign and density; constants of cells; feedback; the senses
    that habit hears and its share."""

    plastic: tuple[Any, ...]
    sign: tuple[Any, ...]
    density: tuple[Any, ...]
    relaxation: Any
    max_rate: Any
    rest_rate: Any
    feedback: Any
    heard: Any
    share: Any


class State(NamedTuple):
    """What a brain remembers: per graph (recurrent, afferent) weight [n, n_pre], trace and pending [n_exc, n_pre], norm; the rest
    as in benchmarks/plain_numpy.py."""

    weight: tuple[Any, ...]
    trace: tuple[Any, ...]
    pending: tuple[Any, ...]
    norm: tuple[Any, ...]
    rate: Any
    background: Any
    policy: Any
    value: Any
    habit: Any
    policy_trace: Any
    value_trace: Any
    readout_norm: Any
    td_mean_square: Any
    previous_value: Any


def from_brain(brain: CorticalBrain) -> tuple[Fixed, State]:
    """A copy of a brain that has no history yet (traces zero)."""
    network, (_, n_exc), n = brain.network, brain.interval.feedback.shape, len(brain.rest_rate_hz)
    graphs = (network.recurrent, network.afferent)
    masks = tuple(plastic_mask(graph, n_exc) for graph in graphs)
    scales = brain.scales
    fixed = Fixed(
        masks,
        tuple(graph.sign for graph in graphs),
        tuple(np.float32(mask.mean(dtype=np.float64)) for mask in masks),
        network.relaxation,
        network.max_rate_hz,
        brain.rest_rate_hz,
        brain.interval.feedback,
        brain.habit.channel,
        brain.habit.share,
    )
    state = State(
        tuple(dense(graph, n) for graph in graphs),
        tuple(np.zeros_like(mask) for mask in masks),
        tuple(np.zeros_like(mask) for mask in masks),
        (brain.rule.recurrent.norm[0], brain.rule.afferent.norm[0]),
        network.rate_hz,
        network.background_hz,
        brain.readout.policy,
        brain.readout.value,
        brain.habit.weight,
        np.zeros_like(brain.readout.policy),
        np.zeros_like(brain.readout.value),
        scales.readout_norm[0],
        scales.td_mean_square[0],
        scales.previous_value[0],
    )
    return jax.tree.map(jnp.array, (fixed, state))


def _think(fixed: Fixed, state: State, senses: Any, noise: Any, n_steps: int) -> tuple[Any, ...]:
    outside = state.background + noise + state.weight[1] @ senses
    rate, mean_rate = state.rate, jnp.zeros_like(state.rate)
    for _ in range(n_steps):
        drive = outside + state.weight[0] @ rate
        above = jnp.maximum(drive, 0)
        rate = rate + fixed.relaxation * (above * fixed.max_rate / (fixed.max_rate + above) - rate)
        rate = jnp.where((drive <= 0) & (rate < SILENT_HZ), 0, rate)
        mean_rate += rate / n_steps
    activity = rate[: fixed.feedback.shape[1]] / RATE_UNIT_HZ
    pull = state.habit @ senses[fixed.heard]
    return (
        rate,
        drive,
        mean_rate,
        activity,
        jax.nn.softmax(state.policy @ activity + fixed.share * pull),
        state.value @ activity,
        pull,
    )


def _decide(
    fixed: Fixed, learning: Learning, n_steps: int, literal: bool, state: State, moment: Tape
) -> tuple[State, tuple[Any, ...]]:
    rate, drive, mean_rate, activity, probability, value, pull = _think(fixed, state, moment.senses, moment.noise_hz, n_steps)
    inputs = (mean_rate, moment.senses)
    forgetting = learning.norm_forgetting
    readout_norm = state.readout_norm + forgetting * (activity @ activity - state.readout_norm)
    norm = tuple(norm + forgetting * (x @ x - norm) for norm, x in zip(state.norm, inputs, strict=True))
    error = moment.reward + learning.discount * value - state.previous_value
    mean_square = state.td_mean_square + learning.td_forgetting * (error * error - state.td_mean_square)
    third_factor = jnp.clip(error / jnp.maximum(jnp.sqrt(mean_square), learning.td_floor), -learning.td_clip, learning.td_clip)

    free = moment.action >= 0
    chosen = jax.nn.one_hot(moment.action, len(probability), dtype=jnp.float32)
    policy_score = jnp.where(free, chosen - probability, 0)
    own = moment.senses[fixed.heard]
    practised = learning.habit_rate * jnp.where(free, chosen - jax.nn.softmax(pull), 0) / jnp.maximum(own @ own, LEAST_SQUARE)
    log_p = jnp.log(probability + 1e-12)
    exploring = jnp.where(free, -probability * (log_p - probability @ log_p), 0) * (learning.entropy_weight * learning.actor_rate)
    max_rate, u = fixed.max_rate[: len(activity)], drive[: len(activity)]
    credit = (policy_score @ fixed.feedback) * jnp.where(u > 0, (max_rate / (max_rate + u)) ** 2, 0)
    trace, pending = state.trace, state.pending
    if literal:
        pending = tuple(p + third_factor * e for p, e in zip(pending, trace, strict=True))
        trace = tuple(learning.trace_decay * e + credit[:, None] * x[None, :] for e, x in zip(trace, inputs, strict=True))
    after = State(
        state.weight,
        trace,
        pending,
        norm,
        rate,
        state.background + learning.intrinsic_rate * (fixed.rest_rate - mean_rate),
        state.policy + (learning.actor_rate * third_factor * state.policy_trace + jnp.outer(exploring, activity)) / readout_norm,
        state.value + learning.critic_rate / readout_norm * third_factor * state.value_trace,
        state.habit + jnp.outer(practised, own),
        learning.trace_decay * state.policy_trace + jnp.outer(policy_score, activity),
        learning.trace_decay * state.value_trace + activity,
        readout_norm,
        mean_square,
        value,
    )
    return after, (probability, credit, third_factor, inputs)


def _sum_interval(state: State, credit: Any, third_factor: Any, inputs: tuple[Any, ...], decay: Any) -> State:
    length = credit.shape[0]
    powers = decay ** jnp.arange(length, dtype=jnp.float32)
    later = jnp.arange(length)[None, :] - jnp.arange(length + 1)[:, None]
    to_come = jnp.where(later >= 0, powers[jnp.maximum(later, 0)], 0) @ third_factor
    forward, faded = (credit * to_come[1:, None]).T, (credit * powers[::-1, None]).T
    pending = tuple(forward @ x + to_come[0] * e for x, e in zip(inputs, state.trace, strict=True))
    trace = tuple(decay**length * e + faded @ x for x, e in zip(inputs, state.trace, strict=True))
    return state._replace(trace=trace, pending=pending)


def _consolidate(fixed: Fixed, learning: Learning, state: State) -> State:
    n_exc = fixed.feedback.shape[1]
    weights = []
    for k, plasticity_rate in enumerate((learning.recurrent_rate, learning.afferent_rate)):
        rate = plasticity_rate * np.float32(RATE_UNIT_HZ) / (state.norm[k] * fixed.density[k])
        changed = state.weight[k][:n_exc] + rate * fixed.plastic[k] * state.pending[k]
        kept = fixed.sign[k] * jnp.maximum(fixed.sign[k] * changed, 0)
        weights.append(jnp.concatenate([kept, state.weight[k][n_exc:]]))
    return state._replace(weight=tuple(weights), pending=jax.tree.map(jnp.zeros_like, state.pending))


def compiled(learning: Learning, n_steps: int, literal: bool, length: int) -> Callable[[Fixed, State, Tape], tuple[State, Any]]:
    """A jitted function (fixed, state, tape) -> (state, probability [T, n_actions]); T must be whole intervals of `length`."""

    def interval(fixed: Fixed, state: State, part: Tape) -> tuple[State, Any]:
        decide = partial(_decide, fixed, learning, n_steps, literal)
        state, (probability, credit, third_factor, inputs) = jax.lax.scan(decide, state, part)
        if not literal:
            state = _sum_interval(state, credit, third_factor, inputs, learning.trace_decay)
        return _consolidate(fixed, learning, state), probability

    @jax.jit
    def run(fixed: Fixed, state: State, tape: Tape) -> tuple[State, Any]:
        parts = jax.tree.map(lambda array: array.reshape(-1, length, *array.shape[1:]), tape)
        state, probability = jax.lax.scan(partial(interval, fixed), state, parts)
        return state, probability.reshape(-1, probability.shape[-1])

    return run


def outcome(brain: CorticalBrain, state: State, probability: Any) -> Outcome:
    """A finished run in the form that all implementations are compared in; brain: the one that the run was copied from."""
    graphs = (brain.network.recurrent, brain.network.afferent)
    weights = (np.asarray(weight)[graph.post, graph.pre] for weight, graph in zip(state.weight, graphs, strict=True))
    return Outcome(*weights, *(np.asarray(array) for array in (state.policy, state.value, state.habit, state.rate, probability)))
