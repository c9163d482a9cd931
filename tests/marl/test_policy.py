"""The networks against a plain loop, and their agents against one another."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from marl import policy as networks
from marl.policy import Policy, advance, at_rest, new_policy
from tests.marl.settings import NETWORK

STEPS, ENVIRONMENTS, INPUTS = 5, 3, 56
unroll = jax.jit(networks.unroll)
new = jax.jit(new_policy, static_argnums=(1, 2))


def policy_of(cell: str) -> Policy:
    return new(jax.random.PRNGKey(1), INPUTS, NETWORK.model_copy(update={"cell": cell}))


def sequences() -> tuple[jax.Array, jax.Array, jax.Array]:
    rng = np.random.default_rng(2)
    observation = rng.normal(size=(2, STEPS, ENVIRONMENTS, INPUTS))
    keep, hidden = rng.random((STEPS, ENVIRONMENTS)) < 0.7, rng.random((2, ENVIRONMENTS, NETWORK.units))
    return tuple(jnp.asarray(each, jnp.float32) for each in (observation, keep, hidden))


@jax.jit
def step_by_step(policy: Policy, hidden: jax.Array, observation: jax.Array, keep: jax.Array) -> tuple[jax.Array, jax.Array]:
    logits, values = [], []
    for t in range(STEPS):
        hidden, output = advance(policy, hidden * keep[t][:, None], observation[:, t])
        logits.append(output.logits)
        values.append(output.value)
    return jnp.stack(logits, 1), jnp.stack(values, 1)


@pytest.mark.parametrize(("cell", "gates"), [("rnn", 1), ("gru", 3)])
def test_shapes_and_range_of_fresh_weights(cell: str, gates: int) -> None:
    policy, units = policy_of(cell), NETWORK.units
    assert policy.input_weight.shape == (2, INPUTS, gates * units)
    assert policy.recurrent_weight.shape == (2, units, gates * units)
    for array in jax.tree.leaves(policy):
        assert array.dtype == jnp.float32
        assert float(jnp.abs(array).max()) <= units**-0.5
        assert not jnp.array_equal(array[0], array[1])
    assert float(policy.input_weight.max()) > 0.99 * units**-0.5 > -0.99 * units**-0.5 > float(policy.input_weight.min())


def test_vanilla_step_by_hand() -> None:
    """Every number of one step worked out with plain NumPy."""
    policy, (observation, _, hidden) = policy_of("rnn"), sequences()
    after, output = jax.jit(advance)(policy, hidden, observation[:, 0])
    for agent in range(2):
        w = [np.asarray(array[agent], np.float64) for array in jax.tree.leaves(policy)]
        h = np.maximum(np.asarray(observation[agent, 0]) @ w[0] + np.asarray(hidden[agent]) @ w[1] + w[2], 0)
        np.testing.assert_allclose(after[agent], h, atol=1e-5)
        np.testing.assert_allclose(output.logits[agent], h @ w[3].T + w[4], atol=1e-5)
        np.testing.assert_allclose(output.value[agent], (h @ w[5].T + w[6])[:, 0], atol=1e-5)


@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_unrolled_is_step_by_step_in_value_and_gradient(cell: str) -> None:
    """The gradient written by hand is that of plain differentiation through time, for weights, inputs and initial state."""
    policy, (observation, keep, hidden) = policy_of(cell), sequences()
    mix = np.random.default_rng(3).normal(size=(6, 2, STEPS, ENVIRONMENTS)).astype(np.float32)

    def score(run):
        def total(policy, hidden, observation):
            logits, value = run(policy, hidden, observation, keep)
            return (jnp.moveaxis(logits, -1, 0) * mix[:5]).sum() + (value**2 * mix[5]).sum()

        return total

    values, gradients = zip(
        *(
            jax.jit(jax.value_and_grad(score(run), argnums=(0, 1, 2)))(policy, hidden, observation)
            for run in (unroll, step_by_step)
        ),
        strict=True,
    )
    np.testing.assert_allclose(*values, rtol=1e-5)
    for ours, plain in zip(*map(jax.tree.leaves, gradients), strict=True):
        assert float(jnp.abs(plain).max()) > 1e-3
        np.testing.assert_allclose(ours, plain, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_agents_share_nothing(cell: str) -> None:
    policy, (observation, keep, hidden) = policy_of(cell), sequences()
    changed = jax.tree.map(lambda array: array.at[1].multiply(-2.0), policy)
    for before, after in zip(unroll(policy, hidden, observation, keep), unroll(changed, hidden, observation, keep), strict=True):
        np.testing.assert_array_equal(before[0], after[0])
        assert not np.allclose(before[1], after[1])


def test_rest_is_forgotten_past() -> None:
    policy, (observation, _, hidden) = policy_of("rnn"), sequences()
    nothing = jnp.zeros((STEPS, ENVIRONMENTS)).at[1:].set(1.0)
    rested = unroll(policy, at_rest(policy, ENVIRONMENTS), observation, jnp.ones_like(nothing))
    np.testing.assert_array_equal(unroll(policy, hidden, observation, nothing).logits, rested.logits)


def test_policy_is_one_tree_of_arrays() -> None:
    assert all(eqx.is_array(leaf) and leaf.shape[0] == 2 for leaf in jax.tree.leaves(policy_of("gru")))
