"""The agents' networks: a recurrent layer with a policy and a value head for each agent, both agents stacked on a leading axis.

The agent axis comes first everywhere, so that one batched product serves both agents; in sequences it is [agent, time, environment].
"""

from typing import NamedTuple, Protocol

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import Array

AGENTS = 2
ACTIONS = 5
GATES = {"rnn": 1, "gru": 3}


class NetworkShape(Protocol):
    """What is needed of params.schema.grid.Network: kind of cell ("rnn" or "gru") and number of hidden units."""

    @property
    def cell(self) -> str: ...
    @property
    def units(self) -> int: ...


class Policy(eqx.Module):
    """Weights of A agents with I inputs and H units; G gates (1 in a vanilla network, 3 in a GRU: reset, update, new).

    input_weight [A, I, G H]; recurrent_weight [A, H, G H], row i what unit i sends; bias [A, G H];
    action_weight [A, 5, H], action_bias [A, 5]; value_weight [A, 1, H], value_bias [A, 1].
    """

    input_weight: Array
    recurrent_weight: Array
    bias: Array
    action_weight: Array
    action_bias: Array
    value_weight: Array
    value_bias: Array
    cell: str = eqx.field(static=True)


class Output(NamedTuple):
    """What the heads say: logits [A, ..., 5] of the actions and the value [A, ...]."""

    logits: Array
    value: Array


def new_policy(key: Array, n_inputs: int, network: NetworkShape) -> Policy:
    """Fresh weights and biases, all uniform on +-1/sqrt(H) (1/16 for the study's 256 units), each agent its own."""
    units, gated = network.units, GATES[network.cell] * network.units
    bound = units**-0.5
    keys = iter(jax.random.split(key, 7))

    def uniform(*shape: int) -> Array:
        return jax.random.uniform(next(keys), (AGENTS, *shape), minval=-bound, maxval=bound)

    return Policy(
        input_weight=uniform(n_inputs, gated),
        recurrent_weight=uniform(units, gated),
        bias=uniform(gated),
        action_weight=uniform(ACTIONS, units),
        action_bias=uniform(ACTIONS),
        value_weight=uniform(1, units),
        value_bias=uniform(1),
        cell=network.cell,
    )


def at_rest(policy: Policy, n_environments: int) -> Array:
    """Hidden state [A, N, H] at the start of an episode: zero."""
    agents, units, _ = policy.recurrent_weight.shape
    return jnp.zeros((agents, n_environments, units))


def drive(policy: Policy, observation: Array) -> Array:
    """What the inputs alone give every gate, x W_in + b: [A, ..., G H] from observations [A, ..., I]."""
    return _product("aqi,aih->aqh", observation, policy.input_weight, policy.bias)


def heads(policy: Policy, hidden: Array) -> Output:
    """Logits and value, linear in the hidden state [A, ..., H]; one product for both heads."""
    weight = jnp.concatenate([policy.action_weight, policy.value_weight], axis=1)
    bias = jnp.concatenate([policy.action_bias, policy.value_bias], axis=1)
    out = _product("aqh,akh->aqk", hidden, weight, bias)
    return Output(out[..., :-1], out[..., -1])


def _product(what: str, array: Array, weight: Array, bias: Array) -> Array:
    """A layer for each agent, with all axes between agent and feature made one: several cost transposes, in gradients above all."""
    flat = array.reshape(array.shape[0], -1, array.shape[-1])
    return (jnp.einsum(what, flat, weight) + bias[:, None]).reshape(*array.shape[:-1], -1)


def next_hidden(cell: str, drive: Array, recurrent: Array, hidden: Array) -> Array:
    """Hidden state after one step, from the inputs' drive, the recurrent drive h W_hh (both [..., G H]) and h [..., H].

    Vanilla: h' = max(0, drive + h W_hh). GRU: r, z = sigmoid(drive + h W_hh), n = tanh(drive + r h W_hh), h' = (1 - z) n + z h.
    """
    if cell == "rnn":
        return jax.nn.relu(drive + recurrent)
    reset_in, update_in, new_in = jnp.split(drive, 3, axis=-1)
    reset_rec, update_rec, new_rec = jnp.split(recurrent, 3, axis=-1)
    reset, update = jax.nn.sigmoid(reset_in + reset_rec), jax.nn.sigmoid(update_in + update_rec)
    new = jnp.tanh(new_in + reset * new_rec)
    return (1 - update) * new + update * hidden


def advance(policy: Policy, hidden: Array, observation: Array) -> tuple[Array, Output]:
    """One step of both networks: hidden state [A, N, H] and observation [A, N, I] to the next hidden state and what the heads say."""
    recurrent = _recurrent(hidden, policy.recurrent_weight)
    hidden = next_hidden(policy.cell, drive(policy, observation), recurrent, hidden)
    return hidden, heads(policy, hidden)


def unroll(policy: Policy, hidden: Array, observation: Array, keep: Array) -> Output:
    """A whole sequence: observation [A, T, N, I] from hidden state [A, N, H]; keep [T, N] is 0 where an episode begins, else 1."""
    states = _vanilla if policy.cell == "rnn" else _gated
    return heads(policy, states(policy.recurrent_weight, drive(policy, observation), keep[:, :, None], hidden))


def _recurrent(hidden: Array, weight: Array) -> Array:
    return jnp.einsum("anh,ahg->ang", hidden, weight)


def _gated(weight: Array, inputs: Array, keep: Array, hidden: Array) -> Array:
    """Hidden states [A, T, N, H] of the GRU."""

    def step(hidden: Array, at: tuple[Array, Array]) -> tuple[Array, Array]:
        hidden = hidden * at[1]
        hidden = next_hidden("gru", at[0], _recurrent(hidden, weight), hidden)
        return hidden, hidden

    return jnp.swapaxes(jax.lax.scan(step, hidden, (jnp.swapaxes(inputs, 0, 1), keep))[1], 0, 1)


@jax.custom_vjp
def _vanilla(weight: Array, inputs: Array, keep: Array, hidden: Array) -> Array:
    """Hidden states [A, T, N, H] of the vanilla network.

    Its gradient with respect to W_hh is one product over all steps, dW = sum_t (keep_t h_{t-1})^T d_t, made after the loop backwards,
    and not a sum of T products. Loops write into place, which spares the transposes of a scan over a second axis.
    """

    def step(t: Array, carry: tuple[Array, Array]) -> tuple[Array, Array]:
        hidden, states = carry
        hidden = jax.nn.relu(inputs[:, t] + _recurrent(hidden * keep[t], weight))
        return hidden, states.at[:, t].set(hidden)

    return jax.lax.fori_loop(0, inputs.shape[1], step, (hidden, jnp.zeros_like(inputs)))[1]


def _vanilla_forward(weight: Array, inputs: Array, keep: Array, hidden: Array) -> tuple[Array, tuple[Array, ...]]:
    states = _vanilla(weight, inputs, keep, hidden)
    return states, (weight, keep, hidden, states)


def _vanilla_backward(saved: tuple[Array, ...], gradient: Array) -> tuple[Array, Array, Array, Array]:
    """Errors d_t = [h_t > 0] (dL/dh_t + keep_{t+1} d_{t+1} W^T), from the last step to the first."""
    weight, keep, hidden, states = saved
    agents, n_steps, _, units = states.shape
    transposed = jnp.swapaxes(weight, 1, 2)

    def step(i: Array, carry: tuple[Array, Array]) -> tuple[Array, Array]:
        later, errors = carry
        t = n_steps - 1 - i
        error = jnp.where(states[:, t] > 0, gradient[:, t] + later, 0.0)
        return keep[t] * _recurrent(error, transposed), errors.at[:, t].set(error)

    first, errors = jax.lax.fori_loop(0, n_steps, step, (jnp.zeros_like(hidden), jnp.zeros_like(states)))
    before = jnp.concatenate([hidden[:, None], states[:, :-1]], axis=1) * keep
    flat = (each.reshape(agents, -1, units) for each in (before, errors))
    return jnp.einsum("aqh,aqg->ahg", *flat), errors, jnp.zeros_like(keep), first


_vanilla.defvjp(_vanilla_forward, _vanilla_backward)
