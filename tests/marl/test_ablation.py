"""Ablation is taking units away."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from marl.ablation import ablate, tally_ablated, without_recurrence
from marl.policy import Policy
from marl.rollout import tally
from tests.marl.settings import NETWORK
from tests.marl.test_policy import INPUTS, new, policy_of, sequences, unroll
from worlds.grid import GridRule

SILENT = (np.array([0, 5, 11]), np.array([2, 5, 7]))


def without(policy: Policy) -> Policy:
    """A smaller policy in which the silent units do not exist."""

    def kept(agent: int, array: jax.Array, *axes: int) -> np.ndarray:
        out = np.asarray(array[agent])
        for axis in axes:
            n = out.shape[axis] // NETWORK.units
            out = np.delete(out, np.concatenate([SILENT[agent] + k * NETWORK.units for k in range(n)]), axis=axis)
        return out

    axes = ((1,), (0, 1), (0,), (1,), (), (1,), ())
    arrays = (jnp.stack([kept(agent, a, *ax) for agent in range(2)]) for a, ax in zip(jax.tree.leaves(policy), axes, strict=True))
    return jax.tree.unflatten(jax.tree.structure(policy), list(arrays))


@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_ablated_units_might_as_well_not_exist(cell: str) -> None:
    policy, (observation, keep, hidden) = policy_of(cell), sequences()
    silent = np.zeros((2, NETWORK.units), bool)
    for agent, units in enumerate(SILENT):
        silent[agent, units] = True
    smaller_hidden = jnp.stack([hidden[agent][:, ~silent[agent]] for agent in range(2)])
    ours = unroll(ablate(policy, jnp.asarray(silent)), hidden, observation, keep)
    smaller = unroll(without(policy), smaller_hidden, observation, keep)
    for a, b in zip(ours, smaller, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
    assert not np.allclose(ours.logits, unroll(policy, hidden, observation, keep).logits, atol=1e-3)


def test_ablating_nobody_changes_nothing() -> None:
    policy = policy_of("gru")
    for before, after in zip(*map(jax.tree.leaves, (policy, ablate(policy, jnp.zeros((2, NETWORK.units), bool)))), strict=True):
        np.testing.assert_array_equal(before, after)


def test_without_recurrence_the_past_is_gone() -> None:
    policy, (observation, keep, hidden) = without_recurrence(policy_of("rnn")), sequences()
    alone = unroll(policy, 0 * hidden, observation[:, -1:], keep[-1:])
    np.testing.assert_allclose(unroll(policy, hidden, observation, keep).logits[:, -1], alone.logits[:, 0], rtol=1e-5, atol=1e-6)


def test_episodes_without_units_are_those_of_smaller_networks() -> None:
    rule, policy = GridRule(joint=False), new(jax.random.PRNGKey(0), INPUTS, NETWORK)
    silent = np.zeros((2, 2, NETWORK.units), bool)
    for agent, units in enumerate(SILENT):
        silent[1, agent, units] = True
    key = jax.random.PRNGKey(1)
    found = tally_ablated(rule, policy, jnp.asarray(silent), jnp.ones((2, 2), bool), key, 6, 50)
    for place, smaller in enumerate((policy, without(policy))):
        for ours, its in zip(found, tally(rule, smaller, key, 6, 50), strict=True):
            np.testing.assert_array_equal(ours[place], its)
    assert not np.array_equal(found.poke[0], found.poke[1])
