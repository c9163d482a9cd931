"""Lags between partners' pokes, of every pair, in the evaluated social sessions: from the recordings, which totals do not have."""

from functools import lru_cache

import numpy as np

from analysis.behaviour.pokes import poke_ticks, signed_lags
from analysis.behaviour.session import lag_edges_s
from analysis.comparison.sides.side import SOCIAL, Side
from recording import read_session


@lru_cache(maxsize=16)
def lags_of(side: Side) -> dict[int, np.ndarray] | str:
    """Pair -> signed lag [pokes] from each armed poke of animal 0 to the nearest of animal 1, in the side's unit of time, or why there are
    none. Positive: animal 1 came later.

    Raises
    ------
    RecordingError
        A recording is damaged.
    """
    if side.run is None:
        return side.lacks["pokes"]
    wanted = set(side.chosen(SOCIAL)[["pair", "session"]].itertuples(index=False, name=None))
    found: dict[int, list[np.ndarray]] = {pair: [] for pair in side.pairs}
    for file in side.run.sessions:
        if (file.pair, file.session) in wanted:
            session = read_session(file.path, rates=False)
            found[file.pair].append(signed_lags(*poke_ticks(session)) * session.attributes["event_step"])
    lags = {pair: np.concatenate(each) for pair, each in found.items() if each}
    return lags if any(len(each) for each in lags.values()) else "no session with the partner in sight in which both poke"


def lag_size(side: Side) -> np.ndarray | str:
    """Median size of the lag to the partner's nearest poke [pairs]."""
    lags = lags_of(side)
    if isinstance(lags, str):
        return lags
    return np.array([float(np.median(np.abs(lags[pair]))) if len(lags.get(pair, ())) else np.nan for pair in side.pairs])


def lag_shares(side: Side) -> np.ndarray | str:
    """Share of a pair's lags in each of the bins that its clock says [pairs with a lag, bins]; what lies beyond the bins is in none."""
    lags = lags_of(side)
    if isinstance(lags, str):
        return lags
    edges = lag_edges_s(side.clock)
    return np.stack([np.histogram(each, edges)[0] / len(each) for each in lags.values() if len(each)])
