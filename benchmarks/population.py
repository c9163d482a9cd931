"""What training a population costs on the device that JAX finds, for `benchmarks.grid --population`.

`python -m benchmarks.population SIZE ...` prints lines of JSON: one of the device, then one for each size.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

from marl import population
from marl.population import STATE, bytes_of, shapes, together
from marl.train import Plan, TrainState, collect, new_agents, new_phase
from params import resolve
from params.schema.grid import GridParameters
from sims.grid.pair import rule_of

CONDITION = "marl_coop"
UPDATES = 5  # in one run of the compiled program
FEWEST_RUNS, LEAST_S = 2, 2.0  # of every size


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; always 0: a size that cannot be measured says so in its line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.population", description=__doc__)
    parser.add_argument("sizes", type=int, nargs="+", metavar="SIZE", help="pairs at once")
    parser.add_argument("--parts", action="store_true", help="time the play of an update apart from its learning")
    options = parser.parse_args(arguments)
    device, params = jax.local_devices()[0], resolve(CONDITION).grid
    limit = (device.memory_stats() or {}).get("bytes_limit")
    about = {"device": device.device_kind, "platform": device.platform, "jax": jax.__version__, "limit_bytes": limit}
    _say(about | {"products": jax.config.jax_default_matmul_precision, "batch_steps": params.training.batch_steps})
    for n_pairs in options.sizes:
        try:
            _say({"pairs": n_pairs} | measured(params, n_pairs, limit, options.parts))
        except jax.errors.JaxRuntimeError as error:
            _say({"pairs": n_pairs, "failed": str(error).partition("\n")[0][:100]})
    return 0


def _say(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def measured(params: GridParameters, n_pairs: int, limit: int | None, parts: bool) -> dict[str, Any]:
    """Figures of so many pairs: memory of one, B, compilation, an update, s, steps of the game a second, all together; parts: how much
    of an update is play, s."""
    plan = Plan(rule_of(params, "coop"), params.training, params.world.episode_steps, updates=1000)
    begun = time.perf_counter()
    program = population.train.lower(plan, shapes(plan, params.network, n_pairs), UPDATES).compile()
    found: dict[str, Any] = {"compile_s": time.perf_counter() - begun, "pair_bytes": bytes_of(program) / n_pairs}
    if limit is not None and bytes_of(program) > limit:
        return found | {"failed": f"needs {bytes_of(program) / 1e9:.1f} GB of {limit / 1e9:.1f} GB"}
    states = jax.device_put(_states(plan, params, n_pairs))
    found["update_s"] = _seconds(lambda: program(states)) / UPDATES
    found["steps_per_s"] = n_pairs * params.training.batch_steps / found["update_s"]
    if parts:
        played = jax.jit(lambda each: jax.vmap(lambda one: _played(plan, one), (STATE,))(each))
        found["play_s"] = _seconds(lambda: played(states)) / UPDATES
    return found


def _states(plan: Plan, params: GridParameters, n_pairs: int) -> TrainState:
    """Pairs with the same weights, whose games differ."""
    key = jax.random.PRNGKey(1)
    policy = jax.jit(new_agents, static_argnums=(0, 1))(plan.rule, params.network, key)
    state = jax.jit(new_phase, static_argnums=0)(plan, policy, key)
    return together([state._replace(key=jnp.array([0, pair], jnp.uint32)) for pair in range(n_pairs)], STATE)


def _played(plan: Plan, state: TrainState) -> Array:
    """The play of as many updates, without learning; a sum of what would be learned from, so that all of it is made."""

    def step(now: TrainState, update: Array) -> tuple[TrainState, Array]:
        play, batch, *_ = collect(plan, now, jax.random.fold_in(now.key, update))
        return now._replace(play=play), sum((each.astype(jnp.float32).sum() for each in jax.tree.leaves(batch)), jnp.zeros(()))

    return jax.lax.scan(step, state, jnp.arange(UPDATES))[1].sum()


def _seconds(run: Callable[[], object]) -> float:
    """Of a run, the best of some, after one that is not timed."""
    jax.block_until_ready(run())
    return min(_runs(run))


def _runs(run: Callable[[], object]) -> Iterator[float]:
    taken: list[float] = []
    while len(taken) < FEWEST_RUNS or sum(taken) < LEAST_S:
        begun = time.perf_counter()
        jax.block_until_ready(run())
        taken.append(time.perf_counter() - begun)
        yield taken[-1]


if __name__ == "__main__":
    sys.exit(main())
