"""training.csv: every update of training, so that learning can be followed between sessions, and what the optimiser made of it."""

from typing import Any

import numpy as np
import pandas

from recording import schemas
from sims.grid.schedule import GridSession
from sims.store.tables import PairTable

COUNTS = ("correct", "miss", "drink", "poke", "reward")
TERMS = ("surrogate", "value_error", "entropy", "recurrent_norm", "divergence")
TRAINING = PairTable(schemas.TRAINING)


def table_of_updates(pair: int, session: GridSession, metrics: Any, updates: int, batch_steps: int) -> pandas.DataFrame:
    """training.csv of a session's updates.

    metrics: `marl.train.Metrics`, arrays [update, ...]. Counts are per episode: correct of the pair, the others means of the two agents,
    as are the terms of the loss (`marl.loss.Terms`). update, steps: of all training so far, `updates` of it before this session; steps
    of the game, all environments together.
    """
    columns = {name: np.asarray(getattr(metrics, name)) for name in COUNTS}
    columns |= {name: np.asarray(getattr(metrics.terms, name)) for name in TERMS}
    means = {name: each if each.ndim == 1 else each.mean(axis=1) for name, each in columns.items()}
    update = updates + 1 + np.arange(len(means["correct"]))
    key = {"pair": pair, "session": session.number, "phase": session.phase_name, "update": update, "steps": update * batch_steps}
    return pandas.DataFrame(key | means)
