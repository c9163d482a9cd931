"""A cohort: independent pairs, each taken through the schedule by one worker thread, saved after every session."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path

from params import Parameters, Resolved
from recording.store import write_session
from sims.loop.engine import COMPILED, Engine
from sims.mice import checkpoint
from sims.mice.pair import SessionResult, build_pair, run_session
from sims.mice.record import to_session
from sims.mice.signals import signals_of
from sims.schedule import Place, PlannedSession, advance, next_session, sessions_left
from sims.store import state_file
from worlds.chamber import EVENT_NAMES


@dataclass(frozen=True)
class SessionReport:
    """What the progress display is told after each session of a pair, which can have `left` more; success is None without an attempt
    at it."""

    pair: int
    planned: PlannedSession
    left: int
    success: float | None
    rewards_per_min: float
    decisions: int

    @property
    def session(self) -> int:
        return self.planned.session

    @property
    def phase_name(self) -> str:
        return self.planned.phase_name

    @property
    def window(self) -> str:
        return f"{self.planned.phase.window_s:g} s"

    @property
    def divider(self) -> str:
        return self.planned.phase.divider

    @property
    def result(self) -> str:
        """Success in words; solo, drinks a minute."""
        if self.planned.phase.task == "solo":
            return f"{self.rewards_per_min:.1f} drinks/min"
        return "no attempt" if self.success is None else f"{self.success:.0%}"


Listener = Callable[[SessionReport], None]


def run_cohort(
    run_dir: Path, resolved: Resolved, seed: int, pairs: int, workers: int, listener: Listener, engine: Engine = COMPILED
) -> int:
    """Run every pair to the end of its schedule, from its latest checkpoint if it has one; returns decisions simulated now.

    Pairs share nothing, so files hold the same bits whatever `workers` is. The first error stops all pairs at their next session.
    """
    decisions = [0] * pairs

    def one(index: int, stop: threading.Event) -> None:
        for report in pair_sessions(run_dir, resolved, seed, index, engine):
            decisions[index] += report.decisions
            listener(report)
            if stop.is_set():
                return

    for_each_pair(one, pairs, workers)
    return sum(decisions)


def for_each_pair(one: Callable[[int, threading.Event], None], pairs: int, workers: int) -> None:
    """Call `one(pair, stop)` for every pair, so many at a time; `stop` is set at the first error, which is raised here."""
    stop = threading.Event()
    with ThreadPoolExecutor(workers, thread_name_prefix="pair") as pool:
        futures = [pool.submit(one, index, stop) for index in range(pairs)]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            if not all(future.done() for future in futures):
                stop.set()
                for future in futures:
                    future.cancel()
    for future in futures:
        if not future.cancelled():
            future.result()


def pair_sessions(run_dir: Path, resolved: Resolved, seed: int, index: int, engine: Engine = COMPILED) -> Iterator[SessionReport]:
    """Take one pair from where its latest checkpoint stands to the end, yielding a report after each session is safely on disk.

    The recording is written before the checkpoint: a run killed between the two does that session again, to the same bits.
    """
    directory, params = run_dir / "checkpoints", resolved.mouse
    pair, place = build_pair(params, seed, index, signals_of(run_dir, params), engine), Place()
    saved = state_file.latest(directory, index)
    if saved is None:
        checkpoint.write(directory, pair, place, resolved.digest)
    else:
        place = checkpoint.read(saved, pair, resolved.digest)
    while (planned := next_session(params, place)) is not None:
        may_keep = planned.keep_rates or planned.keep_rates_if_last
        result = run_session(pair, planned.phase, planned.session, planned.learning_rate, may_keep, params.schedule.session_s)
        rewards = _rewards_per_min(result, params)
        reached = advance(params, place, rewards)
        if not (planned.keep_rates_if_last if reached.phase > place.phase else planned.keep_rates):
            result = replace(result, rate_hz=None, spikes=None)
        name = f"pair{index:02d}_s{planned.session:03d}_{planned.phase_name}.h5"
        write_session(run_dir / "sessions" / name, to_session(resolved, pair, planned, result))
        checkpoint.write(directory, pair, reached, resolved.digest)
        state_file.drop_superseded(directory, index, place)
        place = reached
        yield SessionReport(
            index, planned, sessions_left(params, reached), _success(planned, result), rewards, len(result.action)
        )


def _rewards_per_min(result: SessionResult, params: Parameters) -> float:
    """Of the slower mouse."""
    return float(result.count[list(params.mice), EVENT_NAMES.index("drink")].min() * 60.0 / params.schedule.session_s)


def _success(planned: PlannedSession, result: SessionResult) -> float | None:
    if planned.phase.task == "solo":
        return None
    correct = int(result.count[0, EVENT_NAMES.index("correct")])
    missed = int(result.count[:, EVENT_NAMES.index("miss")].sum())
    return correct / (correct + missed) if correct + missed else None
