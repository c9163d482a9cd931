"""Curiosity: surprise by hand, whose it is, what it learns, and where it enters training."""

from functools import cache, partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from marl import curiosity, train
from marl.curiosity import Transitions
from tests.marl.settings import NETWORK, PLAN, RULE, TRAINING, collect, new_agents, new_phase

KEY = jax.random.PRNGKey(0)
SETTINGS = TRAINING.curiosity.model_copy(update={"strength": 0.5, "features": 6, "units": 16})
CURIOUS = PLAN._replace(training=TRAINING.model_copy(update={"curiosity": SETTINGS}))
surprise = jax.jit(curiosity.surprise)
learned = jax.jit(curiosity.learned, static_argnums=2)


@partial(jax.jit, static_argnums=0)
def some_steps(seed: int = 1) -> Transitions:
    """Five steps of four environments; what follows depends on what was seen and done. The last step ends an episode in one."""
    keys = jax.random.split(jax.random.PRNGKey(seed), 2)
    seen = jax.random.bernoulli(keys[0], 0.3, (2, 5, 4, 8)).astype(jnp.float32)
    action = jax.random.randint(keys[1], (2, 5, 4), 0, 5)
    following = jnp.roll(seen, 1, axis=-1).at[..., :5].add(jax.nn.one_hot(action, 5))
    return Transitions(seen, action, following, jnp.ones((5, 4), bool).at[4, 0].set(False))


@cache
def fresh() -> curiosity.Curiosity:
    made = jax.jit(curiosity.new_curiosity, static_argnums=(1, 2))(KEY, 8, SETTINGS)
    assert made is not None
    return made


def test_surprise_by_hand() -> None:
    """All weights zero and a forward bias of 2: the features of anything are 0, six of them are foreseen as 2, so 6 * 4 / 2 = 12."""
    foresight = jax.tree.map(jnp.zeros_like, fresh().foresight)
    hidden, last = foresight.forward
    foresight = foresight._replace(forward=(hidden, last._replace(bias=last.bias + 2.0)))
    expected = np.full((2, 5, 4), 12.0)
    expected[:, 4, 0] = 0  # another episode follows
    np.testing.assert_allclose(surprise(foresight, some_steps()), expected)


def test_agents_share_nothing() -> None:
    """The other agent's steps change neither what surprises an agent nor what it learns."""
    steps = some_steps()
    other = Transitions(*(each.at[1].set(1 - each[1]) for each in steps[:3]), steps.whole)
    first, second = (learned(fresh(), each, SETTINGS).foresight for each in (steps, other))
    for a, b in zip(*map(jax.tree.leaves, (first, second)), strict=True):
        np.testing.assert_array_equal(a[0], b[0])
    assert not np.array_equal(first.features.weight[1], second.features.weight[1])
    surprises = [surprise(fresh().foresight, each) for each in (steps, other)]
    np.testing.assert_array_equal(surprises[0][0], surprises[1][0])
    assert not np.array_equal(surprises[0][1], surprises[1][1])


def test_what_is_seen_again_surprises_less_and_tells_the_act() -> None:
    steps, now = some_steps(), fresh()
    settings = SETTINGS.model_copy(update={"learning_rate": 0.01})
    before = float(surprise(now.foresight, steps).mean())
    loss = jax.jit(lambda c: curiosity._loss(c.foresight, steps, 0.0))  # of the act alone
    blind = float(loss(now))
    for _ in range(500):
        now = learned(now, steps, settings)
    assert float(surprise(now.foresight, steps).mean()) < 0.2 * before
    assert blind == pytest.approx(2 * np.log(5), rel=0.1)  # of both agents
    assert float(loss(now)) < 0.3 * blind


def test_no_strength_no_networks() -> None:
    assert curiosity.new_curiosity(KEY, 8, SETTINGS.model_copy(update={"strength": 0.0})) is None
    assert new_phase(PLAN, new_agents(RULE, NETWORK, KEY), KEY).curiosity is None


def test_bonus_enters_the_advantage_and_not_what_is_reported() -> None:
    """With discount 0 an advantage is reward + bonus - value; the rewards that metrics are made of are the task's."""
    training = CURIOUS.training.model_copy(update={"discount": 0.0})
    plan = CURIOUS._replace(training=training)
    state = new_phase(plan, new_agents(RULE, NETWORK, KEY), KEY)
    _, batch, steps, (_, reward) = collect(plan, state, KEY)
    assert state.curiosity is not None
    bonus = batch.target - jnp.swapaxes(reward, 0, 1)
    np.testing.assert_allclose(bonus, 0.5 * surprise(state.curiosity.foresight, steps), rtol=1e-4, atol=1e-5)
    assert (np.asarray(bonus)[:, np.asarray(steps.whole)] > 0).all()
    assert np.isin(np.asarray(reward), np.float32([-0.1, 0, 2])).all()


def test_training_goes_on_from_a_saved_state() -> None:
    """The networks of curiosity are saved with the rest: two sessions from a file are two sessions in a row, to the bit."""
    start = new_phase(CURIOUS, new_agents(RULE, NETWORK, KEY), KEY)
    once, _ = train.train(CURIOUS, start, 2)
    saved = jax.tree.map(lambda array: jnp.asarray(np.array(array)), once)
    for a, b in zip(*(jax.tree.leaves(train.train(CURIOUS, each, 2)[0]) for each in (once, saved)), strict=True):
        np.testing.assert_array_equal(a, b)
    assert once.curiosity is not None
    assert start.curiosity is not None
    assert not np.array_equal(once.curiosity.foresight.features.weight, start.curiosity.foresight.features.weight)
