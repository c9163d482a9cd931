"""What one animal does at every sample, whoever its partner is: from its own track and events alone.

Everything that two animals do together is a function of two of these (`analysis.behaviour.ethogram`,
`analysis.behaviour.waiting.release`), so that it can be asked of two animals that never met, or of one whose behaviour is shifted in time,
as of a pair.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.behaviour.kinematics import armed, distance_to, dot, happening, length, velocity
from analysis.behaviour.waiting.contingency import episodes
from analysis.behaviour.water import water_waits
from analysis.core.units import clock_of
from params.schema.measures import Ethogram as Thresholds
from recording import Session
from recording.scoring import to_ticks


@dataclass(frozen=True)
class Setting:
    """What two animals of a session share: its clock, its rule and the thresholds of the measures.

    time [T], step, event_step, window: time units. per: times are given for every so long.
    """

    time: np.ndarray
    step: float
    event_step: float
    window: float
    per: float
    thresholds: Thresholds

    @property
    def duration(self) -> float:
        """The last sample lasts a step too."""
        return self.step * len(self.time)

    def samples(self, duration: float) -> int:
        """Fewest samples that last so long."""
        return max(1, int(np.ceil(duration / self.step - 1e-6)))


class Conduct(NamedTuple):
    """One animal at each of T samples.

    place, velocity : [T, space]; speed : [T], length of velocity
    from_port : [T], distance to its port; zone : int [T], how many of `NEARER` times `wait_zone` it is beyond, 0 at the port
    to_port : [T] bool, it moves toward its port, within the angle of `approach_cosine`
    lit : [T] bool, its port is armed
    drinks, pokes : [T] bool, it is in a drink, in any poke
    ready : [T] bool, it could poke for water: lit, or where no port is ever lit no water waits for it, and neither drinking nor poking
    stands : [T] bool, slower than `wait_speed`
    settled : int [T], time since it came within `wait_zone` of its port or, elsewhere, to a stand, in whole quarters of `wait_min` up to
        `LONGEST_SETTLED`
    since_ready, since_poke : int [T], time since it became ready, since its last armed poke, in whole `wait_min` up to `LONGEST`, which
        also stands for never
    starts_poke : [T] bool, an armed poke begins by the next sample
    poke_tick : int64 [n], armed pokes on the event clock, in order
    episodes : int64 [n, 2], moments on the event clock at which it was ready and then poked (`analysis.behaviour.waiting.contingency`)
    """

    place: np.ndarray
    velocity: np.ndarray
    speed: np.ndarray
    from_port: np.ndarray
    zone: np.ndarray
    to_port: np.ndarray
    lit: np.ndarray
    drinks: np.ndarray
    pokes: np.ndarray
    ready: np.ndarray
    stands: np.ndarray
    settled: np.ndarray
    since_ready: np.ndarray
    since_poke: np.ndarray
    starts_poke: np.ndarray
    poke_tick: np.ndarray
    episodes: np.ndarray


NEARER = np.array([1.0, 2.5, 5.0])
LONGEST, LONGEST_SETTLED = 24, 8
SAMPLED = [name for name in Conduct._fields if name not in ("poke_tick", "episodes")]


def setting_of(session: Session, thresholds: Thresholds) -> Setting:
    """Setting of a session."""
    attributes = session.attributes
    per = clock_of(session).per
    return Setting(session.time, session.step, attributes["event_step"], attributes["window"], per, thresholds)


def conduct_of(session: Session, agent: int, thresholds: Thresholds) -> Conduct:
    """Conduct of one animal of a session."""
    moving = velocity(session.tracks[:, agent : agent + 1], session.step, thresholds.speed_baseline_s)[:, 0].copy()
    place, port = session.tracks[:, agent].copy(), session.port_tracks[:, agent]  # in one piece: kernels are compiled once
    lit, drinks = armed(session, agent), _during(session, ("drink",), agent)
    pokes = _during(session, ("poke", "empty_poke"), agent)
    could = lit if len(session.events_of("arm")) else ~water_waits(session)[:, agent]
    ready = could & ~drinks & ~pokes
    armed_pokes = session.events_of("poke", agent)["start"]
    begun = np.searchsorted(armed_pokes, session.time + 1e-6 * session.step, side="right")
    speed = length(moving)
    zone, stands = (
        np.searchsorted(NEARER * thresholds.wait_zone_cm, distance_to(place, port)),
        speed < thresholds.wait_speed_cm_per_s,
    )
    settles = np.where(zone == 0, 1, 2 * stands)
    onset = session.time[np.diff(settles, prepend=0) != 0]
    return Conduct(
        place=place,
        velocity=moving,
        speed=speed,
        from_port=distance_to(place, port),
        zone=zone,
        to_port=dot(moving, port - place) >= thresholds.approach_cosine * np.maximum(speed * distance_to(place, port), 1e-6),
        lit=lit,
        drinks=drinks,
        pokes=pokes,
        ready=ready,
        stands=stands,
        settled=_since(session.time, onset, thresholds.wait_min_s / 4, LONGEST_SETTLED),
        since_ready=_since(session.time, session.time[ready & ~np.append(False, ready[:-1])], thresholds.wait_min_s, LONGEST),
        since_poke=_since(session.time, armed_pokes, thresholds.wait_min_s, LONGEST),
        starts_poke=np.diff(np.append(begun, len(armed_pokes))) > 0,
        poke_tick=to_ticks(armed_pokes, session.attributes["event_step"]),
        episodes=episodes(session, agent),
    )


Animals = tuple[Conduct, Conduct]


def animals_of(session: Session, thresholds: Thresholds) -> Animals:
    """Conduct of both animals of a session."""
    return conduct_of(session, 0, thresholds), conduct_of(session, 1, thresholds)


def moved(conduct: Conduct, samples: int, setting: Setting) -> Conduct:
    """The whole conduct so many samples later, around the session's end."""
    ticks, period = (round(each / setting.event_step) for each in (samples * setting.step, setting.duration))
    rolled = {name: np.roll(getattr(conduct, name), samples, axis=0) for name in SAMPLED}
    episodes = (conduct.episodes + ticks) % period
    whole = episodes[episodes[:, 0] <= episodes[:, 1]]
    return conduct._replace(
        **rolled, poke_tick=np.sort((conduct.poke_tick + ticks) % period), episodes=whole[np.argsort(whole[:, 1])]
    )


def cut(conduct: Conduct, n: int, setting: Setting) -> Conduct:
    """The first n samples."""
    end = round(n * setting.step / setting.event_step)
    return conduct._replace(
        **{name: getattr(conduct, name)[:n] for name in SAMPLED},
        poke_tick=conduct.poke_tick[conduct.poke_tick < end],
        episodes=conduct.episodes[conduct.episodes[:, 1] < end],
    )


def _during(session: Session, kinds: tuple[str, ...], agent: int) -> np.ndarray:
    masks = [
        happening(session.time, events["start"], events["stop"]) for events in (session.events_of(kind, agent) for kind in kinds)
    ]
    return np.logical_or.reduce(masks)


def _since(time: np.ndarray, moments: np.ndarray, unit: float, longest: int) -> np.ndarray:
    since = time - np.append(-np.inf, moments)[np.searchsorted(moments, time, side="right")]
    return np.minimum(np.floor(since / unit + 1e-9), longest).astype(np.int64)
