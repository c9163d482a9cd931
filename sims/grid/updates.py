"""training.csv: every update of training, so that learning can be followed between sessions, and what the optimiser made of it."""

from typing import Any

import numpy as np

from sims.grid.schedule import GridSession
from sims.store.tables import PairTable, Row

COUNTS = ("correct", "miss", "drink", "poke", "reward")
TERMS = ("surrogate", "value_error", "entropy", "recurrent_norm", "divergence")
TRAINING = PairTable("training", ("pair", "session", "phase", "update", "steps", *COUNTS, *TERMS))


def update_rows(pair: int, session: GridSession, metrics: Any, updates: int, batch_steps: int) -> list[Row]:
    """Rows of a session's updates, as texts.

    metrics: `marl.train.Metrics`, arrays [update, ...]. Counts are per episode: correct of the pair, the others means of the two agents,
    as are the terms of the loss (`marl.loss.Terms`). update, steps: of all training so far, `updates` of it before this session; steps
    of the game, all environments together.
    """
    columns = {name: np.asarray(getattr(metrics, name)) for name in COUNTS}
    columns |= {name: np.asarray(getattr(metrics.terms, name)) for name in TERMS}
    means = {name: each if each.ndim == 1 else each.mean(axis=1) for name, each in columns.items()}
    return [
        {"pair": str(pair), "session": str(session.number), "phase": session.phase_name}
        | {"update": str(update), "steps": str(update * batch_steps)}
        | {name: f"{each[place]:.6g}" for name, each in means.items()}
        for place, update in enumerate(range(updates + 1, updates + 1 + len(means["correct"])))
    ]
