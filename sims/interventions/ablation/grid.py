"""Playing a pair on the grid without sets of its hidden units: the games of a batch, and a table row for each set."""

from collections.abc import Iterator

import jax
import jax.numpy as jnp
import numpy as np

from marl.ablation import tally_ablated
from marl.policy import Policy
from marl.rollout import Tally
from params.schema.grid import GridParameters
from sims.grid.pair import key_of, rule_of
from sims.interventions.ablation.matching import CellSet
from sims.interventions.ablation.unit_sets import NO_RECURRENCE, TASKS, batches_of


def ablated_rows(policy: Policy, params: GridParameters, seed: int, pair: int, sets: list[CellSet]) -> list[tuple[object, ...]]:
    """Rows of `recording.schemas.ABLATION_OF_GRID` of a pair, task by task, batch by batch. The luck of a batch depends on task and
    batch alone.

    Every number is a mean over a batch's episodes. correct: syncs that paid, and misses, of the pair, in the cooperative task; drinks of
    waiting water and pokes: mean of the agents whose units are ablated.
    """
    return [
        row
        for task in TASKS
        for batch in range(params.ablation.batches)
        for row in _batch(policy, params, seed, pair, sets, task, batch)
    ]


def _batch(
    policy: Policy, params: GridParameters, seed: int, pair: int, sets: list[CellSet], task: str, batch: int
) -> Iterator[tuple[object, ...]]:
    chosen = [each for each in sets if batch in batches_of(each, params.ablation)]
    counted = play_without(policy, params, chosen, task, key_of(seed, pair, "ablation", task, batch))
    agents = list(params.ablation.agents)
    for place, each in enumerate(chosen):
        joint = (counted.correct[place].mean(), counted.miss[place].sum(-1).mean()) if task == "coop" else (None, None)
        own = (counted.drink[place][:, agents].mean(), counted.poke[place][:, agents].mean())
        yield (pair, each.k, each.name, each.draw, task, batch, *joint, *own, each.rate_ratio, each.variance_ratio)


def play_without(policy: Policy, params: GridParameters, sets: list[CellSet], task: str, key: jnp.ndarray) -> Tally:
    """Counts [set, episode, ...] of a batch of games of the pair without each of the sets, in the agents that `who` names."""
    settings, units = params.ablation, policy.recurrent_weight.shape[1]
    silent, recurrent = np.zeros((len(sets), 2, units), bool), np.ones((len(sets), 2), bool)
    for place, each in enumerate(sets):
        for agent in settings.agents:
            silent[place, agent, each.cells[agent]] = True
            recurrent[place, agent] = each.name != NO_RECURRENCE
    rule, n_steps = rule_of(params, task), params.world.episode_steps
    counted = tally_ablated(rule, policy, jnp.asarray(silent), jnp.asarray(recurrent), key, settings.episodes, n_steps)
    counts: Tally = jax.tree.map(np.asarray, counted)
    return counts
