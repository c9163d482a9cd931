"""Pace: how often animals poke and drink, how long that takes them and how fast they go, whoever their partner is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.behaviour.conduct import Animals, Setting
from recording import Session

MEASURES = ("pokes", "drinks", "poke_length", "drink_length", "speed", "moving")


@dataclass(frozen=True)
class Pace:
    """Both animals of a session together, in its own units.

    time: of both. moving: time faster than standing (`wait_speed`). way: gone in that time. pokes, drinks [n]: how long each armed poke
    and each drink lasts. per: rates are given for every so long.
    """

    time: float
    moving: float
    way: float
    pokes: np.ndarray
    drinks: np.ndarray
    per: float


def pace_of(session: Session, setting: Setting, animals: Animals) -> Pace:
    """Pace of a session."""
    speeds = np.concatenate([each.speed for each in animals])
    moves = speeds >= setting.thresholds.wait_speed_cm_per_s
    pokes, drinks = (events["stop"] - events["start"] for events in map(session.events_of, ("poke", "drink")))
    time, moving, way = (setting.step * float(each) for each in (len(speeds), moves.sum(), speeds[moves].sum()))
    return Pace(time, moving, way, pokes, drinks, setting.per)


def pace_over(sessions: Sequence[Pace]) -> dict[str, float]:
    """Each of `MEASURES` in some sessions together; NaN where nothing happened.

    pokes, drinks: rate of an animal for every `per`. poke_length, drink_length: median. speed: mean over the time in which animals
    move. moving: share of time.
    """
    if not sessions:
        return dict.fromkeys(MEASURES, float("nan"))
    time, moving, way = (sum(getattr(each, name) for each in sessions) for name in ("time", "moving", "way"))
    pokes, drinks = (np.concatenate([getattr(each, name) for each in sessions]) for name in ("pokes", "drinks"))
    rates = [sessions[0].per * len(each) / time for each in (pokes, drinks)]
    lengths = [float(np.median(each)) if len(each) else float("nan") for each in (pokes, drinks)]
    return dict(zip(MEASURES, [*rates, *lengths, way / moving if moving else float("nan"), moving / time], strict=True))
