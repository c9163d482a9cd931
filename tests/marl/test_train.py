"""Training: the same bits in parts or as a whole, and the cut of an episode."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from marl import train
from marl.policy import Policy
from marl.rollout import begin
from tests.marl.settings import NETWORK, PLAN, RULE, TRAINING, collect, new_agents, new_phase
from worlds.grid import DOWN, observed_fields

KEY = jax.random.PRNGKey(0)
LONG = PLAN._replace(training=TRAINING.model_copy(update={"update_steps": 20, "environments": 8}), episode=22)


@pytest.fixture(scope="module")
def start() -> train.TrainState:
    return new_phase(PLAN, new_agents(RULE, NETWORK, jax.random.PRNGKey(1)), KEY)


def test_in_parts_or_as_a_whole(start: train.TrainState) -> None:
    whole, metrics = train.train(PLAN, start, 3)
    state, parts = start, []
    for _ in range(3):
        state, part = train.train(PLAN, state, 1)
        state = jax.tree.map(lambda array: jnp.asarray(np.array(array)), state)  # as from a file
        parts.append(part)
    for a, b in zip(*map(jax.tree.leaves, (whole, state)), strict=True):
        np.testing.assert_array_equal(a, b)
    for a, b in zip(*map(jax.tree.leaves, (metrics, jax.tree.map(lambda *each: jnp.concatenate(each), *parts))), strict=True):
        np.testing.assert_array_equal(a, b)
    assert int(whole.update) == 3
    assert not np.array_equal(whole.policy.recurrent_weight, start.policy.recurrent_weight)


def test_after_the_phase_nothing_is_learned_any_more(start: train.TrainState) -> None:
    over = start._replace(update=jnp.asarray(PLAN.updates, jnp.int32))
    after, _ = train.train(PLAN, over, 1)
    for a, b in zip(*map(jax.tree.leaves, (over.policy, after.policy)), strict=True):
        np.testing.assert_array_equal(a, b)


def test_environments_start_an_update_apart(start: train.TrainState) -> None:
    np.testing.assert_array_equal(start.play.clock, [0, 5, 0, 5, 0, 5, 0, 5])


def row_reader() -> Policy:
    """Agents that go down for ever, and whose value is the row they are in."""
    policy = jax.tree.map(jnp.zeros_like, new_agents(RULE, NETWORK, KEY))
    sizes = observed_fields(RULE)
    first = sum(size for name, size in list(sizes.items())[: list(sizes).index("own row")])
    return eqx.tree_at(
        lambda p: (p.input_weight, p.action_bias, p.value_weight),
        policy,
        (
            policy.input_weight.at[:, first : first + 8, 0].set(jnp.arange(8.0)),
            policy.action_bias.at[:, DOWN].set(50.0),
            policy.value_weight.at[:, 0, 0].set(1.0),
        ),
    )


def test_last_step_of_an_episode_looks_ahead_to_where_it_led(start: train.TrainState) -> None:
    """After 20 steps down everyone stands in row 7, worth 7; the re-spawn, anywhere, must not be seen, nor taken for an end."""
    policy = row_reader()
    play = jax.jit(begin, static_argnums=(0, 3))(RULE, policy, KEY, 8)._replace(clock=jnp.full(8, 2, jnp.int32))
    play, batch, _, (_, reward) = collect(LONG, start._replace(policy=policy, play=play), KEY)
    np.testing.assert_array_equal(play.clock, 0)
    assert len(np.unique(play.grid.position[..., 0])) > 1
    np.testing.assert_allclose(batch.advantage[:, -1], reward[-1] + TRAINING.discount * 7.0 - 7.0, rtol=1e-5)
    np.testing.assert_allclose(batch.log_probability, 0.0, atol=1e-6)


def test_where_an_episode_begins_nothing_is_kept(start: train.TrainState) -> None:
    play = start.play._replace(clock=jnp.array([0, 2, 3, 4, 12, 21, 1, 0], jnp.int32))
    _, batch, *_ = collect(LONG, start._replace(play=play), KEY)
    expected = np.ones((20, 8))
    for environment, t in ((2, 19), (3, 18), (4, 10), (5, 1)):
        expected[t, environment] = 0
    np.testing.assert_array_equal(batch.keep, expected)


@pytest.mark.parametrize(
    ("pokes", "expected"),
    [
        ([[3, 2], [0, 0], [0, 0]], True),
        ([[3, 2], [1, 0], [2, 0]], True),
        ([[9, 9], [0.1, 4], [0.06, 4]], True),  # seen: a window of one step
        ([[0, 0], [1, 1.5], [1, 1]], False),
    ],
)
def test_collapse(pokes: list[list[int]], expected: bool) -> None:
    poke = jnp.asarray(pokes, jnp.float32)
    metrics = train.Metrics(poke, poke, poke, poke, poke[:, 0], train.Terms(*[poke] * 5))
    assert train.collapsed(metrics, last=2) is expected
