"""What a brain owes to its partner, and what its recurrent synapses add: `python -m sims.shadow --from RUN`.

Every pair plays one frozen cooperative session as it was before cooperation and one as it is at the end of training. Beside either
brain run two shadows of it (`acc_model/shadow.py`), open loop, on the same own senses and the same private noise: one that never senses
the partner, and one that senses it but has the recurrent input of the first. A session is recorded three times, with the rates of each.
"""

import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from params.command import guarded
from params.schema.mice import Parameters
from recording.store import write_session
from sims.execution.command import Work, running_on, tool_parser, work_of
from sims.interventions.frozen import frozen_phase
from sims.interventions.shadow_loop import play_with_shadows
from sims.mice.cohort import for_each_pair
from sims.mice.pair import Pair
from sims.mice.record import mice_code, to_session
from sims.mice.trained import load_earlier, load_pair
from sims.schedule import PlannedSession
from sims.store.trained import TrainedRun

DESCRIPTION = (
    "Measure what a brain owes to sensing its partner: play pairs before cooperation and trained, beside shadow brains that share their "
    "weights and own senses."
)
TRAINED = "trained"
BRAINS = ("blind", "held", "intact")  # in the order written


def states_of(params: Parameters) -> tuple[str, str]:
    """The state before cooperation, "pretrained" or without solo pre-training "naive"; and the trained one."""
    return "pretrained" if params.schedule.pretraining.sessions > 0 else "naive", TRAINED


def load_state(trained: TrainedRun, params: Parameters, index: int, state: str) -> Pair:
    """A pair in one of `states_of`.

    Raises
    ------
    UserError
        As `load_pair` and `load_earlier`.
    """
    if state == TRAINED:
        return load_pair(trained, params, index)
    return load_earlier(trained, params, index, 1 if state == "pretrained" else 0)


def paths_of(work: Work, index: int, state: str) -> dict[str, Path]:
    """Where the recordings of a pair in one state go, by brain."""
    session = states_of(work.resolved.mouse).index(state)
    return {brain: work.run_dir / "sessions" / f"pair{index:02d}_s{session:03d}_{state}_{brain}.h5" for brain in BRAINS}


def run_shadow(work: Work) -> Path:
    """Play both states of every pair that are not recorded yet, and write the report; returns its page.

    Raises
    ------
    UserError
        As `running`, `load_pair` and `load_earlier`.
    """
    params = work.resolved.mouse
    with running_on(work, mice_code()) as done:
        done.decisions = round(play_pairs(work) * params.shadow.session_s / params.time.decision_s)
    print("analysing", flush=True)
    from analysis.report.shadow import write_shadow_report

    return write_shadow_report(work.run_dir, work.workers)


def play_pairs(work: Work) -> int:
    """Play what is not recorded whole; returns sessions played. Files are the same whatever the number of workers."""
    played = [0] * work.pairs

    def one(index: int, stop: threading.Event) -> None:
        begun = time.monotonic()
        for _ in _play_pair(work, index):
            played[index] += 1
            if stop.is_set():
                return
        print(f"pair {index}  {played[index]} sessions  {time.monotonic() - begun:.0f} s", flush=True)

    for_each_pair(one, work.pairs, work.workers)
    return sum(played)


def _play_pair(work: Work, index: int) -> Iterator[str]:
    """Play a pair's states that lack a recording, each named once it is on disk; a run killed within a state plays it again."""
    for state in states_of(work.resolved.mouse):
        paths = paths_of(work, index, state)
        if not all(path.exists() for path in paths.values()):
            _play_state(work, load_state(work.trained, work.resolved.mouse, index, state), state, paths)
            yield state


def _play_state(work: Work, pair: Pair, state: str, paths: dict[str, Path]) -> None:
    params = pair.params
    phase = frozen_phase(params, "coop")
    played = play_with_shadows(pair, phase, ("shadow", state), params.shadow.session_s)
    rates = {"intact": played.result.rate_hz, "blind": played.blind_hz, "held": played.held_hz}
    for brain, path in paths.items():
        planned = PlannedSession(states_of(params).index(state), f"{state}_{brain}", phase, 0.0, True)
        session = to_session(work.resolved, pair, planned, replace(played.result, rate_hz=rates[brain]))
        write_session(path, replace(session, attributes=session.attributes | {"state": state, "brain": brain}))


def _print_plan(work: Work) -> None:
    params = work.resolved.mouse
    print(f"shadows of {work.trained.path}, {work.pairs} pairs, parameters {work.resolved.digest}")
    print(f"  states {', '.join(states_of(params))}; brains {', '.join(BRAINS)}; one cooperative session each, frozen")
    print(f"  2 sessions a pair, {2 * params.shadow.session_s / 3600:g} h of mouse time")


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code, as `guarded`."""

    def command() -> None:
        work = work_of("shadow", "shadow", tool_parser("shadow", DESCRIPTION).parse_args(arguments))
        if work.dry_run:
            _print_plan(work)
        else:
            print(f"report: {run_shadow(work)}")

    return guarded(command)


if __name__ == "__main__":
    sys.exit(main())
