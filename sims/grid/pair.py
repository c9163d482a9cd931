"""A pair of recurrent networks on the grid: built, put at the start of a phase, kept as arrays. What it then does: `sims.grid.population`.

Everything random comes from streams named by seed, pair and what it is for, as with the mice: on one kind of device, and one thread of
a processor, a session gives the same bits whenever it is run from the same state.
"""

from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np

from marl.policy import Policy
from marl.train import Plan, TrainState, new_agents, new_phase
from params.schema.grid import GridParameters, TrainingPhase
from sims.randomness import stream
from worlds.grid import GridRule

# compiled as one: piece by piece takes seconds
_new_agents = jax.jit(new_agents, static_argnums=(0, 1))
_new_phase = jax.jit(new_phase, static_argnums=0)


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


def build_agents(params: GridParameters, seed: int, index: int) -> Agents:
    """Two naive networks, each with weights of its own."""
    policy = _new_agents(rule_of(params, "solo"), params.network, key_of(seed, index, "networks"))
    state = _new_phase(plan_of(params, params.schedule.pretraining), policy, key_of(seed, index, "naive"))
    return Agents(index, seed, params, state)


def begin_phase(agents: Agents, phase: TrainingPhase, name: str) -> TrainState:
    """The start of the phase called `name`: weights as they are, everything else anew."""
    return _new_phase(plan_of(agents.params, phase), agents.policy, key_of(agents.seed, agents.index, "training", name))


def state_arrays(state: TrainState) -> dict[str, np.ndarray]:
    """Name -> array of everything that training carries on: weights, optimiser, environments, randomness."""
    leaves, _ = jax.tree_util.tree_flatten_with_path(state)
    return {jax.tree_util.keystr(path): np.asarray(leaf) for path, leaf in leaves}


def with_state(agents: Agents, arrays: dict[str, np.ndarray]) -> Agents:
    """The pair in a state that `state_arrays` gave."""
    leaves, tree = jax.tree_util.tree_flatten_with_path(agents.state)
    found = [arrays[jax.tree_util.keystr(path)] for path, _ in leaves]
    return replace(agents, state=jax.tree_util.tree_unflatten(tree, found))


def rule_of(params: GridParameters, task: str) -> GridRule:
    """The game under the rule of a task, "coop" or "solo"."""
    world = params.world
    return GridRule(task == "coop", world.window_steps, world.sees_partner, world.redraw_on_miss, world.height)


def plan_of(params: GridParameters, phase: TrainingPhase) -> Plan:
    """What does not change during a phase."""
    updates = sum(phase.lengths()) * updates_of(params, phase)
    return Plan(rule_of(params, phase.task), params.training, params.world.episode_steps, updates)


def updates_of(params: GridParameters, phase: TrainingPhase) -> int:
    """Updates in `session_steps`."""
    return phase.session_steps // params.training.batch_steps


def key_of(seed: int, index: int, *name: str | int) -> jax.Array:
    """Key of the stream called `name` of a pair."""
    words = stream(seed, "pair", index, *name).integers(0, 2**32, 2, dtype=np.uint32)
    return jnp.asarray(words)
