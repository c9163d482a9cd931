"""The agents' networks: a recurrent layer with a policy and a value head for each agent, both agents stacked on a leading axis.

Arrays are laid out [..., agent, environment, feature]: with the agent axis next to the matrices one product serves both agents.
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
    """What is needed of params.grid_schema.Network: kind of cell ("rnn" or "gru") and number of hidden units."""

    @property
    def cell(self) -> str: ...
    @property
    def units(self) -> int: ...


class Policy(eqx.Module):
    """Weights of A agents with I inputs and H units; G gates (1 in a vanilla network, 3 in a GRU: reset, update, new).

    input_weight [A, I, G H]; recurrent_weight [A, H, G H], row i what unit i sends; bias [A, G H];
    action_weight [A, H, 5], action_bias [A, 5]; value_weight [A, H, 1], value_bias [A, 1].
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
    """What the heads say: logits [..., A, N, 5] of the actions and the value [..., A, N]."""

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
        action_weight=uniform(units, ACTIONS),
        action_bias=uniform(ACTIONS),
        value_weight=uniform(units, 1),
        value_bias=uniform(1),
        cell=network.cell,
    )


def at_rest(policy: Policy, n_environments: int) -> Array:
    """Hidden state [A, N, H] at the start of an episode: zero."""
    agents, units, _ = policy.recurrent_weight.shape
    return jnp.zeros((agents, n_environments, units))


def drive(policy: Policy, observation: Array) -> Array:
    """What the inputs alone give every gate, x W_in + b: [..., A, N, G H] from observations [..., A, N, I]."""
    return jnp.einsum("...ani,aih->...anh", observation, policy.input_weight) + policy.bias[:, None]


def heads(policy: Policy, hidden: Array) -> Output:
    """Logits and value, linear in the hidden state [..., A, N, H]; one product for both heads."""
    weight = jnp.concatenate([policy.action_weight, policy.value_weight], axis=-1)
    bias = jnp.concatenate([policy.action_bias, policy.value_bias], axis=-1)
    out = jnp.einsum("...anh,ahk->...ank", hidden, weight) + bias[:, None]
    return Output(out[..., :-1], out[..., -1])


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
    recurrent = jnp.einsum("anh,ahg->ang", hidden, policy.recurrent_weight)
    hidden = next_hidden(policy.cell, drive(policy, observation), recurrent, hidden)
    return hidden, heads(policy, hidden)


def unroll(policy: Policy, hidden: Array, observation: Array, keep: Array) -> Output:
    """A whole sequence: observation [T, A, N, I] from hidden state [A, N, H]; keep [T, N] is 0 where an episode begins, else 1."""
    inputs = drive(policy, observation)
    scan = _vanilla if policy.cell == "rnn" else _gated
    return heads(policy, scan(policy.recurrent_weight, inputs, keep[:, None, :, None], hidden))


def _gated(weight: Array, inputs: Array, keep: Array, hidden: Array) -> Array:
    def step(hidden: Array, at: tuple[Array, Array]) -> tuple[Array, Array]:
        hidden = hidden * at[1]
        hidden = next_hidden("gru", at[0], jnp.einsum("anh,ahg->ang", hidden, weight), hidden)
        return hidden, hidden

    return jax.lax.scan(step, hidden, (inputs, keep))[1]


@jax.custom_vjp
def _vanilla(weight: Array, inputs: Array, keep: Array, hidden: Array) -> Array:
    """Hidden states [T, A, N, H] of the vanilla network. Its gradient with respect to W_hh is one product over all steps,
    dW = sum_t (keep_t h_{t-1})^T d_t, after the scan backwards, not a sum of T products within it."""

    def step(hidden: Array, at: tuple[Array, Array]) -> tuple[Array, Array]:
        hidden = jax.nn.relu(at[0] + jnp.einsum("anh,ahg->ang", hidden * at[1], weight))
        return hidden, hidden

    return jax.lax.scan(step, hidden, (inputs, keep))[1]


def _vanilla_forward(weight: Array, inputs: Array, keep: Array, hidden: Array) -> tuple[Array, tuple[Array, ...]]:
    states = _vanilla(weight, inputs, keep, hidden)
    return states, (weight, keep, hidden, states)


def _vanilla_backward(saved: tuple[Array, ...], gradient: Array) -> tuple[Array, Array, Array, Array]:
    weight, keep, hidden, states = saved
    transposed = jnp.swapaxes(weight, 1, 2)

    def step(later: Array, at: tuple[Array, Array, Array]) -> tuple[Array, Array]:
        gradient, state, keep = at
        error = jnp.where(state > 0, gradient + later, 0.0)
        return keep * jnp.einsum("anh,ahg->ang", error, transposed), error

    first, errors = jax.lax.scan(step, jnp.zeros_like(hidden), (gradient, states, keep), reverse=True)
    before = jnp.concatenate([hidden[None], states[:-1]]) * keep
    return jnp.einsum("tanh,tang->ahg", before, errors), errors, jnp.zeros_like(keep), first


_vanilla.defvjp(_vanilla_forward, _vanilla_backward)
