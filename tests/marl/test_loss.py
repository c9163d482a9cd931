"""The loss against its definition, written plainly."""

import jax
import jax.numpy as jnp
import numpy as np

from marl.loss import Batch, loss, normalised
from marl.policy import Policy
from tests.marl.settings import TRAINING
from tests.marl.test_policy import ENVIRONMENTS, STEPS, policy_of, sequences, step_by_step

ENTROPY_WEIGHT = jnp.asarray(0.02)


def batch() -> Batch:
    observation, keep, hidden = sequences()
    rng = np.random.default_rng(5)
    shape = (2, STEPS, ENVIRONMENTS)
    action = jnp.asarray(rng.integers(0, 5, shape))
    numbers = (np.log(0.2) + 0.3 * rng.normal(size=shape), 3 + 5 * rng.normal(size=shape), rng.normal(size=shape))
    log_probability, advantage, target = (jnp.asarray(each, jnp.float32) for each in numbers)
    return Batch(observation, action, log_probability, advantage, target, keep, hidden)


def plain(policy: Policy, data: Batch) -> jax.Array:
    """Agent by agent, textbook form, differentiated through a Python loop over time."""
    logits, value = step_by_step(policy, data.hidden, data.observation, data.keep)
    total = jnp.zeros(())
    for agent in range(2):
        probability = jax.nn.softmax(logits[agent])
        chosen = (probability * jax.nn.one_hot(data.action[agent], 5)).sum(-1)
        ratio = chosen / jnp.exp(data.log_probability[agent])
        advantage = data.advantage[agent]
        advantage = (advantage - advantage.mean()) / advantage.std()
        surrogate = jnp.minimum(ratio * advantage, jnp.clip(ratio, 0.8, 1.2) * advantage).mean()
        error = ((value[agent] - data.target[agent]) ** 2).mean()
        entropy = -(probability * jnp.log(probability)).sum(-1).mean()
        norm = jnp.linalg.norm(policy.recurrent_weight[agent])
        total += -surrogate + 0.5 * error - ENTROPY_WEIGHT * entropy + 0.01 * norm
    return total


def test_value_and_gradient_are_those_of_the_plain_form() -> None:
    policy, data = policy_of("rnn"), batch()
    (value, _), gradient = jax.jit(jax.value_and_grad(lambda p: loss(p, data, TRAINING, ENTROPY_WEIGHT), has_aux=True))(policy)
    expected, expected_gradient = jax.jit(jax.value_and_grad(lambda p: plain(p, data)))(policy)
    np.testing.assert_allclose(value, expected, rtol=1e-5)
    for ours, theirs in zip(*map(jax.tree.leaves, (gradient, expected_gradient)), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-5)


def test_one_agents_data_do_not_move_the_other() -> None:
    policy, data = policy_of("rnn"), batch()
    other = data._replace(advantage=data.advantage.at[1].multiply(-7.0), observation=data.observation.at[1].add(1.0))
    slope = jax.jit(jax.grad(lambda p, d: loss(p, d, TRAINING, ENTROPY_WEIGHT)[0]))
    for a, b in zip(*map(jax.tree.leaves, (slope(policy, data), slope(policy, other))), strict=True):
        np.testing.assert_allclose(a[0], b[0], rtol=1e-5, atol=1e-7)
        assert not np.allclose(a[1], b[1], rtol=1e-3, atol=1e-7)


def test_nothing_pushes_beyond_the_clip() -> None:
    """Where the ratio has left the clip in the good direction, the surrogate has no slope."""
    policy, data = policy_of("rnn"), batch()
    logits, _ = step_by_step(policy, data.hidden, data.observation, data.keep)
    now = jnp.take_along_axis(jax.nn.log_softmax(logits), data.action[..., None], -1)[..., 0]
    past_clip = jnp.where(normalised(data.advantage) > 0, now - 1.0, now + 1.0)
    slope = jax.jit(
        jax.grad(lambda p: loss(p, data._replace(log_probability=past_clip), TRAINING, jnp.zeros(()))[1].surrogate.sum())
    )(policy)
    assert all(not leaf.any() for leaf in jax.tree.leaves(slope))


def test_advantages_are_normalised_for_each_agent() -> None:
    scaled = normalised(batch().advantage * jnp.array([1.0, 100.0])[:, None, None])
    np.testing.assert_allclose(scaled.mean((1, 2)), 0.0, atol=1e-5)
    np.testing.assert_allclose(scaled.std((1, 2)), 1.0, rtol=1e-4)
