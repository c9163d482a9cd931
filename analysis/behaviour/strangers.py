"""Two nulls of a pair: what a measure gives for two animals that act independently of each other.

*Never met*: animal 0 of one pair beside animal 1 of another pair, in the same session of the schedule. *Shifted*: both animals of one
session, with the whole behaviour of animal 1, track and events, moved in time. Each animal keeps its habits, its rhythm and its course
over the session. Only the relation between the two is broken.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from analysis.behaviour.conduct import Animals, Conduct, Setting, cut, moved, setting_of
from analysis.behaviour.pokes import poke_ticks
from analysis.behaviour.strategies import Strategies, mean_strategies, strategies_of
from params.schema.measures import Analysis
from recording import Session, event_table
from recording.scoring import score
from recording.session import KIND_CODE, in_order, side_by_side

OF_BOTH = [KIND_CODE[kind] for kind in ("correct", "miss", "click")]  # what the rule gives for the pokes of two


def beside_strangers(sessions: list[Session], animals: list[Animals], analysis: Analysis) -> list[Strategies | None]:
    """Strategies of every pair's animals beside those of other pairs, from one session of each pair; None for a pair alone.

    Of what is counted animal by animal, only the pair's own animals count."""
    settings = [setting_of(session, analysis.ethogram) for session in sessions]
    met = {}
    for first, second in meetings(len(sessions), analysis.strangers):
        n = min(len(settings[first].time), len(settings[second].time))
        setting = replace(settings[first], time=settings[first].time[:n])
        met[first, second] = strategies_of(setting, cut(animals[first][0], n, setting), cut(animals[second][1], n, setting))
    each = [
        [_of(found, places.index(place)) for places, found in met.items() if place in places] for place in range(len(sessions))
    ]
    return [mean_strategies(found) if found else None for found in each]


def _of(found: Strategies, agent: int) -> Strategies:
    return replace(found, mutual=found.mutual.only(agent))


def beside_shifted(setting: Setting, first: Conduct, second: Conduct, shifts: np.ndarray) -> Strategies | None:
    """Strategies of two animals with the second's conduct moved by each of `shifts` [draws] ticks, to the nearest sample; None
    without any."""
    samples = np.rint(shifts * setting.event_step / setting.step).astype(np.int64)
    found = [strategies_of(setting, first, moved(second, int(each), setting)) for each in samples]
    return mean_strategies(found) if found else None


def meetings(n: int, most: int) -> list[tuple[int, int]]:
    """Places (of animal 0's pair, of animal 1's) of pairs 0 to n - 1: every animal 0 beside the animal 1 of up to `most` next pairs.

    As many for every pair, and linear in pairs.
    """
    return [(first, (first + offset) % n) for first in range(n) for offset in range(1, min(most, n - 1) + 1)]


def never_met(first: Session, second: Session) -> Session:
    """A session of animal 0 of one and animal 1 of another of the same clock and task, as long as the shorter of the two.

    In the cooperative task corrects and misses follow from the armed pokes by the task's rule, and clicks are dropped.
    """
    n = min(len(first.time), len(second.time))
    events = np.concatenate([_of_agent(first, 0), _of_agent(second, 1)])
    events = events[events["start"] < n * first.step]
    events["stop"] = np.minimum(events["stop"], n * first.step)
    places = {name: [first.attributes[name][0], second.attributes[name][1]] for name in ("port", "spout")}
    arrays: dict[str, Any] = {
        name: None if one is None or other is None else _beside(one, other, n)
        for name in ("actions", "ports", "spouts", "observed")
        for one, other in [(getattr(first, name), getattr(second, name))]
    }
    arrays |= _cells_beside(first, second, n)
    return _scored(
        replace(
            first,
            time=first.time[:n],
            tracks=_beside(first.tracks, second.tracks, n),
            attributes=first.attributes | places,
            events=events,
            **arrays,
        )
    )


def _cells_beside(first: Session, second: Session, n: int) -> dict[str, Any]:
    """Rates and classes of animal 0 of one and animal 1 of another, over n samples; no rates if either has none."""
    if first.rates is None or second.rates is None:
        return {"rates": None, "spikes": None}
    if first.unit_class == second.unit_class and not first.differing_cells:
        return {"rates": _beside(first.rates, second.rates, n), "spikes": None}
    own = first.cells_of(0), second.cells_of(1)
    return {
        "rates": side_by_side([cells.activity[:n] for cells in own]),
        "unit_class": tuple(cells.classes for cells in own),
        "spikes": None,
    }


def _beside(first: np.ndarray, second: np.ndarray, n: int) -> np.ndarray:
    """Agent 0 of one array [T, agent, ...] and agent 1 of another, over n samples."""
    return np.stack([first[:n, 0], second[:n, 1]], axis=1)


def _of_agent(session: Session, agent: int) -> np.ndarray:
    """An animal's own events, in the cooperative task less those that the rule gives for the pokes of two."""
    events = session.events[session.events["agent"] == agent]
    return events if session.attributes["task"] != "coop" else events[~np.isin(events["kind"], OF_BOTH)]


def _scored(session: Session) -> Session:
    """The session with its events in order, in the cooperative task with corrects and misses by the rule."""
    if session.attributes["task"] != "coop":
        return replace(session, events=in_order(session.events))
    step = session.attributes["event_step"]
    found = score(*poke_ticks(session), round(session.attributes["window"] / step), round(session.duration / step))
    outcomes = [event_table(agent, "correct", found.correct * step) for agent in range(2)]
    outcomes.append(event_table(found.missed, "miss", found.miss * step))
    return replace(session, events=in_order(np.concatenate([session.events, *outcomes])))
