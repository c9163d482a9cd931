"""A pair of recurrent networks on the grid: built, trained for a session, frozen and put to play.

Everything random comes from streams named by seed, pair and what it is for, as with the mice: on one kind of device, and one thread of
a processor, a session gives the same bits whenever it is run from the same state.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np

from marl.ablation import without_recurrence
from marl.policy import Policy
from marl.rollout import Tally, Trajectory, play, tally
from marl.train import Metrics, Plan, TrainState, new_agents, new_phase, train
from params.errors import UserError
from params.schema.grid import GridParameters, TrainingPhase
from sims.grid.schedule import GridSession
from sims.randomness import stream
from worlds.grid import GridRule

# compiled as one: piece by piece takes seconds
_new_agents = jax.jit(new_agents, static_argnums=(0, 1))
_new_phase = jax.jit(new_phase, static_argnums=0)


class NonFiniteError(UserError):
    """Training met a number that is not finite."""


@dataclass(frozen=True)
class Agents:
    """Two networks and all that their training carries from one session to the next."""

    index: int
    seed: int
    params: GridParameters
    state: TrainState

    @property
    def policy(self) -> Policy:
        return self.state.policy


@dataclass(frozen=True)
class TrainedPart:
    """A session under way. done: how many of its lengths. metrics: of the updates so far, None before the first."""

    done: int
    state: TrainState
    metrics: Metrics | None

    def followed_by(self, state: TrainState, metrics: Metrics) -> "TrainedPart":
        """After another length."""
        parts = [each for each in (self.metrics, metrics) if each is not None]
        return TrainedPart(self.done + 1, state, jax.tree.map(lambda *each: np.concatenate(each), *parts))


def build_agents(params: GridParameters, seed: int, index: int) -> Agents:
    """Two naive networks, each with weights of its own."""
    policy = _new_agents(rule_of(params, "solo"), params.network, key_of(seed, index, "networks"))
    state = _new_phase(_plan(params, params.schedule.pretraining), policy, key_of(seed, index, "naive"))
    return Agents(index, seed, params, state)


def train_session(
    agents: Agents, session: GridSession, part: TrainedPart | None = None, keep: Callable[[TrainedPart], None] | None = None
) -> tuple[Agents, Metrics | None]:
    """The pair after a session of training, and its updates, arrays [update, ...]; the first of a phase starts it anew.

    Learning rate and entropy fall over the whole phase, across its sessions. An evaluation trains nobody, and has no updates.

    Parameters
    ----------
    agents : the pair before the session
    session : which
    part : how far the session is, if it was begun; the bits are those of the whole
    keep : is given how far the session is, now and then

    Raises
    ------
    NonFiniteError
        If a weight stops being finite; the message names the session and the pair.
    """
    phase = session.phase
    if not isinstance(phase, TrainingPhase):
        return agents, None
    plan = _plan(agents.params, phase)
    if part is None:
        state = agents.state
        if session.place.within == 0:
            state = _new_phase(plan, state.policy, key_of(agents.seed, agents.index, "training", session.phase_name))
        part = TrainedPart(0, state, None)
    while part.done < session.lengths:  # one compiled program for sessions of any length
        part = part.followed_by(*train(plan, part.state, _updates(agents.params, phase)))
        if keep is not None and part.done < session.lengths:
            keep(part)
    if not all(np.isfinite(weights).all() for weights in jax.tree.leaves(part.state.policy)):
        raise NonFiniteError(
            f"seed {agents.seed}, pair {agents.index}, session {session.number}: weights are not finite; "
            "lower training.learning_rate"
        )
    return replace(agents, state=part.state), part.metrics


def play_session(agents: Agents, session: GridSession) -> Trajectory:
    """Frozen play of one uninterrupted game under the rule and divider of a session, everything recorded: axes [T, ...]."""
    rule, key = rule_of(agents.params, session.phase.task), key_of(agents.seed, agents.index, "session", session.number, "play")
    played = play(rule, agents.policy, key, agents.params.recording.session_steps, opaque=_hidden(session))
    return jax.tree.map(lambda each: np.asarray(each[:, 0]), played)


def count_episodes(agents: Agents, session: GridSession, recurrence: bool = True) -> Tally:
    """Counts of frozen episodes under the rule and divider of a session; without recurrence W_hh is zero, the same luck otherwise."""
    params = agents.params
    rule, key = rule_of(params, session.phase.task), key_of(agents.seed, agents.index, "session", session.number, "episodes")
    policy = agents.policy if recurrence else without_recurrence(agents.policy)
    counted = tally(rule, policy, key, params.recording.episodes, params.world.episode_steps, _hidden(session))
    return jax.tree.map(np.asarray, counted)


def state_arrays(state: TrainState) -> dict[str, np.ndarray]:
    """Name -> array of everything that training carries on: weights, optimiser, environments, randomness."""
    leaves, _ = jax.tree_util.tree_flatten_with_path(state)
    return {jax.tree_util.keystr(path): np.asarray(leaf) for path, leaf in leaves}


def with_state(agents: Agents, arrays: dict[str, np.ndarray]) -> Agents:
    """The pair in a state that `state_arrays` gave."""
    leaves, tree = jax.tree_util.tree_flatten_with_path(agents.state)
    found = [jnp.asarray(arrays[jax.tree_util.keystr(path)]) for path, _ in leaves]
    return replace(agents, state=jax.tree_util.tree_unflatten(tree, found))


def rule_of(params: GridParameters, task: str) -> GridRule:
    """The game under the rule of a task, "coop" or "solo"."""
    world = params.world
    return GridRule(task == "coop", world.window_steps, world.sees_partner, world.redraw_on_miss, world.height)


def _plan(params: GridParameters, phase: TrainingPhase) -> Plan:
    updates = sum(phase.lengths()) * _updates(params, phase)
    return Plan(rule_of(params, phase.task), params.training, params.world.episode_steps, updates)


def _updates(params: GridParameters, phase: TrainingPhase) -> int:
    """Updates in `session_steps`."""
    return phase.session_steps // params.training.batch_steps


def _hidden(session: GridSession) -> bool:
    return session.divider == "opaque"


def key_of(seed: int, index: int, *name: str | int) -> jax.Array:
    """Key of the stream called `name` of a pair."""
    words = stream(seed, "pair", index, *name).integers(0, 2**32, 2, dtype=np.uint32)
    return jnp.asarray(words)
