"""Everything that is found in a training run, and nothing written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.behaviour.cohort import Cohort
from analysis.behaviour.findings import BehaviourFindings, find_in_behaviour, what_is_missing
from analysis.behaviour.session import measure_run
from analysis.core.run import RunDirectory, RunDirectoryError, open_run
from analysis.findings.f8 import AgentFindings, find_in_agents, judge_f8
from analysis.findings.summary import AgentSummary, CellSummary, SignalSummary, TrainingSummary, facts_of
from analysis.findings.training import judge_behaviour, judge_cells, without_cells
from analysis.neural.by_signal import NOT_ANALYSED, Cells, analyse_cells
from analysis.neural.firing.cohort import FiringCohort, measure_firing
from analysis.neural.inputs.signals import Signal, signals_of
from params.command import command_line


@dataclass(frozen=True)
class Analysed:
    """A run with everything that was found in it; firing: None without spikes; agents: None off the grid; summary: what summary.json
    holds, verdicts too."""

    run: RunDirectory
    cohort: Cohort
    findings: BehaviourFindings
    cells: Cells
    firing: FiringCohort | None
    agents: AgentFindings | None
    summary: TrainingSummary


def analyse(
    run_dir: Path,
    workers: int | None = None,
    behaviour_only: bool = False,
    signals: Mapping[str, Signal] | None = None,
    say: Callable[[str], None] = print,
) -> Analysed:
    """Read and analyse every session of a run, and write nothing.

    The same recordings give the same result whatever the number of workers (default: the cores allotted). The cells of a run of 8
    pairs take minutes; `behaviour_only` leaves them out. signals: default, what the recordings offer. say: is told of each
    session whose cells are done.

    Raises
    ------
    UserError
        The directory is no run, or a recording is damaged.
    """
    run = open_run(Path(run_dir))
    if "source" in run.facts:
        raise RunDirectoryError(f"{run_dir}: acts on trained pairs; its report is {command_line('analysis.report', run_dir)}")
    cohort = Cohort(measure_run(run, workers))
    findings = find_in_behaviour(cohort, run)
    cells = NOT_ANALYSED if behaviour_only else analyse_cells(run, cohort, workers, signals or signals_of(run), say)
    firing = None if behaviour_only else measure_firing(run, workers)
    agents = find_in_agents(run, cohort, cells, workers)
    return Analysed(run, cohort, findings, cells, firing, agents, _summary(run, cohort, findings, cells, agents))


def _summary(
    run: RunDirectory, cohort: Cohort, findings: BehaviourFindings, cells: Cells, agents: AgentFindings | None
) -> TrainingSummary:
    facts, analysis = facts_of(run), run.resolved.params.analysis
    decisions = run.facts.get("decisions")
    signals = {
        name: SignalSummary(found.findings, judge_cells(found.findings, analysis), found.missing)
        for name, found in cells.signals.items()
    }
    of_cells = next((each.verdicts for each in signals.values()), without_cells(cells.missing))
    return TrainingSummary(
        run=facts,
        time_unit=cohort.clock.unit,
        recorded=sum(each.duration_s for each in cohort.measures),
        decisions_per_s=decisions / facts.wall_s if facts.wall_s and decisions else None,
        behaviour=findings,
        cells=CellSummary(signals, cells.missing),
        agents=AgentSummary(agents.waiting, agents.course) if agents else None,
        verdicts=judge_behaviour(findings, analysis) | of_cells | ({"F8": judge_f8(agents)} if agents else {}),
        missing=what_is_missing(cohort, run),
    )
