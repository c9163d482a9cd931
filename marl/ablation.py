"""Ablation of hidden units and of the recurrence, by taking connections away."""

from functools import partial

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import Array

from marl.policy import GATES, Policy
from marl.rollout import Tally, tally
from worlds.grid import GridRule


def ablate(policy: Policy, silent: Array) -> Policy:
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


@partial(jax.jit, static_argnames=("rule", "n_episodes", "episode"))
def tally_ablated(
    rule: GridRule, policy: Policy, silent: Array, recurrent: Array, key: Array, n_episodes: int, episode: int
) -> Tally:
    """Counts of E frozen episodes of S changed policies, [S, E, ...]; every one meets the same luck.

    silent bool [S, A, H]: units ablated. recurrent bool [S, A]: false takes the agent's W_hh away. One compiled loop over the
    policies: each is small enough to stay in cache, and its counts are the bits of `marl.rollout.tally`.
    """

    def one(change: tuple[Array, Array]) -> Tally:
        changed, kept = ablate(policy, change[0]), change[1][:, None, None]
        changed = eqx.tree_at(lambda p: p.recurrent_weight, changed, jnp.where(kept, changed.recurrent_weight, 0.0))
        return tally(rule, changed, key, n_episodes, episode)

    return jax.lax.map(one, (silent, recurrent))
