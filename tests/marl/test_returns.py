"""Advantages against a case done by hand and against the definition, summed slowly."""

import jax.numpy as jnp
import numpy as np

from marl.returns import advantages


def test_by_hand() -> None:
    """Three steps, gamma = lambda = 0.5, an episode ending after the second."""
    reward, value, next_value = (jnp.array(each)[:, None, None] for each in ([1.0, 0.0, 2.0], [0.5, 1.0, 0.0], [1.0, 4.0, 2.0]))
    cut = jnp.array([False, True, False])[:, None]
    found = advantages(reward, value, next_value, cut, 0.5, 0.5)[:, 0, 0]
    # errors: 1 + .5 - .5 = 1; 0 + 2 - 1 = 1 (looks ahead across the cut); 2 + 1 - 0 = 3
    np.testing.assert_allclose(found, [1 + 0.25 * 1, 1.0, 3.0], rtol=1e-6)


def test_against_the_sum() -> None:
    rng = np.random.default_rng(0)
    steps, discount, trace = 30, 0.9, 0.8
    reward, value, next_value = rng.normal(size=(3, steps, 2, 4))
    cut = rng.random((steps, 4)) < 0.2
    found = advantages(*map(jnp.asarray, (reward, value, next_value, cut)), discount, trace)
    error = reward + discount * next_value - value
    for agent, env, t in np.ndindex(2, 4, steps):
        total, weight = 0.0, 1.0
        for later in range(t, steps):
            total += weight * error[later, agent, env]
            weight *= discount * trace
            if cut[later, env]:
                break
        np.testing.assert_allclose(found[t, agent, env], total, rtol=1e-4, atol=1e-5)


def test_true_values_leave_no_advantage() -> None:
    """A reward of 1 for ever is worth 1 / (1 - gamma); a critic that knows is never surprised, cuts or not."""
    worth = jnp.full((20, 2, 3), 10.0)
    cut = jnp.arange(20)[:, None] % jnp.array([3, 5, 7]) == 0
    np.testing.assert_allclose(advantages(jnp.ones_like(worth), worth, worth, cut, 0.9, 0.7), 0.0, atol=1e-5)
