"""The loss of recurrent proximal policy optimisation."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from marl.policy import Policy, unroll
from params.schema.grid import Training


class Batch(NamedTuple):
    """Sequences to learn from. observation [A, T, N, I]; action int, log_probability (when it was chosen), advantage and target
    (return) [A, T, N]; keep [T, N], 0 where an episode begins; hidden [A, N, H] before the first step."""

    observation: Array
    action: Array
    log_probability: Array
    advantage: Array
    target: Array
    keep: Array
    hidden: Array


class Terms(NamedTuple):
    """Parts of the loss, each [A]: clipped surrogate, squared error of the value, entropy of the policy (nat), norm of W_hh, and how
    far the policy has moved since it acted, the mean of log p_old - log p (nat)."""

    surrogate: Array
    value_error: Array
    entropy: Array
    recurrent_norm: Array
    divergence: Array


def loss(policy: Policy, batch: Batch, training: Training, entropy_weight: Array) -> tuple[Array, Terms]:
    """Sum over agents of -surrogate + c_v value_error - c_e entropy + c_r ||W_hh||; the agents share no term.

    Surrogate: mean of min(rho A, clip(rho, 1 - epsilon, 1 + epsilon) A), rho = p / p_old, advantages A normalised over the batch of
    each agent (schulman2017). ||W_hh|| is the norm, not its square, as in the study (jiang2025). c_e, `entropy_weight`, falls as
    training goes on and is therefore given.
    """
    output = unroll(policy, batch.hidden, batch.observation, batch.keep)
    log_p = jax.nn.log_softmax(output.logits)
    places = (*jnp.indices(batch.action.shape, sparse=True), batch.action)
    log_chosen = log_p.at[places].get(
        unique_indices=True, mode="promise_in_bounds"
    )  # else a card sorts, to add slopes in a fixed order
    moved = log_chosen - batch.log_probability
    ratio, advantage = jnp.exp(moved), normalised(batch.advantage)
    clipped = jnp.clip(ratio, 1 - training.clip, 1 + training.clip)
    terms = Terms(
        surrogate=_mean(jnp.minimum(ratio * advantage, clipped * advantage)),
        value_error=_mean((output.value - batch.target) ** 2),
        entropy=_mean(-(jnp.exp(log_p) * log_p).sum(-1)),
        recurrent_norm=jnp.sqrt((policy.recurrent_weight**2).sum((1, 2))),
        divergence=_mean(-moved),
    )
    total = -terms.surrogate + training.value_weight * terms.value_error
    total += training.recurrent_decay * terms.recurrent_norm - entropy_weight * terms.entropy
    return total.sum(), terms


def normalised(advantage: Array) -> Array:
    """Advantages [A, T, N] with mean 0 and deviation 1 for each agent."""
    mean, deviation = advantage.mean((1, 2), keepdims=True), advantage.std((1, 2), keepdims=True)
    return (advantage - mean) / (deviation + 1e-8)


def _mean(of: Array) -> Array:
    return of.mean((1, 2))
