"""What can be seen of a pair in a stretch of a session: places, lights, events, windows, bouts of interaction."""

from dataclasses import dataclass

import numpy as np

from analysis.behaviour.ethogram import ethogram
from analysis.behaviour.kinematics import armed
from analysis.core.units import Clock, clock_of
from analysis.scene.attempts import attempts_of
from params import AnyParameters, Parameters
from params.schema.room import Room
from recording import EVENT_KINDS, Session
from recording.session import KIND_CODE

SHOWN = ("poke", "empty_poke", "correct", "miss", "click", "drink")


@dataclass(frozen=True, eq=False)
class Scene:
    """A stretch of T samples. Times are those of the session.

    Attributes
    ----------
    time : float64 [T]
    step : time between two samples
    tracks, ports, spouts : float32 [T, agent, space]
    lights : bool [T, agent]
        Whether the animal's port is armed.
    events : those of `SHOWN` that overlap the stretch, as in a recording
    attempts : windows that overlap it, as `analysis.scene.attempts.attempts_of` has them
    window : how long a window lasts, time units
    interaction : (start, stop) [n, 2] of the bouts that overlap it
    room, clock : where the animals are, and the session's units
    opaque : whether the divider is
    sensory_range : distance within which an animal perceives its partner; None if there is no limit, or no sight
    """

    time: np.ndarray
    step: float
    tracks: np.ndarray
    ports: np.ndarray
    spouts: np.ndarray
    lights: np.ndarray
    events: np.ndarray
    attempts: np.ndarray
    window: float
    interaction: np.ndarray
    room: Room
    clock: Clock
    opaque: bool
    sensory_range: float | None

    @property
    def start(self) -> float:
        return float(self.time[0])

    @property
    def span(self) -> float:
        """From the first sample to the last."""
        return float(self.time[-1] - self.time[0])

    def sample(self, time: float) -> int:
        """The last sample at or before a time of the session."""
        return int(np.clip(np.floor((time - self.start) / self.step + 1e-4), 0, len(self.time) - 1))

    def nose(self, agent: int, time: float) -> np.ndarray:
        """Where an animal is [space] at a time of the session, on the straight line between two samples."""
        before = self.sample(time)
        after, share = min(before + 1, len(self.time) - 1), np.clip((time - self.time[before]) / self.step, 0.0, 1.0)
        place: np.ndarray = (1 - share) * self.tracks[before, agent] + share * self.tracks[after, agent]
        return place

    def events_of(self, kind: str) -> np.ndarray:
        """Events of one kind."""
        return self.events[self.events["kind"] == KIND_CODE[kind]]


def scene_of(session: Session, params: AnyParameters, start: float, stop: float) -> Scene:
    """What is seen of two animals from `start` to `stop`, time units; the stretch is cut at the session's ends."""
    kept = stretch_of(session, start, stop)
    time = session.time[kept]
    first, past = float(time[0]), float(time[-1]) + session.step
    opaque = session.attributes["divider"] == "opaque"
    attempts, bouts = attempts_of(session), ethogram(session, params.analysis.ethogram).interaction
    return Scene(
        time=time,
        step=session.step,
        tracks=session.tracks[kept],
        ports=session.port_tracks[kept].astype(np.float32),
        spouts=session.spout_tracks[kept].astype(np.float32),
        lights=np.stack([armed(session, agent) for agent in range(2)], axis=1)[kept],
        events=_overlapping(_shown(session), "start", "stop", first, past),
        attempts=_overlapping(attempts, "opened", "closed", first, past),
        window=float(session.attributes["window"]),
        interaction=bouts[(bouts[:, 1] >= first) & (bouts[:, 0] < past)],
        room=params.room,
        clock=clock_of(session),
        opaque=opaque,
        sensory_range=params.senses.partner_range_cm if isinstance(params, Parameters) and not opaque else None,
    )


def stretch_of(session: Session, start: float, stop: float) -> slice:
    """Samples from `start` to before `stop`, one at least."""
    first, past = np.searchsorted(session.time, [start - 1e-9, stop - 1e-9])
    first = min(int(first), len(session.time) - 1)
    return slice(first, max(int(past), first + 1))


def middle_of(session: Session, stretches: int) -> tuple[float, float]:
    """Start and stop of a session's middle, so many of its clock's stretches long."""
    length = min(stretches * clock_of(session).stretch, session.duration)
    start = (session.duration - length) / 2
    return start, start + length


def _shown(session: Session) -> np.ndarray:
    return session.events[np.isin(session.events["kind"], [EVENT_KINDS.index(kind) for kind in SHOWN])]


def _overlapping(rows: np.ndarray, start: str, stop: str, first: float, past: float) -> np.ndarray:
    return rows[(rows[stop] >= first) & (rows[start] < past)]
