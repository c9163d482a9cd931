"""What silencing does, dose by dose: cooperation against chance, and two controls that it should spare, solo poking and walking."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.behaviour.bouts import time_in
from analysis.behaviour.cohort import Evaluation, cohort_p_value, sum_rows
from analysis.behaviour.kinematics import length, velocity
from analysis.behaviour.pokes import Coordination, coordination, session_shifts
from analysis.core.document import Number
from analysis.core.nulls import Null
from analysis.core.run import RunDirectory, RunDirectoryError, SessionFile
from analysis.core.statistics import Estimate, median_over_pairs
from compute.threads import in_threads
from params.schema.measures import Ethogram
from recording import Session, read_session

AGENTS = {"mouse_0": (0,), "mouse_1": (1,), "both": (0, 1)}


@dataclass(frozen=True)
class Measured:
    """One session. Numbers other than coordination are means over the silenced mice. pokes: armed. moving_cm_per_s: speed while
    above the speed of standing. on_s_per_min: time that silencing was on."""

    pair: int
    dose: float
    task: str
    sessions: int
    coordination: Coordination | None
    pokes_per_min: float
    rewards_per_min: float
    speed_cm_per_s: float
    moving_cm_per_s: float
    distance_cm_per_min: float
    on_s_per_min: float


@dataclass(frozen=True)
class Arm:
    """A pair at one dose in one task, its sessions pooled; `behaviour` holds their means. evaluation: None in the solo task."""

    behaviour: Measured
    evaluation: Evaluation | None


@dataclass(frozen=True)
class DoseEffect:
    """All pairs at one dose. success, chance: cooperation through the clear divider; p: of the cohort's median success; attempts: of
    all pairs. success_of_own: over the pair's own at dose 0, as are the others: solo pokes, speed (mean, and while moving) in the solo
    task, speed in the cooperative one. gap: solo pokes less success, both of the pair's own: how much further cooperation fell.
    on_s_per_min: of silencing. opaque: success behind the opaque divider; seen: of each pair, success less that."""

    dose: float
    success: Estimate
    chance: Estimate
    p: Number
    attempts: int
    success_of_own: Estimate
    solo_pokes: Estimate
    solo_speed: Estimate
    solo_moving_speed: Estimate
    coop_speed: Estimate
    gap: Estimate
    on_s_per_min: Estimate
    opaque: Estimate
    seen: Estimate


def measure_arms(run: RunDirectory, workers: int | None = None) -> list[Arm]:
    """Every pair, dose and task of a silencing run, in order; the same whatever the number of workers.

    Raises
    ------
    UserError
        A recording is damaged, or is not one of silencing.
    """
    measured = in_threads(lambda file: _measure_file(run, file), run.sessions, workers)
    grouped: dict[tuple[int, float, str], list[Measured]] = {}
    for each in measured:
        grouped.setdefault((each.pair, each.dose, each.task), []).append(each)
    return [pool_sessions(sessions) for _, sessions in sorted(grouped.items(), key=lambda item: item[0])]


def _measure_file(run: RunDirectory, file: SessionFile) -> Measured:
    session = read_session(file.path, rates=False)
    missing = [name for name in ("dose", "who") if name not in session.attributes]
    if missing:
        raise RunDirectoryError(f"{file.path}: attribute {missing[0]} is missing; is this a silencing run?")
    analysis = run.resolved.params.analysis
    rng = np.random.default_rng([run.facts["seed"], file.pair, file.session])
    scored = None
    if session.attributes["task"] == "coop":
        scored = coordination(session, session.attributes["window"], session_shifts(session, analysis, rng))
    return measure(session, scored, analysis.ethogram)


def measure(session: Session, scored: Coordination | None, thresholds: Ethogram) -> Measured:
    """Measures of one session, of its silenced mice."""
    attributes, minutes = session.attributes, session.duration / 60
    agents = AGENTS[attributes["who"]]
    speed = length(velocity(session.tracks.astype(np.float64), session.step, thresholds.speed_baseline_s))[:, list(agents)]
    moving = speed[speed > thresholds.wait_speed_cm_per_s]
    steps_cm = length(np.diff(session.tracks.astype(np.float64), axis=0))[:, list(agents)]
    task = "opaque" if attributes["task"] == "coop" and attributes["divider"] == "opaque" else attributes["task"]

    def per_min(kind: str) -> float:
        return float(np.mean([len(session.events_of(kind, agent)) for agent in agents])) / minutes

    on_s = [time_in(_spans(session.events_of("manipulation", agent)), session.duration, 60.0) for agent in agents]
    return Measured(
        pair=attributes["pair"],
        dose=attributes["dose"],
        task=task,
        sessions=1,
        coordination=scored,
        pokes_per_min=per_min("poke"),
        rewards_per_min=per_min("drink"),
        speed_cm_per_s=float(speed.mean()),
        moving_cm_per_s=float(moving.mean()) if moving.size else float("nan"),
        distance_cm_per_min=float(steps_cm.sum(axis=0).mean()) / minutes,
        on_s_per_min=float(np.mean(on_s)),
    )


def _spans(events: np.ndarray) -> np.ndarray:
    return np.column_stack([events["start"], events["stop"]])


def pool_sessions(sessions: list[Measured]) -> Arm:
    """Sessions of equal length of one pair, dose and task as one."""
    first = sessions[0]
    names = ("pokes_per_min", "rewards_per_min", "speed_cm_per_s", "moving_cm_per_s", "distance_cm_per_min", "on_s_per_min")
    means = {name: float(np.mean([getattr(each, name) for each in sessions])) for name in names}
    behaviour = Measured(first.pair, first.dose, first.task, len(sessions), None, **means)
    scored = [each.coordination for each in sessions if each.coordination is not None]
    if not scored:
        return Arm(behaviour, None)
    null = Null(sum_rows([each.null.correct for each in scored]), sum_rows([each.null.attempts for each in scored]))
    correct, attempts = sum(len(each.score.correct) for each in scored), sum(each.score.attempts for each in scored)
    return Arm(behaviour, Evaluation(first.pair, correct, attempts, null))


def effects(arms: list[Arm]) -> list[DoseEffect]:
    """Every dose with intervals over pairs."""
    doses = sorted({each.behaviour.dose for each in arms})
    by = {(each.behaviour.dose, each.behaviour.task, each.behaviour.pair): each for each in arms}
    pairs = sorted({each.behaviour.pair for each in arms})

    def column(dose: float, task: str, value: Callable[[Arm], float]) -> np.ndarray:
        return np.array([value(by[dose, task, pair]) if (dose, task, pair) in by else np.nan for pair in pairs])

    def of_own(dose: float, task: str, value: Callable[[Arm], float]) -> np.ndarray:
        own = column(0.0, task, value)
        return column(dose, task, value) / np.where(own > 0, own, np.nan)

    found = []
    for dose in doses:
        coop = [by[dose, "coop", pair].evaluation for pair in pairs if (dose, "coop", pair) in by]
        evaluations = [each for each in coop if each is not None]
        found.append(
            DoseEffect(
                dose=dose,
                success=median_over_pairs(column(dose, "coop", _success)),
                chance=median_over_pairs(column(dose, "coop", _chance)),
                p=cohort_p_value(evaluations),
                attempts=sum(each.attempts for each in evaluations),
                success_of_own=median_over_pairs(of_own(dose, "coop", _success)),
                solo_pokes=median_over_pairs(of_own(dose, "solo", lambda arm: arm.behaviour.pokes_per_min)),
                solo_speed=median_over_pairs(of_own(dose, "solo", lambda arm: arm.behaviour.speed_cm_per_s)),
                solo_moving_speed=median_over_pairs(of_own(dose, "solo", lambda arm: arm.behaviour.moving_cm_per_s)),
                coop_speed=median_over_pairs(of_own(dose, "coop", lambda arm: arm.behaviour.speed_cm_per_s)),
                gap=median_over_pairs(
                    of_own(dose, "solo", lambda arm: arm.behaviour.pokes_per_min) - of_own(dose, "coop", _success)
                ),
                on_s_per_min=median_over_pairs(column(dose, "coop", lambda arm: arm.behaviour.on_s_per_min)),
                opaque=median_over_pairs(column(dose, "opaque", _success)),
                seen=median_over_pairs(column(dose, "coop", _success) - column(dose, "opaque", _success)),
            )
        )
    return found


def _success(arm: Arm) -> float:
    return arm.evaluation.success if arm.evaluation else float("nan")


def _chance(arm: Arm) -> float:
    return arm.evaluation.null.mean if arm.evaluation else float("nan")
