"""A silencing run: trained pairs through every arm, frozen, one recording a session."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from params import Resolved
from params.schema.tools import MICE
from recording.session import Session, event_table, in_order
from recording.store import write_session
from sims.execution.runner import running
from sims.interventions.doses import Arm, arms_of
from sims.interventions.silencing import SilencedSession, play_silenced
from sims.mice.cohort import for_each_pair
from sims.mice.pair import Pair
from sims.mice.record import mice_code, to_session
from sims.mice.trained import load_pair
from sims.schedule import PlannedSession
from sims.store.trained import TrainedRun

Listener = Callable[[int, Arm], None]


def run_silencing(run_dir: Path, trained: TrainedRun, resolved: Resolved, pairs: int, workers: int, resume: bool) -> Path:
    """Take trained pairs through every arm into a run directory and analyse it; returns the report's page.

    An arm is done when its recording exists: a run stopped at any moment goes on with `resume`, to the same bits.

    Raises
    ------
    UserError
        As `running` and `load_pair`.
    """
    params = resolved.mouse
    with running(run_dir, resolved, trained.facts["seed"], pairs, resume, mice_code(), {"source": trained.source}) as done:
        sessions = run_arms(run_dir, trained, resolved, pairs, workers, _Lines(pairs * len(arms_of(params))))
        done.decisions = round(sessions * params.silencing.session_s / params.time.decision_s)
    print("analysing", flush=True)
    from analysis.report.silencing import write_silencing_report

    return write_silencing_report(run_dir, workers)


def run_arms(run_dir: Path, trained: TrainedRun, resolved: Resolved, pairs: int, workers: int, listener: Listener) -> int:
    """Play every session of every arm that has no recording yet; returns how many. Files are the same whatever `workers` is."""
    played = [0] * pairs

    def one(index: int, stop: threading.Event) -> None:
        missing = [arm for arm in arms_of(resolved.mouse) if not _file(run_dir, index, arm).exists()]
        if not missing:
            return
        pair = load_pair(trained, resolved.mouse, index)
        for arm in missing:
            done = play_silenced(pair, arm.phase, arm.stream_name, arm.dose, resolved.mouse.silencing.session_s)
            write_session(_file(run_dir, index, arm), to_recording(resolved, pair, arm, done))
            played[index] += 1
            listener(index, arm)
            if stop.is_set():
                return

    for_each_pair(one, pairs, workers)
    return sum(played)


def _file(run_dir: Path, pair: int, arm: Arm) -> Path:
    return run_dir / "sessions" / f"pair{pair:02d}_s{arm.session:03d}_{arm.name}.h5"


def to_recording(resolved: Resolved, pair: Pair, arm: Arm, done: SilencedSession) -> Session:
    """The recording of an arm's session: as any other, with attributes target, when, who and dose, and an event `manipulation` for
    every mouse and stretch of time that it was on (at dose 0, would have been)."""
    params = resolved.mouse
    planned = PlannedSession(arm.session, arm.name, arm.phase, 0.0, False)
    session = to_session(resolved, pair, planned, done.result)
    agent, start, stop = done.spans.T
    spans = event_table(agent, "manipulation", start * params.time.decision_s, stop * params.time.decision_s)
    who = next(name for name, agents in MICE.items() if agents == params.silenced)
    silencing = {"target": params.silencing.target, "when": params.silencing.when, "who": who, "dose": arm.dose}
    attributes = session.attributes | silencing
    return replace(session, events=in_order(np.concatenate([session.events, spans])), attributes=attributes)


class _Lines:
    """A line for every session done, with the time left."""

    def __init__(self, sessions: int) -> None:
        self._sessions, self._done, self._begun, self._lock = sessions, 0, time.monotonic(), threading.Lock()

    def __call__(self, pair: int, arm: Arm) -> None:
        with self._lock:
            self._done += 1
            elapsed_s = time.monotonic() - self._begun
            left = elapsed_s / self._done * (self._sessions - self._done)
            print(f"pair {pair}  dose {arm.dose:g}  {arm.task}  session {arm.repeat + 1}  left at most {left:.0f} s", flush=True)
