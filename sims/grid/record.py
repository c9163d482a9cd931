"""From frozen play on the grid to a recording: time in steps, space in cells, and the mice's words for what happens.

Sample t is the state that the agents saw before they acted for the t-th time, with the hidden units that chose the act. What an act
brings about is seen at t + 1, and that is when its events are.
"""

from typing import Any

import numpy as np

from params import Resolved
from recording.session import BOTH, EVENT_KINDS, KIND_CODE, Session, events_from_steps
from sims.grid.environment import grid_version
from sims.grid.schedule import GridSession

MIDLINE = 3.5  # global column of the midline: x is 0 there
BUSY = -1


def to_session(resolved: Resolved, seed: int, pair: int, session: GridSession, played: Any) -> Session:
    """The recording of one game; `played` is a `marl.rollout.Trajectory` of arrays [T, ...].

    Events: poke, every one the rule registers; arm, from which on a poke can earn; drink, of waiting water, over the steps it freezes
    the agent; together: correct of both at a sync, click if it pays, miss of the agent whose poke nobody answered; alone: correct
    and click of the agent whose poke brings water. Rates are the activations of the hidden units.
    """
    params, phase, state = resolved.grid, session.phase, played.state
    n = len(played.action)
    ports, spouts = _places(state.port), _places(state.water)
    rates = played.hidden.astype(np.float32) if session.keep_rates else None
    attributes = {
        "condition": resolved.condition,
        "phase": session.phase_name,
        "session": session.number,
        "pair": pair,
        "task": phase.task,
        "window": params.world.window_steps,
        "divider": session.divider,
        "plastic": False,  # weights are frozen while it is recorded
        "seed": seed,
        "digest": resolved.digest,
        "code_version": grid_version(),
        "time_unit": "step",
        "event_step": 1,
        "space_unit": "cell",
        "port": ports.mean(axis=0, dtype=np.float64).tolist(),
        "spout": spouts.mean(axis=0, dtype=np.float64).tolist(),
        "params": resolved.text,
    }
    return Session(
        time=np.arange(n, dtype=np.float64),
        tracks=_places(state.position),
        actions=np.where(state.frozen > 0, BUSY, played.action).astype(np.int8),
        rates=rates,
        unit_class=("unit",) * params.network.units if rates is not None else None,
        ports=ports,
        spouts=spouts,
        events=events_from_steps(event_rows(played, phase.task == "coop"), EVENT_KINDS, 1.0, float(n)),
        attributes=attributes,
    )


def event_rows(played: Any, joint: bool) -> np.ndarray:
    """Rows int [E, 4] of (agent, index into EVENT_KINDS, start, stop), by kind; what happens at step t starts at t + 1."""
    happened = played.happened
    frozen = np.where(happened.got, played.next_state.frozen, 0)
    rows = [_rows("poke", happened.poke), _rows("drink", happened.got, frozen), _rows("arm", arming(played, joint), first=0)]
    if joint:
        both = np.repeat(happened.sync[:, None], 2, axis=1)
        rows += [_rows("correct", both), _rows("miss", happened.miss), _rows("click", happened.rewarded[:, None], agent=BOTH)]
    else:
        paid = happened.poke & ~played.state.available
        rows += [_rows("correct", paid), _rows("click", paid)]
    return np.concatenate(rows)


def arming(played: Any, joint: bool) -> np.ndarray:
    """Whether at sample t [T + 1, agent] an agent's poke begins to be able to earn; it may at the start.

    It can while no water waits for the agent and, together, no poke of its own waits for an answer.
    """
    water, history = (
        np.concatenate([getattr(played.state, name), getattr(played.next_state, name)[-1:]]) for name in ("available", "history")
    )
    able = ~water & ~history.any(axis=-1) if joint else ~water
    return able & ~np.concatenate([np.zeros_like(able[:1]), able[:-1]])


def _rows(
    kind: str, happened: np.ndarray, lasting: np.ndarray | None = None, first: int = 1, agent: int | None = None
) -> np.ndarray:
    """Rows of one kind where `happened` [T, agent]: `first` is the sample of its row 0; lasting [T, agent], 0 unless given."""
    step, who = np.nonzero(happened)
    start = step + first
    stop = start if lasting is None else start + lasting[step, who]
    return np.column_stack([who if agent is None else np.full(len(who), agent), np.full(len(who), KIND_CODE[kind]), start, stop])


def _places(cells: np.ndarray) -> np.ndarray:
    """Places float32 [T, agent, (x, y)] of cells [T, agent, (row, column)]: x from the midline, y from the ports' end."""
    return np.stack([cells[..., 1] - MIDLINE, cells[..., 0]], axis=-1).astype(np.float32)
