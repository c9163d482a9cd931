"""Steps per second of the bare grid under random actions, many environments at once, re-spawned every 200 steps."""

from functools import partial

import jax
import jax.numpy as jnp

from benchmarks.timing import best
from worlds import grid

EPISODE = 200
BATCHES = (256, 1024, 4096, 8192)


def measure(repeats: int, n_steps: int) -> dict[str, dict[str, float]]:
    """Million steps per second of one core by number of environments, without and with the observation of every step."""
    figures: dict[str, dict[str, float]] = {"bare": {}, "observed": {}}
    for observed, name in enumerate(figures):
        for batch in BATCHES:
            episodes = max(1, n_steps // (batch * EPISODE))
            key = jax.random.key(batch)
            taken = best(lambda: _play(grid.GridRule(), batch, episodes, bool(observed), key).block_until_ready(), repeats)  # noqa: B023
            figures[name][str(batch)] = batch * episodes * EPISODE / taken / 1e6
    return figures


def lines(figures: dict[str, dict[str, float]]) -> list[str]:
    """What is printed."""
    head = "grid, million steps/s on one core" + "".join(f"{batch:>9}" for batch in figures["bare"]) + "  environments"
    return [head, *(f"  {name:31s}" + "".join(f"{figure:9.1f}" for figure in row.values()) for name, row in figures.items())]


@partial(jax.jit, static_argnums=(0, 1, 2, 3))
def _play(rule: grid.GridRule, batch: int, episodes: int, observed: bool, key: jax.Array) -> jax.Array:
    """Summed reward [batch, agent] (and number of slots seen, so that no observation is optimised away)."""

    def forward(carry: tuple[grid.GridState, jax.Array], key: jax.Array) -> tuple[tuple[grid.GridState, jax.Array], None]:
        state, total = carry
        of_draws, of_actions = jax.random.split(key)
        draws = jax.vmap(partial(grid.draw_step, rule))(jax.random.split(of_draws, batch))
        state, reward, _ = jax.vmap(partial(grid.step, rule))(state, _random_actions(of_actions, batch), draws)
        seen = jax.vmap(partial(grid.observe, rule))(state).sum(-1) if observed else 0.0
        return (state, total + reward + seen), None

    def episode(total: jax.Array, key: jax.Array) -> tuple[jax.Array, None]:
        of_spawn, of_steps = jax.random.split(key)
        start = jax.vmap(lambda key: grid.spawn(rule, grid.draw_spawn(rule, key)))(jax.random.split(of_spawn, batch))
        return jax.lax.scan(forward, (start, total), jax.random.split(of_steps, EPISODE))[0][1], None

    return jax.lax.scan(episode, jnp.zeros((batch, 2)), jax.random.split(key, episodes))[0]


def _random_actions(key: jax.Array, batch: int) -> jax.Array:
    """Uniform actions int [batch, agent], 16 random bits each."""
    return (jax.random.bits(key, (batch, 2), jnp.uint16).astype(jnp.int32) * len(grid.ACTIONS)) >> 16
