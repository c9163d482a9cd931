"""Everything the report needs from one session, computed once and small enough to keep for every session of a run."""

from dataclasses import dataclass

import numpy as np

from analysis.behaviour.conduct import Animals, animals_of, setting_of
from analysis.behaviour.ethogram import Ethogram, ethogram_of
from analysis.behaviour.pace import Pace, pace_of
from analysis.behaviour.pokes import Coordination, coordination, lag_histogram, poke_ticks, session_shifts
from analysis.behaviour.strangers import beside_shifted, beside_strangers
from analysis.behaviour.strategies import Strategies, strategies_of, strategy_times
from analysis.behaviour.waiting.contingency import waiting_contingency
from analysis.behaviour.waiting.curve import Entries, entries
from analysis.core.run import RunDirectory, SessionFile
from analysis.core.study_chance import Coincidences, study_chance
from analysis.core.units import Clock, clock_of
from compute.threads import in_threads
from params import AnyParameters
from params.schema.measures import Analysis
from params.schema.room import Room
from recording import RecordingError, Session, read_session

LAG_SHIFTS = 50
OCCUPANCY_BIN_CM = 1.0


@dataclass(frozen=True)
class SessionMeasures:
    """One session of one pair, on its `clock`: `_s` is the clock's unit of time.

    trained: under the session's own window; None in the solo task. common: the same pokes under the run's final window, one ruler for all
    sessions. pokes, drinks: armed pokes of each agent, and its drinks of earned water. strategy_s: time in each of
    `analysis.behaviour.strategies.STRATEGIES` for every `clock.per`. seen: strategies of the pair; never_met, shifted: those of two
    independent animals (`analysis.behaviour.strangers`); None in the solo task, without another pair, or without room for a shift.
    wait_contingency: see `waiting_contingency`. lags, lags_by_chance [bins]: see `lag_histogram`. occupancy [agent, x, y]: time in bins
    of 1 unit of space. ports, spouts [agent, (lowest, highest), space]: where they were. study: the study's own count and chance; None
    without episodes. entries: of ports, for the waiting curve; None in cooperative training. recorded_as_scored: the recording's own
    correct and miss events are those of the rule; None where it holds none. pace: see `analysis.behaviour.pace`.
    """

    clock: Clock
    pair: int
    session: int
    phase: str
    task: str
    window_s: float
    divider: str
    duration_s: float
    pokes: tuple[int, int]
    drinks: tuple[int, int]
    trained: Coordination | None
    common: Coordination | None
    bouts: Ethogram
    strategy_s: dict[str, float]
    seen: Strategies | None
    never_met: Strategies | None
    shifted: Strategies | None
    wait_contingency: float
    lags: np.ndarray
    lags_by_chance: np.ndarray
    occupancy: np.ndarray
    ports: np.ndarray
    spouts: np.ndarray
    study: Coincidences | None
    entries: Entries | None
    recorded_as_scored: bool | None
    pace: Pace

    @property
    def is_training(self) -> bool:
        """Whether it is a session of cooperative training."""
        return self.task == "coop" and self.phase.startswith("coop_")


def measure_run(run: RunDirectory, workers: int | None = None) -> list[SessionMeasures]:
    """Measures of every session, in order of pair and session; the same whatever the number of workers."""
    found = [each for slot in in_threads(lambda files: _measure_slot(run, files), _slots(run), workers) for each in slot]
    return sorted(found, key=lambda each: (each.pair, each.session))


def _slots(run: RunDirectory) -> list[list[SessionFile]]:
    """Files of all pairs that are of one phase and stand at one place in it."""
    place: dict[tuple[int, str], int] = {}
    slots: dict[tuple[str, int], list[SessionFile]] = {}
    for file in run.sessions:
        place[file.pair, file.phase] = place.get((file.pair, file.phase), -1) + 1
        slots.setdefault((file.phase, place[file.pair, file.phase]), []).append(file)
    return list(slots.values())


def _measure_slot(run: RunDirectory, files: list[SessionFile]) -> list[SessionMeasures]:
    """Measures of sessions that pairs had at one place of the schedule, each beside animals that never met."""
    params, sessions = run.resolved.params, [_read(file) for file in files]
    cooperative = all(session.attributes["task"] == "coop" for session in sessions)
    animals = [animals_of(session, params.analysis.ethogram) for session in sessions]
    nulls = beside_strangers(sessions, animals, params.analysis) if cooperative else [None] * len(sessions)
    return [
        measure_session(session, params, np.random.default_rng([run.facts["seed"], file.pair, file.session]), both, null)
        for session, file, both, null in zip(sessions, files, animals, nulls, strict=True)
    ]


def _read(file: SessionFile) -> Session:
    session = read_session(file.path, rates=False)
    for name in ("pair", "session", "phase"):
        if session.attributes[name] != getattr(file, name):
            raise RecordingError(f"{file.path}: attribute {name} = {session.attributes[name]!r} is not what the file's name says")
    return session


def measure_session(
    session: Session,
    params: AnyParameters,
    rng: np.random.Generator,
    animals: Animals | None = None,
    never_met: Strategies | None = None,
) -> SessionMeasures:
    """All measures of a session; rng draws its shifts. animals: if known already. never_met: those beside animals of other pairs, if there
    are any."""
    attributes, clock = session.attributes, clock_of(session)
    shifts = session_shifts(session, params.analysis, rng)
    cooperative = attributes["task"] == "coop"
    trained = coordination(session, attributes["window"], shifts) if cooperative else None
    final_window_s = params.final_window_s
    common = coordination(session, final_window_s, shifts) if cooperative and attributes["window"] != final_window_s else trained
    lags, lags_by_chance = lag_histogram(session, lag_edges_s(clock), shifts[:LAG_SHIFTS])
    setting = setting_of(session, params.analysis.ethogram)
    first, second = animals or animals_of(session, params.analysis.ethogram)
    bouts = ethogram_of(setting, first, second)
    pokes = poke_ticks(session)
    return SessionMeasures(
        clock=clock,
        pair=attributes["pair"],
        session=attributes["session"],
        phase=attributes["phase"],
        task=attributes["task"],
        window_s=attributes["window"],
        divider=attributes["divider"],
        duration_s=session.duration,
        pokes=(len(pokes[0]), len(pokes[1])),
        drinks=(len(session.events_of("drink", 0)), len(session.events_of("drink", 1))),
        trained=trained,
        common=common,
        bouts=bouts,
        strategy_s=strategy_times(bouts, session.duration, clock.per),
        seen=strategies_of(setting, first, second, bouts) if cooperative else None,
        never_met=never_met,
        shifted=beside_shifted(setting, first, second, shifts[: params.analysis.behaviour_shifts]) if cooperative else None,
        wait_contingency=waiting_contingency(session),
        lags=lags,
        lags_by_chance=lags_by_chance,
        occupancy=occupancy(session, params.room),
        ports=_range(session.port_tracks),
        spouts=_range(session.spout_tracks),
        study=_study(session, clock),
        entries=None if attributes["phase"].startswith("coop_") else entries(session, params.analysis.ethogram.wait_zone_cm),
        recorded_as_scored=_recorded_as_scored(session, trained),
        pace=pace_of(session, setting, (first, second)),
    )


def lag_edges_s(clock: Clock) -> np.ndarray:
    """Edges [42] of the bins of lags, the middle one around 0."""
    return clock.lag_bin * (np.arange(42) - 20.5)


def shortest_bout_s(name: str, analysis: Analysis) -> float:
    """Least duration a bout of one of `STRATEGIES` can have."""
    thresholds = analysis.ethogram
    shortest = {"approach": thresholds.approach_min_s, "wait": thresholds.wait_min_s, "wait_at_port": thresholds.wait_min_s}
    return shortest.get(name, thresholds.interaction_min_s)


def occupancy(session: Session, room: Room) -> np.ndarray:
    """Time [agent, x, y] that each animal spends in each bin of the room."""
    bins = [round((high - low) / OCCUPANCY_BIN_CM) for low, high in room]
    maps = [np.histogramdd(session.tracks[:, agent], bins=bins, range=list(room))[0] for agent in range(session.n_agents)]
    return np.stack(maps) * session.step


def _range(places: np.ndarray) -> np.ndarray:
    """Lowest and highest [agent, 2, space] of places [T, agent, space]."""
    by_coordinate = np.moveaxis(places, 0, -1).copy()
    return np.stack([by_coordinate.min(axis=-1), by_coordinate.max(axis=-1)], axis=1)


def _study(session: Session, clock: Clock) -> Coincidences | None:
    if clock.episode is None:
        return None
    return study_chance(*poke_ticks(session), round(session.attributes["window"]), round(session.duration), clock.episode)


def _recorded_as_scored(session: Session, trained: Coordination | None) -> bool | None:
    corrects, misses = session.events_of("correct", 0), session.events_of("miss")
    if trained is None or not (len(corrects) or len(misses)):
        return None
    step = session.attributes["event_step"]
    return np.array_equal(np.rint(corrects["start"] / step), trained.score.correct) and np.array_equal(
        np.rint(misses["start"] / step), trained.score.miss
    )
