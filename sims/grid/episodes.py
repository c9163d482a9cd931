"""episodes.csv: what frozen policies reach in an episode, after every session of every pair; and whether they use their recurrence."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from recording import schemas
from sims.grid.schedule import GridSession
from sims.store.tables import PairTable

COUNTS = ("correct", "miss", "drink", "poke")
EPISODES = PairTable(schemas.EPISODES)


def row_of(
    pair: int, session: GridSession, counted: Any, steps: int, wall_s: float, collapsed: bool = False, recurrence: bool = True
) -> tuple[Any, ...]:
    """One row, in the order of the columns.

    counted: `marl.rollout.Tally` of episodes. correct: joint pokes that paid, of the pair. miss, drink, poke: mean of the two agents;
    drinks of waiting water. steps: of training so far, all games together. recurrence "zeroed": of the same policies with W_hh = 0.
    """
    each = {"correct": counted.correct} | {name: getattr(counted, name).mean(axis=-1) for name in COUNTS[1:]}
    key = (pair, session.number, session.phase_name, session.phase.task, session.divider, "intact" if recurrence else "zeroed")
    return (*key, steps, wall_s, collapsed, *(figure(each[name]) for name in COUNTS for figure in (np.median, np.mean)))


def describe(row: Mapping[str, Any]) -> str:
    """A row in words, for the display."""
    if row["task"] == "solo":
        return f"{row['drink_mean']:.1f} drinks an episode"
    return f"{row['correct_mean']:.1f} correct, {2 * row['miss_mean']:.1f} missed an episode"
