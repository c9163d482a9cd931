"""Everything the report needs from one session, computed once and small enough to keep for every session of a run."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from analysis.behaviour import Coordination, coordination, lag_histogram, poke_ticks, session_shifts
from analysis.bouts import seconds_per_minute
from analysis.contingency import waiting_contingency
from analysis.ethogram import Ethogram, ethogram
from analysis.run_directory import RunDirectory, SessionFile
from params.measures import Analysis
from params.schema import Parameters
from recording import RecordingError, Session, read_session

LAG_EDGES_S = np.linspace(-5.125, 5.125, 42)
LAG_SHIFTS = 50
OCCUPANCY_BIN_CM = 1.0
STRATEGIES = ("approach", "wait", "interaction", "contact", "wait_at_port")


@dataclass(frozen=True)
class SessionMeasures:
    """One session of one pair.

    trained: under the session's own window; None in the solo task. common: the same pokes under the run's final window, one ruler
    for all sessions. pokes: armed pokes of each agent. strategy_s: seconds per minute of each of `STRATEGIES`, approach and both
    waits as the mean of the two animals. wait_contingency: see `waiting_contingency`. lags, lags_by_chance [bins]: see
    `lag_histogram`. occupancy [agent, x, y] s in bins of 1 cm. recorded_as_scored: the recording's own correct and miss events
    are those of the rule; None where it holds none.
    """

    pair: int
    session: int
    phase: str
    task: str
    window_s: float
    divider: str
    duration_s: float
    pokes: tuple[int, int]
    trained: Coordination | None
    common: Coordination | None
    bouts: Ethogram
    strategy_s: dict[str, float]
    wait_contingency: float
    lags: np.ndarray
    lags_by_chance: np.ndarray
    occupancy: np.ndarray
    recorded_as_scored: bool | None

    @property
    def is_training(self) -> bool:
        """Whether it is a session of cooperative training."""
        return self.task == "coop" and self.phase.startswith("coop_")


def measure_run(run: RunDirectory, workers: int) -> list[SessionMeasures]:
    """Measures of every session, in order of pair and session; the same whatever the number of workers."""
    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(lambda file: _measure_file(run, file), run.sessions))


def _measure_file(run: RunDirectory, file: SessionFile) -> SessionMeasures:
    session = read_session(file.path, rates=False)
    for name in ("pair", "session", "phase"):
        if session.attributes[name] != getattr(file, name):
            raise RecordingError(f"{file.path}: attribute {name} = {session.attributes[name]!r} is not what the file's name says")
    rng = np.random.default_rng([run.facts["seed"], file.pair, file.session])
    return measure_session(session, run.resolved.params, rng)


def measure_session(session: Session, params: Parameters, rng: np.random.Generator) -> SessionMeasures:
    """All measures of a session in seconds and centimetres; rng draws its shifts."""
    attributes = session.attributes
    shifts = session_shifts(session, params.analysis, rng)
    cooperative = attributes["task"] == "coop"
    trained = coordination(session, attributes["window"], shifts) if cooperative else None
    final_window_s = params.schedule.evaluation_social.window_s
    common = coordination(session, final_window_s, shifts) if cooperative and attributes["window"] != final_window_s else trained
    lags, lags_by_chance = lag_histogram(session, LAG_EDGES_S, shifts[:LAG_SHIFTS])
    bouts = ethogram(session, params.analysis.ethogram)
    pokes = poke_ticks(session)
    return SessionMeasures(
        pair=attributes["pair"],
        session=attributes["session"],
        phase=attributes["phase"],
        task=attributes["task"],
        window_s=attributes["window"],
        divider=attributes["divider"],
        duration_s=session.duration,
        pokes=(len(pokes[0]), len(pokes[1])),
        trained=trained,
        common=common,
        bouts=bouts,
        strategy_s=strategy_seconds(bouts, session.duration),
        wait_contingency=waiting_contingency(session),
        lags=lags,
        lags_by_chance=lags_by_chance,
        occupancy=occupancy(session, params.chamber.width_cm, params.chamber.length_cm),
        recorded_as_scored=_recorded_as_scored(session, trained),
    )


def strategy_seconds(bouts: Ethogram, duration_s: float) -> dict[str, float]:
    """Seconds per minute of each of `STRATEGIES`."""
    return {
        "approach": _mean_seconds(bouts.approach, duration_s),
        "wait": _mean_seconds(bouts.wait, duration_s),
        "interaction": seconds_per_minute(bouts.interaction, duration_s),
        "contact": seconds_per_minute(bouts.contact, duration_s),
        "wait_at_port": _mean_seconds(bouts.wait_at_port, duration_s),
    }


def _mean_seconds(bouts: tuple[np.ndarray, ...], duration_s: float) -> float:
    """Mean over the animals."""
    return float(np.mean([seconds_per_minute(each, duration_s) for each in bouts]))


def shortest_bout_s(name: str, analysis: Analysis) -> float:
    """Least duration a bout of one of `STRATEGIES` can have."""
    thresholds = analysis.ethogram
    shortest = {"approach": thresholds.approach_min_s, "wait": thresholds.wait_min_s, "wait_at_port": thresholds.wait_min_s}
    return shortest.get(name, thresholds.interaction_min_s)


def occupancy(session: Session, width_cm: float, length_cm: float) -> np.ndarray:
    """Time [agent, x, y] s that each animal spends in each bin; x from -width to width, y from 0 to length."""
    span = [(-width_cm, width_cm), (0.0, length_cm)]
    bins = [round(2 * width_cm / OCCUPANCY_BIN_CM), round(length_cm / OCCUPANCY_BIN_CM)]
    maps = [np.histogramdd(session.tracks[:, agent], bins=bins, range=span)[0] for agent in range(session.n_agents)]
    return np.stack(maps) * session.step


def _recorded_as_scored(session: Session, trained: Coordination | None) -> bool | None:
    corrects, misses = session.events_of("correct", 0), session.events_of("miss")
    if trained is None or not (len(corrects) or len(misses)):
        return None
    step = session.attributes["event_step"]
    return np.array_equal(np.rint(corrects["start"] / step), trained.score.correct) and np.array_equal(
        np.rint(misses["start"] / step), trained.score.miss
    )
