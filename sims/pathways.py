"""Which pathway of trained pairs carries what they learned: `python -m sims.pathways --from RUN`.

Three experiments on frozen brains of both mice, recorded session by session:

1. pathways: brains put together from an earlier and the trained state (`sims.interventions.pathway_swap`), in the cooperative and the solo
task. Earlier is
   "naive", before any learning, and "pretrained", after solo pre-training and before cooperation.
2. map: the partner's place channels cut in one block of its compartment after another, in the cooperative task.
3. weights: how far every cell's input and readout moved, no session.
"""

import sys
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas

from acc_model.contract import Brain
from acc_model.manipulations import lesion_afferents
from params.command import guarded
from params.schema.mice import Parameters
from recording.schemas import WEIGHTS
from recording.store import write_session
from recording.table import write_table
from sims.execution.command import Work, running_on, tool_parser, work_of
from sims.interventions.frozen import frozen_phase, play_frozen
from sims.interventions.pathway_swap import Variant, partner_channels, put_together, variants
from sims.interventions.weights import weight_table
from sims.mice.cohort import for_each_pair
from sims.mice.pair import Pair
from sims.mice.record import mice_code, to_session
from sims.mice.trained import load_earlier, load_pair
from sims.schedule import PlannedSession
from sims.store.trained import TrainedRun
from worlds.senses import partner_fields, sense_constants

DESCRIPTION = (
    "Find which pathway of trained pairs carries what they learned: swap pathways between the trained and an earlier state, cut the "
    "partner's places one by one, compare weights."
)
BASES = {"naive": 0, "pretrained": 1}  # phases of the schedule that were over by then
TRAINED = "trained"


@dataclass(frozen=True)
class Trial:
    """A session. session: its place among all of a pair. base: earlier state, or "map". variant: the brain put together; block: the place
    that is cut, (from divider, from port end), none in `Variant` trials."""

    session: int
    base: str
    variant: Variant | None
    block: tuple[int, int] | None
    task: str
    repeat: int

    @property
    def name(self) -> str:
        """The phase of its recording."""
        what = self.variant.name if self.variant else "block_{}_{}".format(*self.block) if self.block else TRAINED
        return f"{self.base}_{what}_{self.task}"


def trials_of(params: Parameters) -> list[Trial]:
    """Every session of a pair, in order."""
    settings = params.pathways
    planned: list[tuple[str, Variant | None, tuple[int, int] | None, str, int]] = []
    for base in bases_of(params):
        for variant in variants():
            for task in ("coop", "solo"):
                planned += [(base, variant, None, task, repeat) for repeat in range(settings.sessions)]
    planned += [("map", None, None, "coop", repeat) for repeat in range(settings.map_sessions)]
    for across in range(settings.grid_from_divider):
        for along in range(settings.grid_from_port_end):
            planned += [("map", None, (across, along), "coop", repeat) for repeat in range(settings.map_sessions)]
    return [Trial(place, *each) for place, each in enumerate(planned)]


def bases_of(params: Parameters) -> dict[str, int]:
    """Earlier states that the run has: without solo pre-training, the naive one alone."""
    pretrained = params.schedule.pretraining.sessions > 0
    return {name: phases for name, phases in BASES.items() if phases == 0 or pretrained}


def block_channels(params: Parameters, block: tuple[int, int]) -> np.ndarray:
    """The partner's place channels centred in one block of the grid over its compartment."""
    settings, chamber = params.pathways, params.chamber
    sides = ((chamber.width_cm, settings.grid_from_divider), (chamber.length_cm, settings.grid_from_port_end))
    spans = [(extent * at / n, extent * (at + 1) / n) for at, (extent, n) in zip(block, sides, strict=True)]
    return partner_fields(sense_constants(params.senses, params.chamber), spans[0], spans[1])


def brains_of(trial: Trial, earlier: dict[str, Pair], pair: Pair) -> tuple[Brain, Brain]:
    """The two brains of a trial, new ones; earlier: by base."""
    first, second = (_changed(trial, earlier, pair, agent) for agent in range(2))
    return first, second


def _changed(trial: Trial, earlier: dict[str, Pair], pair: Pair, agent: int) -> Brain:
    brain = pair.brains[agent]
    if trial.variant is not None:
        return put_together(earlier[trial.base].brains[agent], brain, trial.variant.learned, partner_channels(pair.params))
    channels = np.empty(0, np.int64) if trial.block is None else block_channels(pair.params, trial.block)
    return lesion_afferents(brain, channels, 0.0)


def earlier_pairs(trained: TrainedRun, params: Parameters, index: int) -> dict[str, Pair]:
    """A pair in its earlier states, by base."""
    return {base: load_earlier(trained, params, index, phases) for base, phases in bases_of(params).items()}


def run_pathways(work: Work) -> Path:
    """Play every trial of every pair that has no recording yet, and write the report; returns its page.

    Raises
    ------
    UserError
        As `running`, `load_pair` and `load_earlier`.
    """
    params = work.resolved.mouse
    with running_on(work, mice_code()) as done:
        done.decisions = round(play_pairs(work) * params.pathways.session_s / params.time.decision_s)
    print("analysing", flush=True)
    from analysis.report.pathways import write_pathways_report

    return write_pathways_report(work.run_dir, work.workers)


def play_pairs(work: Work) -> int:
    """Play what has no recording yet; returns sessions played. Files are the same whatever the number of workers."""
    played, params = [0] * work.pairs, work.resolved.mouse

    def one(index: int, stop: threading.Event) -> None:
        begun, pair, earlier = (
            time.monotonic(),
            load_pair(work.trained, params, index),
            earlier_pairs(work.trained, params, index),
        )
        _write_weights(work, pair, earlier)
        for trial in trials_of(params):
            path = work.run_dir / "sessions" / f"pair{index:02d}_s{trial.session:03d}_{trial.name}.h5"
            if path.exists():
                continue
            _play_trial(work, pair, earlier, trial, path)
            played[index] += 1
            if stop.is_set():
                return
        print(f"pair {index}  {played[index]} sessions  {time.monotonic() - begun:.0f} s", flush=True)

    for_each_pair(one, work.pairs, work.workers)
    return sum(played)


def _play_trial(work: Work, pair: Pair, earlier: dict[str, Pair], trial: Trial, path: Path) -> None:
    name = ("mechanism", trial.task, trial.repeat)
    result = play_frozen(pair, brains_of(trial, earlier, pair), trial.task, name, pair.params.pathways.session_s)
    planned = PlannedSession(trial.session, trial.name, frozen_phase(pair.params, trial.task), 0.0, False)
    session = to_session(work.resolved, pair, planned, result)
    block = "" if trial.block is None else "{}_{}".format(*trial.block)
    attributes = {"base": trial.base, "variant": trial.variant.name if trial.variant else "map", "block": block}
    write_session(path, replace(session, attributes=session.attributes | attributes))


def _write_weights(work: Work, pair: Pair, earlier: dict[str, Pair]) -> None:
    tables = [
        weight_table(pair.params, pair.index, agent, base, before.brains[agent], pair.brains[agent])
        for base, before in earlier.items()
        for agent in range(2)
    ]
    write_table(work.run_dir / "weights" / f"pair{pair.index:02d}.csv", pandas.concat(tables), WEIGHTS)


def _print_plan(work: Work) -> None:
    settings, trials = work.resolved.mouse.pathways, trials_of(work.resolved.mouse)
    blocks = settings.grid_from_divider * settings.grid_from_port_end
    bases = ", ".join(bases_of(work.resolved.mouse))
    print(f"pathways of {work.trained.path}, {work.pairs} pairs, parameters {work.resolved.digest}")
    print(
        f"  {len(variants())} brains put together with each of the states {bases}; tasks coop, solo; {settings.sessions} sessions"
    )
    print(f"  {blocks} places of the partner cut one by one, task coop; {settings.map_sessions} sessions")
    print(f"  {len(trials)} sessions a pair, {len(trials) * settings.session_s / 3600:g} h of mouse time")


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code, as `guarded`."""

    def command() -> None:
        work = work_of("pathways", "pathways", tool_parser("pathways", DESCRIPTION).parse_args(arguments))
        if work.dry_run:
            _print_plan(work)
        else:
            print(f"report: {run_pathways(work)}")

    return guarded(command)


if __name__ == "__main__":
    sys.exit(main())
