"""Advantages and returns from rewards and values."""

import jax
import jax.numpy as jnp
from jax import Array


def advantages(reward: Array, value: Array, next_value: Array, cut: Array, discount: float, trace: float) -> Array:
    """Generalised advantage estimates [T, A, N].

    delta_t = r_t + gamma V'_t - V_t and A_t = delta_t + gamma lambda (1 - cut_t) A_{t+1}, with A = 0 after the last step.

    reward, value [T, A, N]; next_value [T, A, N] the value V' of the state that step t led to, before any re-spawn: an episode ends by
    the clock, not by the task, so its last step looks ahead as any other; cut [T, N] true where step t was an episode's last.
    discount gamma and trace lambda are per step. Estimator: schulman2016.
    """
    error = reward + discount * next_value - value
    decay = discount * trace * (1.0 - cut.astype(reward.dtype))[:, None, :]

    def step(later: Array, at: tuple[Array, Array]) -> tuple[Array, Array]:
        now = at[0] + at[1] * later
        return now, now

    return jax.lax.scan(step, jnp.zeros_like(error[0]), (error, decay), reverse=True)[1]
