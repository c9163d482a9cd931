"""Pairs at once are the pairs alone: the same draws to the bit, sums but for their last digits."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from marl import population, rollout, train
from marl.population import METRICS, STATE, NotLevelError, apart, together
from marl.train import Metrics, TrainState
from tests.marl.settings import NETWORK, PLAN, RULE, new_agents, new_phase

PAIRS, STEPS = 3, 20
CURIOUS = PLAN._replace(
    training=PLAN.training.model_copy(update={"curiosity": PLAN.training.curiosity.model_copy(update={"strength": 0.5})})
)


def start(pair: int, plan: train.Plan = PLAN) -> TrainState:
    return new_phase(plan, new_agents(RULE, NETWORK, jax.random.PRNGKey(pair)), jax.random.PRNGKey(100 + pair))


def trained(pairs: list[int], n_updates: int = 1, plan: train.Plan = PLAN) -> list[tuple[TrainState, Metrics]]:
    """Each of these pairs, trained together."""
    states, metrics = population.train(plan, together([start(pair, plan) for pair in pairs], STATE), n_updates)
    return list(zip(apart(states, len(pairs), STATE), apart(metrics, len(pairs), METRICS), strict=True))


def farthest(one: object, other: object) -> float:
    """Largest difference of two trees, of the largest number in each array."""

    def difference(a: np.ndarray, b: np.ndarray) -> float:
        a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
        return float(np.abs(a - b).max() / max(np.abs(b).max(), 1e-30))

    return max(map(difference, jax.tree.leaves(one), jax.tree.leaves(other)))


@pytest.mark.parametrize("plan", [PLAN, CURIOUS], ids=["plain", "curious"])
def test_a_population_of_one_has_the_bits_of_the_pair(plan: train.Plan) -> None:
    alone = train.train(plan, start(0, plan), 2)
    for ours, theirs in zip(jax.tree.leaves(trained([0], 2, plan)), jax.tree.leaves(alone), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_pairs_learn_as_they_would_alone() -> None:
    """One update; the games played for it are the same to the step."""
    for pair, (state, metrics) in enumerate(trained([0, 1, 2])):
        alone, of_alone = train.train(PLAN, start(pair), 1)
        assert farthest(state.policy, alone.policy) < 1e-5
        assert farthest(metrics, of_alone) < 1e-4
        for ours, theirs in zip(*map(jax.tree.leaves, (state.play.grid, alone.play.grid)), strict=True):
            np.testing.assert_array_equal(ours, theirs)
        for ours, theirs in zip(metrics[:5], of_alone[:5], strict=True):
            np.testing.assert_array_equal(ours, theirs)  # counts of what happened
        np.testing.assert_array_equal(state.play.clock, alone.play.clock)
        assert int(state.update) == 1


def test_who_else_is_there_and_in_which_place_does_not_matter() -> None:
    first, second, third = trained([0, 1, 2])
    for ours, theirs in zip(trained([2, 0, 1]), (third, first, second), strict=True):
        assert farthest(ours, theirs) < 1e-4
    assert farthest(trained([0, 5])[0][0].policy, first[0].policy) < 1e-5
    assert farthest(first[0].policy, second[0].policy) > 0.1


def test_play_and_counts_are_those_of_each_pair() -> None:
    policies = [start(pair).policy for pair in range(PAIRS)]
    keys = [jax.random.PRNGKey(7 + pair) for pair in range(PAIRS)]
    played = apart(population.play(RULE, together(policies), together(keys), STEPS), PAIRS)
    counted = apart(population.tally(RULE, together(policies), together(keys), 4, STEPS), PAIRS)
    for pair, (policy, key) in enumerate(zip(policies, keys, strict=True)):
        alone = rollout.play(RULE, policy, key, STEPS)
        np.testing.assert_array_equal(played[pair].action, alone.action)
        np.testing.assert_allclose(played[pair].hidden, alone.hidden, atol=1e-6)
        for ours, theirs in zip(counted[pair], rollout.tally(RULE, policy, key, 4, STEPS), strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_the_end_of_an_episode_is_a_condition_and_not_a_choice_of_both() -> None:
    """Clocks are shared: where they were mapped, every step would put all games back and look once more."""
    states = together([start(pair) for pair in range(PAIRS)], STATE)
    program = str(jax.make_jaxpr(lambda each: population.train(PLAN, each, 1))(states))
    assert program.count("cond[") == 1
    mapped = jax.tree.map(lambda *each: jnp.stack(each), *[start(pair) for pair in range(PAIRS)])
    assert "cond[" not in str(jax.make_jaxpr(jax.vmap(lambda each: train.train(PLAN, each, 1)))(mapped))


def test_pairs_that_are_not_level_do_not_go_together() -> None:
    with pytest.raises(NotLevelError):
        together([start(0), train.train(PLAN, start(1), 1)[0]], STATE)


def test_apart_is_what_was_together() -> None:
    states = [start(pair) for pair in range(PAIRS)]
    for ours, theirs in zip(apart(together(states, STATE), PAIRS, STATE), states, strict=True):
        assert jax.tree.structure(ours) == jax.tree.structure(theirs)
        for a, b in zip(*map(jax.tree.leaves, (ours, theirs)), strict=True):
            np.testing.assert_array_equal(a, b)
            assert a.dtype == b.dtype
    shape = population.shapes(PLAN, NETWORK, PAIRS)
    assert jax.tree.map(np.shape, together(states, STATE)) == jax.tree.map(lambda each: each.shape, shape)


def test_more_pairs_take_more_memory() -> None:
    found = [
        population.bytes_of(population.train.lower(PLAN, population.shapes(PLAN, NETWORK, n), 1).compile()) for n in (1, PAIRS)
    ]
    assert 2 * found[0] < found[1] < 4 * found[0]
