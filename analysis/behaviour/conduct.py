"""What one animal does at every sample, whoever its partner is: from its own track and events alone.

Everything that two animals do together is a function of two of these (`analysis.behaviour.ethogram`,
`analysis.behaviour.waiting.release`), so that it can be asked of two animals that never met, or of one whose behaviour is shifted in time,
as of a pair.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.behaviour.kinematics import armed, come, dot, happening, length, velocity
from analysis.behaviour.waiting.contingency import episodes
from analysis.behaviour.water import water_waits
from analysis.core.units import clock_of
from compute.kernel import exact_kernel
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
    zone : int [T], how many of `NEARER` times `wait_zone` from its port it is beyond, 0 at the port
    lit : [T] bool, its port is armed
    drinks : [T] bool, it is in a drink
    could_touch : [T] bool, it is within `contact` of the divider, not drinking
    could_approach : [T] bool, it moves at `approach_speed` or more, not drinking
    could_wait : [T] bool, lit, and it stands (slower than `wait_speed`), neither drinking nor poking
    could_wait_at_port : [T] bool, lit, and it stands at its port, not poking
    ready : [T] bool, it could poke for water: lit, or where no port is ever lit no water waits for it, and neither drinking nor poking
    holds : [T] bool, it is ready, and at its port or standing
    goes : [T] bool, by the next sample (of the last: the first) it begins an armed poke or, from where it stands, moves toward its port,
        within the angle of `approach_cosine`
    stratum : int [T], where it holds: which of `strata` it is in
    starts_poke : [T] bool, an armed poke begins by the next sample
    strata : int64 [n], in order, those of `STRATA` in which it ever holds
    poke_tick : int64 [n], armed pokes on the event clock, in order
    episodes : int64 [n, 2], moments on the event clock at which it was ready and then poked (`analysis.behaviour.waiting.contingency`)
    """

    place: np.ndarray
    velocity: np.ndarray
    speed: np.ndarray
    zone: np.ndarray
    lit: np.ndarray
    drinks: np.ndarray
    could_touch: np.ndarray
    could_approach: np.ndarray
    could_wait: np.ndarray
    could_wait_at_port: np.ndarray
    ready: np.ndarray
    holds: np.ndarray
    goes: np.ndarray
    stratum: np.ndarray
    starts_poke: np.ndarray
    strata: np.ndarray
    poke_tick: np.ndarray
    episodes: np.ndarray


NEARER = np.array([1.0, 2.5, 5.0])
LONGEST, LONGEST_SETTLED = 24, 8
STRATA = (len(NEARER) + 1, LONGEST + 1, LONGEST + 1, LONGEST_SETTLED + 1)
"""What an animal knows without its partner, each a whole number less than this: its zone; the time since it became ready, and since its
last armed poke, in whole `wait_min` up to `LONGEST`, which also stands for never; and the time since it came within `wait_zone` of its port
or, elsewhere, to a stand, in whole quarters of `wait_min` up to `LONGEST_SETTLED`. A stratum counts them up, the last one fastest."""
SAMPLED = [name for name in Conduct._fields if name not in ("strata", "poke_tick", "episodes")]


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
    begun = come(session.time + 1e-6 * session.step, armed_pokes)
    starts_poke = np.diff(np.append(begun, len(armed_pokes))) > 0
    way, speed = port - place, length(moving)
    from_port = length(way)
    to_port = dot(moving, way) >= thresholds.approach_cosine * np.maximum(speed * from_port, 1e-6)
    stands = speed < thresholds.wait_speed_cm_per_s
    zone = sum((from_port > each).astype(np.int8) for each in NEARER * thresholds.wait_zone_cm)
    settles = np.where(zone == 0, 1, 2 * stands)
    onset = session.time[np.diff(settles, prepend=0) != 0]
    since_ready = _since(session.time, session.time[ready & ~np.append(False, ready[:-1])], thresholds.wait_min_s, LONGEST)
    since_poke = _since(session.time, armed_pokes, thresholds.wait_min_s, LONGEST)
    settled = _since(session.time, onset, thresholds.wait_min_s / 4, LONGEST_SETTLED)
    holds = ready & (stands | (zone == 0))
    strata, stratum = _numbered(np.ravel_multi_index((zone, since_ready, since_poke, settled), STRATA), holds)
    return Conduct(
        place=place,
        velocity=moving,
        speed=speed,
        zone=zone,
        lit=lit,
        drinks=drinks,
        could_touch=(np.abs(place[:, 0]) <= thresholds.contact_cm) & ~drinks,
        could_approach=(speed >= thresholds.approach_speed_cm_per_s) & ~drinks,
        could_wait=lit & stands & ~pokes & ~drinks,
        could_wait_at_port=lit & stands & (zone == 0) & ~pokes,
        ready=ready,
        holds=holds,
        goes=starts_poke | (stands & np.roll(~stands & to_port, -1)),
        stratum=stratum,
        starts_poke=starts_poke,
        strata=strata,
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
    first = -samples % len(conduct.place)
    rolled = {name: np.concatenate([each[first:], each[:first]]) for name in SAMPLED for each in [getattr(conduct, name)]}
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
    units = np.empty(len(time), np.int64)
    _count_units(time, moments, unit, longest, units)
    return units


@exact_kernel
def _count_units(time, moments, unit, longest, units):
    """Fill units [T]: whole units since the last of `moments`, both in order, up to `longest`, which also stands for never."""
    n = 0
    for t in range(time.size):
        while n < moments.size and moments[n] <= time[t]:
            n += 1
        since = time[t] - moments[n - 1] if n else np.inf
        units[t] = min(np.floor(since / unit + 1e-9), longest)


def _numbered(strata: np.ndarray, counted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Strata that occur at the samples that count, in order, and which of them each of `strata` [T] is; as `np.unique` without sorting."""
    place = np.zeros(np.prod(STRATA), np.int32)
    place[strata[counted]] = 1
    occurring = np.flatnonzero(place)
    place[occurring] = np.arange(len(occurring))
    return occurring, place[strata]
