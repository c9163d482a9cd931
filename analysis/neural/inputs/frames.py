"""What an animal and its partner do at every frame: one yes/no mask a behaviour, from tracks and events alone.

| behaviour | frames | counted |
|---|---|---|
| approach, wait, interaction | bouts of `analysis.behaviour.ethogram` | bouts |
| poke | an armed poke, widened by `poke_before` and `poke_after` | pokes |
| reward | a drink | drinks |
| correct, miss | `outcome_after` from the event on | events of this animal |
| before_correct, before_miss | `decision_before` up to the animal's own poke of that attempt | attempts with such a poke |
| partner_approach, partner_wait, partner_poke, partner_reward | the same of the other animal | |

A miss is the opener's alone, so the partner has no frames of it. The frames before a decision end at the animal's own poke in
either outcome: what comes after it, the partner's poke or its absence, is not in them. An animal without a partner has no frames
of approach, wait, interaction or the partner. Behaviours may overlap.
"""

from dataclasses import dataclass

import numpy as np

from analysis.behaviour.ethogram import ethogram
from analysis.behaviour.kinematics import happening
from params.schema.measures import Analysis
from params.schema.measures import Selectivity as Settings
from recording import RecordingError, Session

OWN = ("approach", "wait", "interaction", "poke", "reward", "correct", "miss", "before_correct", "before_miss")
PARTNER = ("approach", "wait", "poke", "reward")
BEHAVIOURS = (*OWN, *(f"partner_{name}" for name in PARTNER))
NOTHING = np.empty((0, 2))
Intervals = dict[str, np.ndarray]  # (start, stop) [n, 2] of each behaviour, time units


@dataclass(frozen=True, eq=False)
class Frames:
    """What one animal and its partner do at every frame.

    names: behaviours. masks: bool [behaviour, T]. events: int64 [behaviour], how many bouts or events have at least one frame;
    several whose frames overlap count each.
    """

    names: tuple[str, ...]
    masks: np.ndarray
    events: np.ndarray

    def mask(self, name: str) -> np.ndarray:
        """Frames [T] of one behaviour."""
        return self.masks[self.names.index(name)]

    def only(self, names: tuple[str, ...]) -> "Frames":
        """The same with these behaviours, in this order.

        Raises
        ------
        ValueError
            If a behaviour is not among them.
        """
        unknown = [name for name in names if name not in self.names]
        if unknown:
            raise ValueError(f"behaviour {unknown[0]!r} is unknown; allowed: {', '.join(self.names)}")
        rows = [self.names.index(name) for name in names]
        return Frames(names, self.masks[rows], self.events[rows])

    def free(self) -> np.ndarray:
        """Frames [T] without any of these behaviours."""
        return np.logical_not(self.masks.any(axis=0))


def session_frames(session: Session, analysis: Analysis) -> tuple[Frames, ...]:
    """Frames of every animal of a session, in order.

    Raises
    ------
    RecordingError
        If there are more than two animals: which one is the partner?
    """
    return tuple(frames_of(each, session.time) for each in session_intervals(session, analysis))


def session_intervals(session: Session, analysis: Analysis) -> tuple[Intervals, ...]:
    """When each behaviour of every animal of a session happens, in order; an animal without a partner lacks what needs one.

    Raises
    ------
    RecordingError
        If there are more than two animals: which one is the partner?
    """
    if session.n_agents > 2:
        raise RecordingError(f"tracks holds {session.n_agents} animals; allowed: 1 or 2")
    own = [_intervals(session, agent, analysis.selectivity) for agent in range(session.n_agents)]
    if session.n_agents == 2:
        bouts = ethogram(session, analysis.ethogram)
        for agent in range(2):
            own[agent] |= {"approach": bouts.approach[agent], "wait": bouts.wait[agent], "interaction": bouts.interaction}
        partners = [{f"partner_{name}": own[1 - agent][name] for name in PARTNER} for agent in range(2)]
        own = [each | partner for each, partner in zip(own, partners, strict=True)]
    return tuple(own)


def event_counts(session: Session, analysis: Analysis) -> np.ndarray:
    """How many events of each behaviour have a frame, int64 [agent, behaviour]; needs no rates.

    Raises
    ------
    RecordingError
        If there are more than two animals.
    """
    return np.stack([counts_of(each, session.time) for each in session_intervals(session, analysis)])


def frames_of(intervals: Intervals, time: np.ndarray) -> Frames:
    """Frames of all `BEHAVIOURS` at `time` [T] from intervals [n, 2] of (start, stop); a behaviour left out has none."""
    masks = np.array([happening(time, *intervals.get(name, NOTHING).T) for name in BEHAVIOURS])
    return Frames(BEHAVIOURS, masks, counts_of(intervals, time))


def counts_of(intervals: Intervals, time: np.ndarray) -> np.ndarray:
    """How many events of each of `BEHAVIOURS` have a frame at `time` [T]: int64 [behaviour]."""
    return np.array([_count(time, intervals.get(name, NOTHING)) for name in BEHAVIOURS], np.int64)


def _count(time: np.ndarray, intervals: np.ndarray) -> int:
    first, past = np.searchsorted(time, intervals).T
    return int((past > first).sum())


def _intervals(session: Session, agent: int, settings: Settings) -> Intervals:
    """Intervals [n, 2] that need no partner, time units."""
    pokes, drinks, corrects, misses = (session.events_of(kind, agent) for kind in ("poke", "drink", "correct", "miss"))
    deciding = {
        f"before_{name}": _around(own_pokes(session, agent, outcome["start"]), settings.decision_before_s, 0.0)
        for name, outcome in (("correct", corrects), ("miss", misses))
    }
    return {
        "poke": np.column_stack([pokes["start"] - settings.poke_before_s, pokes["stop"] + settings.poke_after_s]),
        "reward": np.column_stack([drinks["start"], drinks["stop"]]),
        "correct": _around(corrects["start"], 0.0, settings.outcome_after_s),
        "miss": _around(misses["start"], 0.0, settings.outcome_after_s),
        **deciding,
    }


def _around(moments: np.ndarray, before_s: float, after_s: float) -> np.ndarray:
    return np.column_stack([moments - before_s, moments + after_s])


def own_pokes(session: Session, agent: int, outcomes: np.ndarray) -> np.ndarray:
    """When the animal poked for each of its outcomes [n]: its last armed poke up to then, at most the rule's window earlier.

    An outcome without one is left out. Times agree to half a tick of the event clock.
    """
    slack = session.attributes["event_step"] / 2
    pokes = session.events_of("poke", agent)["start"]
    last = np.append(-np.inf, pokes)[np.searchsorted(pokes, outcomes + slack, side="right")]
    return last[outcomes - last <= session.attributes["window"] + slack]
