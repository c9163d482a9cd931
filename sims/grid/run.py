"""A run of a condition of the grid."""

from dataclasses import dataclass
from pathlib import Path

from params import Resolved
from sims.execution.progress import Progress
from sims.execution.runner import Done, running
from sims.grid.cohort import GridReport, gather, run_grid_cohort
from sims.grid.environment import grid_code, note_compiled, require_libraries
from sims.grid.schedule import sessions_of


@dataclass
class _Listener:
    """Shows how a cohort goes and counts what was done. work: steps of every session."""

    progress: Progress
    done: Done
    work: list[int]

    def begins(self, at_once: int, said: str) -> None:
        self.progress.at_once(at_once)
        self.progress.say(said)

    def __call__(self, report: GridReport) -> None:
        self.progress(report)
        self.done.decisions += self.work[report.session]
        if report.collapsed:
            where = f"pair{report.pair:02d}_s{report.session:03d}_{report.phase_name}"
            self.progress.say(f"warning: {where}: an agent no longer pokes; training does not recover from this")


def run_grid(run_dir: Path, resolved: Resolved, seed: int, pairs: int, workers: int, resume: bool) -> None:
    """Train and record a cohort into a run directory; run.json names the sessions in which an agent stopped poking.

    Raises
    ------
    UserError
        A library is missing; or the directory holds another run, or one that `resume` was not asked to continue, or cannot be
        written; or training failed.
    """
    require_libraries()
    params = resolved.grid
    work = [session.trained + params.recording.session_steps for session in sessions_of(params)]
    with running(run_dir, resolved, seed, pairs, resume, grid_code(resolved)) as done, Progress(work, pairs, workers) as progress:
        run_grid_cohort(run_dir, resolved, pairs, workers, _Listener(progress, done, work))
        episodes = gather(run_dir, pairs)
        done.facts["collapsed"] = episodes.loc[episodes["collapsed"], ["pair", "session"]].to_numpy().tolist()
    note_compiled(resolved)
