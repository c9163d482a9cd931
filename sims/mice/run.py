"""A run of a condition of the mice."""

from pathlib import Path

from params import ParameterError, Parameters, Resolved
from sims.execution.progress import Progress
from sims.execution.runner import running
from sims.loop.engine import COMPILED, Engine
from sims.mice.cohort import run_cohort
from sims.mice.record import mice_code
from sims.mice.signals import Signals, gather, read_signals, write_signals
from sims.store.trained import open_trained


def engine_named(name: str | None, params: Parameters) -> Engine:
    """What runs the cells: that which was asked for, if it can.

    Raises
    ------
    UserError
        It is not installed, or does not run such cells.
    """
    if name in (None, "compiled"):
        return COMPILED
    from sims.loop.brian2_engine import Brian2

    Brian2.check(params)
    return Brian2()


def signals_for(resolved: Resolved, asked: Path | None, resumed_from: Path | None) -> Signals:
    """What signals replay: mice of the run asked for, or what the run that is resumed holds.

    Raises
    ------
    UserError
        No run was asked for; or as `gather` and `read_signals`.
    """
    if asked:
        return gather(open_trained(asked, "--signals"), resolved.mouse)
    if resumed_from:
        return read_signals(resumed_from)
    raise ParameterError(
        f"{resolved.condition} replays trained mice: say of which run, --signals RUN (python -m sims.run coop_075s makes one)"
    )


def run_mice(
    run_dir: Path,
    resolved: Resolved,
    seed: int,
    pairs: int,
    workers: int,
    resume: bool,
    signals: Signals | None = None,
    engine: Engine = COMPILED,
) -> None:
    """Simulate a cohort of mice into a run directory.

    Parameters
    ----------
    run_dir, resolved, seed, pairs, workers, resume
        As on the command line.
    signals : Signals, optional
        What the partners replay where they are no mice.
    engine : Engine
        What runs the cells.

    Raises
    ------
    UserError
        If the directory holds another run, or one that `resume` was not asked to continue, or cannot be written.
    """
    work = [1.0] * sum(phase.sessions for _, phase in resolved.mouse.schedule.phases)
    made_of = ({"signals": signals.facts} if signals else {}) | engine.facts
    workers = workers if engine.parallel else 1
    with (
        running(run_dir, resolved, seed, pairs, resume, mice_code(engine), made_of) as done,
        Progress(work, pairs, workers) as progress,
    ):
        if signals:
            write_signals(run_dir, signals)
        done.decisions = run_cohort(run_dir, resolved, seed, pairs, workers, progress, engine)
