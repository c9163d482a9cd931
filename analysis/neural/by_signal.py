"""All that was found in the cells of a run: by signal the cohort, its findings, and what is missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.behaviour.cohort import Cohort
from analysis.core.run import RunDirectory
from analysis.neural.cohort import CellCohort, CellFindings, find_in_cells, what_cells_lack
from analysis.neural.inputs.signals import SIGNALS, Signal
from analysis.neural.inputs.stages import NO_RATES, STAGES
from analysis.neural.measures import StageMeasures, measure_cells
from params import ExperimentParameters


@dataclass(frozen=True)
class SignalFindings:
    """One signal: its cohort, and what that shows."""

    cohort: CellCohort
    findings: CellFindings
    missing: list[str]


@dataclass(frozen=True)
class Cells:
    """signals: by name, the first decides the verdicts; empty if nothing was measured, for `missing`."""

    signals: dict[str, SignalFindings]
    missing: str = ""

    @property
    def first(self) -> SignalFindings | None:
        return next(iter(self.signals.values()), None)

    @property
    def measures(self) -> list[StageMeasures]:
        """Of every signal, in order of pair, stage and signal."""
        rows = [each for found in self.signals.values() for each in found.cohort.measures]
        return sorted(rows, key=lambda each: (each.pair, STAGES.index(each.stage)))


NOT_ASKED = "only behaviour was analysed; python -m analysis.report RUN analyses the cells"
NO_CELLS = "the sessions that were imported hold no activity of cells at the stages that are compared"
NOT_ANALYSED = Cells({}, NOT_ASKED)


def analyse_cells(
    run: RunDirectory,
    cohort: Cohort,
    workers: int | None,
    signals: Mapping[str, Signal] = SIGNALS,
    say: Callable[[str], None] = print,
) -> Cells:
    """Measure the cells of every pair and stage.

    Raises
    ------
    UserError
        A recording is damaged.
    """
    measures = measure_cells(run, workers, signals, say)
    if not measures:
        return Cells({}, NO_CELLS if isinstance(run.resolved.params, ExperimentParameters) else NO_RATES)
    return Cells({name: of_signal([each for each in measures if each.signal == name], cohort) for name in signals})


def of_signal(measures: list[StageMeasures], cohort: Cohort) -> SignalFindings:
    """What the measures of one signal show."""
    cells = CellCohort(measures)
    return SignalFindings(cells, find_in_cells(cells, cohort), what_cells_lack(cells))
