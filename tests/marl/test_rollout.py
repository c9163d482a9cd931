"""Frozen play: what is recorded is what was played."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from marl import rollout
from marl.policy import Policy, advance, at_rest
from tests.marl.settings import NETWORK, new_agents
from worlds.grid import GridRule, hide_partner

RULE = GridRule(joint=True)
KEY = jax.random.PRNGKey(4)
STEPS, ENVIRONMENTS, EPISODE = 23, 6, 10


@pytest.fixture(scope="module")
def policy() -> Policy:
    return new_agents(RULE, NETWORK, jax.random.PRNGKey(1))


@pytest.fixture(scope="module")
def played(policy: Policy) -> rollout.Trajectory:
    return rollout.play(RULE, policy, KEY, STEPS, ENVIRONMENTS, episode=EPISODE, opaque=True)


def at(tree, t: int):
    return jax.tree.map(lambda array: np.asarray(array)[t], tree)


def test_states_follow_one_another_but_for_cuts(played: rollout.Trajectory) -> None:
    for t in range(STEPS - 1):
        same = [np.array_equal(a, b) for a, b in zip(at(played.next_state, t), at(played.state, t + 1), strict=True)]
        assert all(same) == ((t + 1) % EPISODE != 0)
    start = at(played.state, EPISODE)
    assert not np.asarray(start.available).any()
    assert not np.asarray(start.frozen).any()


def test_recorded_activity_and_heads_are_those_of_the_network(policy: Policy, played: rollout.Trajectory) -> None:
    """Step by step, from rest at every cut; the partner is hidden from the network."""
    hidden = at_rest(policy, ENVIRONMENTS)

    @jax.jit
    def move(policy, hidden, state):
        return advance(policy, hidden, hide_partner(rollout.look(RULE, state)))

    for t in range(STEPS):
        if t % EPISODE == 0:
            hidden = at_rest(policy, ENVIRONMENTS)
        hidden, output = move(policy, hidden, at(played.state, t))
        np.testing.assert_allclose(played.hidden[t], np.swapaxes(hidden, 0, 1), atol=1e-5)
        np.testing.assert_allclose(played.logits[t], np.swapaxes(output.logits, 0, 1), atol=1e-5)
        np.testing.assert_allclose(played.value[t], output.value.T, atol=1e-5)


def test_tally_counts_the_same_games(policy: Policy) -> None:
    happened = rollout.play(RULE, policy, KEY, 50, 32).happened
    counted = rollout.tally(RULE, policy, KEY, 32, episode=50)
    assert int(counted.poke.sum()) > 0
    for ours, theirs in zip(counted, (happened.rewarded, happened.sync, happened.miss, happened.poke, happened.got), strict=True):
        np.testing.assert_array_equal(ours, theirs.sum(0))


def test_actions_come_with_their_probabilities() -> None:
    probability = np.array([0.5, 0.0, 0.2, 0.3, 0.0])
    action = rollout.choose(KEY, jnp.broadcast_to(jnp.log(jnp.asarray(probability)), (20000, 5)))
    found = np.bincount(action, minlength=5) / 20000
    assert found[1] == found[4] == 0
    np.testing.assert_allclose(found, probability, atol=5 * np.sqrt(0.25 / 20000))


def test_only_those_cut_are_put_back(policy: Policy) -> None:
    play = jax.jit(rollout.begin, static_argnums=(0, 3))(RULE, policy, KEY, 3)._replace(
        hidden=jnp.ones((2, 3, NETWORK.units)), clock=jnp.array([4, 10, 7])
    )
    after = jax.jit(rollout.respawn, static_argnums=0)(RULE, play, play.clock == 10, jax.random.PRNGKey(9))
    np.testing.assert_array_equal(after.clock, [4, 0, 7])
    np.testing.assert_array_equal(after.hidden[:, :, 0], [[1, 0, 1], [1, 0, 1]])
    moved = (np.asarray(after.grid.position) != np.asarray(play.grid.position)).any((1, 2))
    np.testing.assert_array_equal(moved, [False, True, False])
