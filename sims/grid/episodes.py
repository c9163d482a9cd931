"""episodes.csv: what frozen policies reach in an episode, after every session of every pair; and whether they use their recurrence."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sims.grid.schedule import GridSession
from sims.store.tables import PairTable, Row

KEY = ("pair", "session", "phase", "task", "divider", "recurrence", "steps", "wall_s", "collapsed")
COUNTS = ("correct", "miss", "drink", "poke")
EPISODES = PairTable("episodes", (*KEY, *(f"{count}_{figure}" for count in COUNTS for figure in ("median", "mean"))))


def row_of(
    pair: int, session: GridSession, counted: Any, steps: int, wall_s: float, collapsed: bool = False, recurrence: bool = True
) -> Row:
    """One row, as texts.

    counted: `marl.rollout.Tally` of episodes. correct: joint pokes that paid, of the pair. miss, drink, poke: mean of the two agents;
    drinks of waiting water. steps: of training so far, all games together. recurrence "zeroed": of the same policies with W_hh = 0.
    """
    each = {"correct": counted.correct} | {name: getattr(counted, name).mean(axis=-1) for name in COUNTS[1:]}
    figures = {f"{name}_{figure}": f"{getattr(np, figure)(each[name]):.6g}" for name in COUNTS for figure in ("median", "mean")}
    key = (
        pair, session.number, session.phase_name, session.phase.task, session.divider,
        "intact" if recurrence else "zeroed", steps, f"{wall_s:.3f}", int(collapsed),
    )  # fmt: skip
    return {name: str(value) for name, value in zip(KEY, key, strict=True)} | figures


def describe(row: Mapping[str, str]) -> str:
    """A row in words, for the display."""
    if row["task"] == "solo":
        return f"{float(row['drink_mean']):.1f} drinks an episode"
    return f"{float(row['correct_mean']):.1f} correct, {2 * float(row['miss_mean']):.1f} missed an episode"
