"""One point, from nothing or from where it was interrupted to its numbers."""

import shutil
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from analysis.core.document import write_document
from analysis.core.run import open_run
from analysis.findings.analysed import analyse
from analysis.findings.numbers import numbers_of
from analysis.findings.summary import (
    AblationSummary,
    GridAblationSummary,
    PathwaysSummary,
    ShadowSummary,
    SilencingSummary,
    TrainingSummary,
    read_summary,
)
from analysis.neural.inputs.signals import rate
from analysis.report.training import write_report
from compute.code_version import code_version
from params import GridParameters, Resolved
from params.load import resolve_onto, resolve_tool
from sims.ablate import run_ablation
from sims.execution.command import Work
from sims.grid.environment import COMPUTING as OF_GRID
from sims.grid.run import run_grid
from sims.interventions.silencing_run import run_silencing
from sims.mice.record import COMPUTING as OF_MICE
from sims.mice.run import run_mice
from sims.pathways import run_pathways
from sims.shadow import run_shadow
from sims.store.manifest import read_manifest
from sims.store.trained import TrainedRun, open_trained
from sims.sweep.point import CELLS, Point
from sims.sweep.store import Result

# what makes a point's numbers of its recordings
MEASURING = (
    "analysis.findings.analysed",
    "analysis.findings.numbers",
    "analysis.ranking",
    "analysis.report.silencing",
    "analysis.report.ablation",
    "analysis.report.pathways",
    "analysis.report.shadow",
)
TOOLS: dict[str, tuple[str, Callable[[Work], Path]]] = {  # step -> its table of parameters, and what runs it
    "ablate": ("ablation", run_ablation),
    "pathways": ("pathways", run_pathways),
    "shadow": ("shadow", run_shadow),
}
SUMMARIES = {"pathways": PathwaysSummary, "shadow": ShadowSummary}
TRAIN = "train"


def version_of(on_grid: bool) -> str:
    """Version of all that computes the numbers of a point."""
    return code_version(*(OF_GRID if on_grid else OF_MICE), *MEASURING)


def play(point: Point, work: Path, quick: bool, keep: Collection[str], workers: int) -> Result:
    """Train a point in `work`, analyse it and do what follows; goes on with what is there.

    Parameters
    ----------
    point : what to play
    work : directory that is the caller's alone
    quick : whether parameters are those of --quick
    keep : of the sweep file
    workers : pairs at the same time; the numbers are the same for any

    Raises
    ------
    UserError
        What was wrong with the point, or with the machine.
    """
    resolved = point.resolved(quick)
    on_grid = isinstance(resolved.params, GridParameters)
    version = version_of(on_grid)
    train = work / TRAIN
    _make_way(work, version)
    _train(point, resolved, train, workers)
    metrics = _measured(train, CELLS not in point.then, on_grid, "reports" in keep, workers)
    trained = open_trained(train)
    for step in point.then:
        if step != CELLS:
            found = numbers_of(_followed(step, point, trained, work / step, quick, workers))
            metrics |= {f"{step}.{name}": value for name, value in found.items()}
    return Result(point.id, point.digest, point.seed, version, trained.facts["device"], metrics)


def _make_way(work: Path, version: str) -> None:
    """Remove what another version of the code left unfinished."""
    marker = work / "code_version"
    if marker.exists() and marker.read_text(encoding="utf-8") == version:
        return
    for path in work.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    marker.write_text(version, encoding="utf-8")


def _train(point: Point, resolved: Resolved, run_dir: Path, workers: int) -> None:
    resume = _begun(run_dir)
    if resume and read_manifest(run_dir / "run.json").get("complete"):
        return
    (run_grid if isinstance(resolved.params, GridParameters) else run_mice)(
        run_dir, resolved, point.seed, point.pairs, workers, resume
    )


def _begun(run_dir: Path) -> bool:
    """Whether a run can go on; what was killed before it was one is removed."""
    if (run_dir / "run.json").exists():
        return True
    shutil.rmtree(run_dir, ignore_errors=True)
    return False


def _measured(train: Path, behaviour_only: bool, on_grid: bool, page: bool, workers: int) -> dict[str, float | None]:
    """Numbers of the trained pairs."""
    signals = None if on_grid else {"rate": rate}
    if not (train / "summary.json").exists():
        if page:
            write_report(train, workers, behaviour_only, signals, say=_say)
        else:
            write_document(train / "summary.json", analyse(train, workers, behaviour_only, signals, _say).summary)
    return numbers_of(read_summary(open_run(train), TrainingSummary))


def _say(line: str) -> None:
    print(line, flush=True)


def _followed(step: str, point: Point, trained: TrainedRun, run_dir: Path, quick: bool, workers: int) -> Any:
    """The summary of what follows training."""
    source, pairs, resume = trained.path / "params.toml", point.pairs, _begun(run_dir)
    done = (run_dir / "summary.json").exists()
    if step not in TOOLS:
        if not done:
            resolved = resolve_onto(source, step, _of_table(point, "silencing"), quick)
            run_silencing(run_dir, trained, resolved, pairs, workers, resume)
        return read_summary(open_run(run_dir), SilencingSummary)
    table, tool = TOOLS[step]
    if not done:
        resolved = resolve_tool(source, table, _of_table(point, table), quick)
        tool(Work(trained, resolved, run_dir, pairs, workers, resume, dry_run=False))
    on_grid = isinstance(trained.resolved.params, GridParameters)
    kind = SUMMARIES.get(step, GridAblationSummary if on_grid else AblationSummary)
    return read_summary(open_run(run_dir), kind)


def _of_table(point: Point, table: str) -> list[str]:
    """The point's settings of a table, as `--set` takes them: a tool starts from the table of the base file."""
    return [each for each in point.overrides if each.startswith(f"{table}.")]
