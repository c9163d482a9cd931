"""Training: play, learn from what was played, again; one compiled loop, a pure function of its state."""

from functools import partial
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import optax
from jax import Array

from marl.curiosity import Curiosity, Transitions, learned, new_curiosity, surprise
from marl.loss import Batch, Terms, loss
from marl.policy import Policy, advance, new_policy
from marl.returns import advantages
from marl.rollout import Play, Turn, begin, look, respawn, turn
from params.schema.grid import Network, Training
from worlds import grid
from worlds.grid import GridRule, Happened

FEWEST_POKES = 1.0  # an episode


class Plan(NamedTuple):
    """What does not change during a phase; hashable. episode in steps; updates: number of them in the whole phase, over which the
    learning rate and the entropy weight fall to 0."""

    rule: GridRule
    training: Training
    episode: int
    updates: int


class TrainState(NamedTuple):
    """Everything that changes: resumed from it, training gives the same bits. key uint32 [2] of the phase, update int []: how many
    were made; the randomness of an update comes from both. curiosity: None without that option."""

    policy: Policy
    optimiser: optax.OptState
    play: Play
    key: Array
    update: Array
    curiosity: Curiosity | None


class Metrics(NamedTuple):
    """One update. Per environment and episode: poke, drink (of waiting water), miss, reward [A] (without any bonus of curiosity),
    correct []; Terms of the loss [A]."""

    poke: Array
    drink: Array
    miss: Array
    reward: Array
    correct: Array
    terms: Terms


def new_agents(rule: GridRule, network: Network, key: Array) -> Policy:
    """Fresh networks that fit what the agents see under a rule."""
    return new_policy(key, _inputs(rule), network)


def _inputs(rule: GridRule) -> int:
    """Slots of an observation."""
    return sum(grid.observed_fields(rule).values())


def new_phase(plan: Plan, policy: Policy, key: Array) -> TrainState:
    """The start of a phase of training: given weights, a fresh optimiser, fresh environments.

    Environments start an update apart in the clock, so that at any time all parts of an episode are being played.
    """
    training, (begin_key, phase_key) = plan.training, jax.random.split(key)
    curiosity = new_curiosity(jax.random.fold_in(phase_key, plan.updates), _inputs(plan.rule), training.curiosity)
    start = begin(plan.rule, policy, begin_key, training.environments)
    clock = (jnp.arange(training.environments, dtype=jnp.int32) * training.update_steps) % plan.episode
    optimiser = jax.vmap(_optimiser(training).init)(policy)
    return TrainState(policy, optimiser, start._replace(clock=clock), phase_key, jnp.zeros((), jnp.int32), curiosity)


def _optimiser(training: Training) -> optax.GradientTransformation:
    """Adam on gradients of limited norm; mapped over agents, so that each has its own norm. The rate is applied by `_learn`."""
    return optax.chain(optax.clip_by_global_norm(training.gradient_norm), optax.scale_by_adam())


@partial(jax.jit, static_argnames=("plan", "n_updates"))
def train(plan: Plan, state: TrainState, n_updates: int) -> tuple[TrainState, Metrics]:
    """The next updates of a phase; metrics [n_updates, ...]. In parts or as a whole gives the same bits."""
    return jax.lax.scan(lambda now, _: _update(plan, now), state, length=n_updates)


def _update(plan: Plan, state: TrainState) -> tuple[TrainState, Metrics]:
    play_key, learn_key = jax.random.split(jax.random.fold_in(state.key, state.update))
    play, batch, steps, (happened, reward) = collect(plan, state, play_key)
    left = 1.0 - state.update / plan.updates
    policy, optimiser, terms = _learn(plan.training, state.policy, state.optimiser, batch, learn_key, left)
    curiosity = None if state.curiosity is None else learned(state.curiosity, steps, plan.training.curiosity)
    metrics = _metrics(plan, happened, reward, terms)
    return TrainState(policy, optimiser, play, state.key, state.update + 1, curiosity), metrics


def collect(plan: Plan, state: TrainState, key: Array) -> tuple[Play, Batch, Transitions, tuple[Happened, Array]]:
    """Play for one update: where play goes on from, what the policy and what curiosity learns from, and events [T, N, ...] and
    rewards [T, A, N]."""
    rule, training, policy, play = plan.rule, plan.training, state.policy, state.play

    def step(now: Play, key: Array) -> tuple[Play, tuple[Turn, Array, Array, Array]]:
        turn_key, spawn_key = jax.random.split(key)
        after, made = turn(rule, policy, now, turn_key)
        cut = after.clock == plan.episode

        def end() -> tuple[Array, Play]:
            return advance(policy, after.hidden, look(rule, after.grid))[1].value, respawn(rule, after, cut, spawn_key)

        last_value, after = jax.lax.cond(cut.any(), end, lambda: (jnp.zeros_like(made.reward), after))
        log_p = jax.nn.log_softmax(made.output.logits)
        log_chosen = jnp.take_along_axis(log_p, made.action[..., None], axis=-1)[..., 0]
        return after, (made, log_chosen, cut, last_value)

    after, (made, log_chosen, cut, last_value) = jax.lax.scan(step, play, jax.random.split(key, training.update_steps))
    value, last_seen = made.output.value, look(rule, after.grid)
    final = advance(policy, after.hidden, last_seen)[1].value
    next_value = jnp.where(cut[:, None], last_value, jnp.concatenate([value[1:], final[None]]))
    next_seen = jnp.concatenate([made.observation[1:], last_seen[None]])
    steps = Transitions._make([*(jnp.swapaxes(each, 0, 1) for each in (made.observation, made.action, next_seen)), ~cut])
    reward = made.reward
    if state.curiosity is not None:
        reward += training.curiosity.strength * jnp.swapaxes(surprise(state.curiosity.foresight, steps), 0, 1)
    advantage = advantages(reward, value, next_value, cut, training.discount, training.trace)
    keep = jnp.concatenate([jnp.ones_like(cut[:1]), ~cut[:-1]]).astype(value.dtype)
    sequences = (made.observation, made.action, log_chosen, advantage, advantage + value)
    batch = Batch._make([*(jnp.swapaxes(each, 0, 1) for each in sequences), keep, play.hidden])
    return after, batch, steps, (made.happened, made.reward)


def _learn(
    training: Training, policy: Policy, optimiser: optax.OptState, batch: Batch, key: Array, left: Array
) -> tuple[Policy, optax.OptState, Terms]:
    """Epochs over a batch in minibatches of whole sequences; left: part of the phase still to come. Terms: mean over minibatches."""
    transform = jax.vmap(_optimiser(training).update)

    def step(carry: tuple[Policy, optax.OptState], chosen: Array) -> tuple[tuple[Policy, optax.OptState], Terms]:
        policy, optimiser = carry
        gradient, terms = jax.grad(loss, has_aux=True)(policy, _of(batch, chosen), training, left * training.entropy_weight)
        change, optimiser = transform(gradient, optimiser)
        policy = eqx.apply_updates(policy, jax.tree.map(lambda each: -left * training.learning_rate * each, change))
        return (policy, optimiser), terms

    orders = jax.vmap(lambda k: jax.random.permutation(k, training.environments))(jax.random.split(key, training.epochs))
    minibatches = orders.reshape(training.epochs * training.minibatches, -1)
    (policy, optimiser), terms = jax.lax.scan(step, (policy, optimiser), minibatches)
    return policy, optimiser, jax.tree.map(lambda each: each.mean(0), terms)


def _of(batch: Batch, chosen: Array) -> Batch:
    """A batch with only the chosen environments."""
    *sequences, keep, hidden = batch
    return Batch._make([*(each[:, :, chosen] for each in sequences), keep[:, chosen], hidden[:, chosen]])


def _metrics(plan: Plan, happened: Happened, reward: Array, terms: Terms) -> Metrics:
    def per_episode(count: Array) -> Array:
        return count.astype(jnp.float32).mean((0, 1)) * plan.episode

    return Metrics(
        poke=per_episode(happened.poke),
        drink=per_episode(happened.got),
        miss=per_episode(happened.miss),
        reward=reward.mean((0, 2)) * plan.episode,
        correct=per_episode(happened.rewarded),
        terms=terms,
    )


def collapsed(metrics: Metrics, last: int = 10) -> bool:
    """Whether some agent poked less than once an episode during the last updates: the collapse from which training does not recover.

    Untrained agents poke about 4 times an episode, those that only forage 15 times, collapsed ones less than once in ten episodes.
    """
    return bool((metrics.poke[-last:].mean(0) < FEWEST_POKES).any())
