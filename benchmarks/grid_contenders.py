"""What the grid benchmark times, and how many multiply-adds it cannot do without."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.peers import NotEqualError
from benchmarks.plain_grid import PlainGrid
from marl.policy import ACTIONS, AGENTS, Policy
from marl.rollout import tally
from marl.train import Plan, new_agents, new_phase, train
from params.schema.grid import GridParameters, Network, Training
from worlds import grid
from worlds.grid import GridRule

# The study's settings [jiang2025]. Ours are whole sequences in whole minibatches: of 12 sequences (120 steps) where it has 128 steps, and
# 3840 steps a batch where it has 4000. Of a step of the game RLlib makes 0.242 gradient steps on 31.5 steps with padding; ours 0.25 on 30.
STUDY_BATCH, STUDY_MINIBATCH = 4000, 128
STUDY = {
    "environments": 384,
    "update_steps": 10,
    "epochs": 30,
    "minibatches": 32,
    "learning_rate": 5e-5,
    "discount": 0.99,
    "trace": 1.0,
    "clip": 0.3,
    "value_weight": 1.0,
    "entropy_weight": 0.0,
    "recurrent_decay": 0.1,
}
BARE_ENVIRONMENTS, ROLLOUT_ENVIRONMENTS, BARE_STEPS = 1024, 256, 1000


class Timed(NamedTuple):
    """Something to be timed: what it does, steps of the game in one run of it, float operations a step that it needs (None: no
    products of matrices), and the run, which returns when all is done."""

    steps: int
    flops: float | None
    run: Callable[[], object]


def study_training(training: Training) -> Training:
    """The study's settings of learning in the form of ours."""
    return training.model_copy(update=STUDY)


def n_inputs(rule: GridRule) -> int:
    """Slots of an observation."""
    return sum(grid.observed_fields(rule).values())


def forward_flops(network: Network, inputs: int) -> float:
    """Float operations of both vanilla networks in one step: 2 (I H + H^2 + 6 H) each; a multiply-add counts as two."""
    units = network.units
    return AGENTS * 2.0 * units * (inputs + units + ACTIONS + 1)


def update_flops(network: Network, training: Training, inputs: int) -> float:
    """The same of training, per step of the game: one step forward to act, then in each epoch one forward and its gradient.

    The gradient takes two products of the same size per layer, one of the inputs, which need none themselves.
    """
    act, units = forward_flops(network, inputs), network.units
    return act * (1 + 1 / training.update_steps) + training.epochs * (3 * act - AGENTS * 2.0 * units * inputs)


def contenders(params: GridParameters, rule: GridRule) -> dict[str, Timed]:
    """Every row but the peer's, compiled."""
    policy = new_agents(rule, params.network, jax.random.key(0))
    study = study_training(params.training)
    return {
        "bare environment": bare(rule, seen=False),
        "environment, observed": bare(rule, seen=True),
        "environment + both policies": rollout(
            rule, policy, forward_flops(params.network, n_inputs(rule)), params.world.episode_steps
        ),
        "full training, grid.toml": training(params, rule, params.training, 10),
        "full training, the study's settings": training(params, rule, study, 1),
    }


def bare(rule: GridRule, seen: bool) -> Timed:
    """Many environments with given actions and their own random draws; seen: observations too (summed, so that they are made)."""
    keys = jax.random.split(jax.random.key(1), BARE_ENVIRONMENTS)
    start = jax.jit(jax.vmap(lambda key: grid.spawn(rule, grid.draw_spawn(rule, key))))(keys)
    actions = jax.random.randint(jax.random.key(2), (BARE_STEPS, BARE_ENVIRONMENTS, 2), 0, ACTIONS)

    def step(carry: tuple, given: tuple) -> tuple[tuple, None]:
        state, total = carry
        action, key = given
        draws = jax.vmap(lambda k: grid.draw_step(rule, k))(jax.random.split(key, BARE_ENVIRONMENTS))
        state, reward, _ = jax.vmap(lambda s, a, d: grid.step(rule, s, a, d))(state, action, draws)
        total = total + reward
        if seen:
            total = total + jax.vmap(lambda s: grid.observe(rule, s))(state).sum(-1)
        return (state, total), None

    @jax.jit
    def play(key: jax.Array) -> tuple:
        carry = (start, jnp.zeros((BARE_ENVIRONMENTS, 2)))
        return jax.lax.scan(step, carry, (actions, jax.random.split(key, BARE_STEPS)))[0]

    return Timed(BARE_STEPS * BARE_ENVIRONMENTS, None, lambda: jax.block_until_ready(play(jax.random.key(3))))


def rollout(rule: GridRule, policy: Policy, flops: float, episode: int) -> Timed:
    """Both policies act in many environments, nothing is learned."""
    n = ROLLOUT_ENVIRONMENTS
    return Timed(n * episode, flops, lambda: jax.block_until_ready(tally(rule, policy, jax.random.key(4), n, episode)))


def training(params: GridParameters, rule: GridRule, settings: Training, updates: int) -> Timed:
    """Updates of a phase that goes on from run to run."""
    plan = Plan(rule, settings, params.world.episode_steps, updates=1000)
    state = new_phase(plan, new_agents(rule, params.network, jax.random.key(5)), jax.random.key(6))
    flops = update_flops(params.network, settings, n_inputs(rule))

    def run() -> None:
        nonlocal state
        state = jax.block_until_ready(train(plan, state, updates))[0]

    return Timed(updates * settings.batch_steps, flops, run)


def check_same_game(rule: GridRule, n_steps: int = 1000) -> None:
    """The peer's environment and ours under the same actions and draws.

    Raises
    ------
    NotEqualError
        If an observation, a reward or an event differs at any step.
    """
    spawned = grid.draw_spawn(rule, jax.random.key(7))
    actions = jax.random.randint(jax.random.key(8), (n_steps, 2), 0, ACTIONS)
    draws = jax.vmap(lambda key: grid.draw_step(rule, key))(jax.random.split(jax.random.key(9), n_steps))

    @jax.jit
    def play(spawned: jax.Array) -> tuple:
        def step(state: grid.GridState, given: tuple) -> tuple:
            state, reward, happened = grid.step(rule, state, *given)
            return state, (grid.observe(rule, state), reward, happened.poke, happened.got, happened.sync)

        return jax.lax.scan(step, grid.spawn(rule, spawned), (actions, draws))[1]

    ours = [np.asarray(part) for part in play(spawned)]
    game = PlainGrid(rule)
    game.reset(np.asarray(spawned).tolist())
    for t, given in enumerate(zip(np.asarray(actions).tolist(), *(np.asarray(part).tolist() for part in draws), strict=True)):
        result = game.step(*given)
        seen = np.stack([game.observe(agent) for agent in range(AGENTS)])
        theirs = (seen, np.float32(result.reward), result.poke, result.got, result.sync)
        if not all(np.array_equal(part[t], other) for part, other in zip(ours, theirs, strict=True)):
            raise NotEqualError(f"plain_grid differs from worlds.grid at step {t + 1}")
