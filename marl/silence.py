"""Silencing of hidden units and of the recurrence, by taking connections away."""

import equinox as eqx
import jax.numpy as jnp
from jax import Array

from marl.policy import GATES, Policy


def silence(policy: Policy, silent: Array) -> Policy:
    """A policy whose silent units (bool [A, H]) reach nothing: recurrent rows and columns and read-out weights are zero.

    A silent unit may still be driven by the inputs, but nobody hears it, as if it were not there (jiang2025's ablation).
    """
    heard = jnp.where(silent, 0.0, 1.0)
    received = jnp.tile(heard, (1, GATES[policy.cell]))
    recurrent = policy.recurrent_weight * heard[:, :, None] * received[:, None]
    changed = (recurrent, policy.action_weight * heard[:, None], policy.value_weight * heard[:, None])
    return eqx.tree_at(lambda p: (p.recurrent_weight, p.action_weight, p.value_weight), policy, changed)


def without_recurrence(policy: Policy) -> Policy:
    """A policy with W_hh zeroed: in a vanilla network nothing is left of the past. The control that tells whether memory is used."""
    return eqx.tree_at(lambda p: p.recurrent_weight, policy, jnp.zeros_like(policy.recurrent_weight))
