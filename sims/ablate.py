"""Ablate cells chosen by what they encode from trained pairs: `python -m sims.ablate --from RUN`."""

import sys
import threading
import time
from pathlib import Path

from params import Parameters
from params.command import guarded
from params.schema.tools import Ablation
from recording.schemas import ABLATION_OF_MICE
from recording.store import write_session
from recording.table import write_table
from sims.execution.command import Work, running_on, tool_parser, work_of
from sims.grid.environment import grid_code
from sims.interventions.ablation.grid_run import ablate_pairs, print_ablation_plan
from sims.interventions.ablation.matching import RANKINGS, CellSet, read_ranking
from sims.interventions.ablation.mice import ABLATION_TASKS, NONE, cell_sets, play_ablated, repeats_of, row_of
from sims.interventions.frozen import frozen_phase
from sims.mice.cohort import for_each_pair
from sims.mice.pair import Pair, SessionResult
from sims.mice.record import mice_code, to_session
from sims.mice.trained import load_pair
from sims.schedule import PlannedSession

DESCRIPTION = (
    "Ablate cells of trained pairs (of agents: hidden units): those that carry the partner most, those that carry own behaviour most, and "
    "random ones."
)


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code, as `guarded`."""

    def command() -> None:
        work = work_of("ablate", "ablation", tool_parser("ablate", DESCRIPTION).parse_args(arguments))
        if work.dry_run:
            (_print_plan if _of_mice(work) else print_ablation_plan)(work)
        else:
            print(f"report: {run_ablation(work)}")

    return guarded(command)


def run_ablation(work: Work) -> Path:
    """Rank the cells, play every set of every pair that has no table yet, and write the report; returns its page.

    Raises
    ------
    UserError
        As `running`, `write_ranking`, `load_pair` and `cell_sets`.
    """
    from analysis.ranking import write_ranking

    with running_on(work, mice_code() if _of_mice(work) else grid_code(work.resolved)) as done:
        if not (work.run_dir / "ranking.csv").exists():
            write_ranking(work.trained.path, work.run_dir / "ranking.csv", work.pairs)
        done.decisions = play_pairs(work) if _of_mice(work) else ablate_pairs(work)
    print("analysing", flush=True)
    from analysis.report.ablation import write_ablation_report

    return write_ablation_report(work.run_dir, work.workers)


def play_pairs(work: Work) -> int:
    """Play every pair of mice that has no table in pairs/ yet; returns decisions made. Tables are the same for any number of workers."""
    played, params = [0] * work.pairs, work.resolved.mouse

    def one(index: int, stop: threading.Event) -> None:
        path = work.run_dir / "pairs" / f"pair{index:02d}.csv"
        if path.exists():
            return
        begun, pair = time.monotonic(), load_pair(work.trained, params, index)
        rows = []
        ranked = read_ranking(work.run_dir / "ranking.csv", index, agents=params.mice)
        for each in cell_sets(ranked, params.ablation, pair.seed, index):
            rows += _play_set(work, pair, each)
            if stop.is_set():
                return
        write_table(path, ABLATION_OF_MICE.frame(rows), ABLATION_OF_MICE)
        played[index] = len(rows)
        print(f"pair {index}  {len(rows)} sessions  {time.monotonic() - begun:.0f} s", flush=True)

    for_each_pair(one, work.pairs, work.workers)
    return round(sum(played) * params.ablation.session_s / params.time.decision_s)


def _of_mice(work: Work) -> bool:
    return isinstance(work.resolved.params, Parameters)


def _play_set(work: Work, pair: Pair, each: CellSet) -> list[tuple[object, ...]]:
    rows = []
    for task in ABLATION_TASKS:
        for repeat in repeats_of(each, pair.params.ablation):
            result = play_ablated(pair, each, task, repeat)
            rows.append(row_of(pair, each, task, repeat, result))
            if (each.name, task) == (NONE, "coop"):
                _record(work, pair, repeat, result)
    return rows


def _record(work: Work, pair: Pair, repeat: int, result: SessionResult) -> None:
    """Keep the recording of an untouched cooperative session: chance is made from its pokes."""
    planned = PlannedSession(repeat, "untouched", frozen_phase(pair.params, "coop"), 0.0, False)
    path = work.run_dir / "sessions" / f"pair{pair.index:02d}_s{repeat:03d}_untouched.h5"
    write_session(path, to_session(work.resolved, pair, planned, result))


def sessions_of(settings: Ablation) -> int:
    """Sessions of one pair."""
    ranked = (1 + len(RANKINGS) * len(settings.counts)) * settings.sessions
    return len(ABLATION_TASKS) * (ranked + len(settings.counts) * settings.draws)


def _print_plan(work: Work) -> None:
    settings = work.resolved.mouse.ablation
    sessions = sessions_of(settings)
    print(f"ablation in {work.trained.path}, {work.pairs} pairs, parameters {work.resolved.digest}")
    print(f"  {', '.join(map(str, settings.counts))} cells of each brain; the most selective for {' and '.join(RANKINGS)}, and")
    print(f"  {settings.draws} sets of cells matched to the partner's; tasks {', '.join(ABLATION_TASKS)}; frozen")
    print(f"  {sessions} sessions of {settings.session_s:g} s a pair, {sessions * settings.session_s / 3600:g} h of mouse time")


if __name__ == "__main__":
    sys.exit(main())
