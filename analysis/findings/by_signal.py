"""All that was found in the cells of a run: by signal the cohort, its findings and verdicts, and what is missing."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.behaviour.cohort import Cohort
from analysis.core.run import RunDirectory
from analysis.findings.cells import NOT_ASKED, judge_cells, without_cells
from analysis.findings.verdict import Verdict, as_json
from analysis.neural.association import Association
from analysis.neural.cohort import CellCohort, CellFindings, find_in_cells, what_cells_lack
from analysis.neural.inputs.signals import SIGNALS, Signal
from analysis.neural.inputs.stages import NO_RATES, STAGES
from analysis.neural.measures import StageMeasures, measure_cells


@dataclass(frozen=True)
class SignalFindings:
    """One signal: its cohort, what that shows, and the verdicts."""

    cohort: CellCohort
    findings: CellFindings
    verdicts: dict[str, Verdict]
    missing: list[str]


@dataclass(frozen=True)
class Cells:
    """signals: by name, the first decides the report's verdicts; empty if nothing was measured, for `missing`."""

    signals: dict[str, SignalFindings]
    missing: str = ""

    @property
    def first(self) -> SignalFindings | None:
        return next(iter(self.signals.values()), None)

    @property
    def verdicts(self) -> dict[str, Verdict]:
        return self.first.verdicts if self.first else without_cells(self.missing)

    @property
    def measures(self) -> list[StageMeasures]:
        """Of every signal, in order of pair, stage and signal."""
        rows = [each for found in self.signals.values() for each in found.cohort.measures]
        return sorted(rows, key=lambda each: (each.pair, STAGES.index(each.stage)))


NOT_ANALYSED = Cells({}, NOT_ASKED)


def analyse_cells(
    run: RunDirectory,
    cohort: Cohort,
    workers: int | None,
    signals: Mapping[str, Signal] = SIGNALS,
    say: Callable[[str], None] = print,
) -> Cells:
    """Measure the cells of every pair and stage, and judge them.

    Raises
    ------
    UserError
        A recording is damaged.
    """
    measures = measure_cells(run, workers, signals, say)
    if not measures:
        return Cells({}, NO_RATES)
    return Cells({name: of_signal([each for each in measures if each.signal == name], cohort, run) for name in signals})


def of_signal(measures: list[StageMeasures], cohort: Cohort, run: RunDirectory) -> SignalFindings:
    """What the measures of one signal show, by the run's parameters and seed."""
    cells, analysis = CellCohort(measures), run.resolved.params.analysis
    findings = find_in_cells(cells, cohort)
    return SignalFindings(cells, findings, judge_cells(findings, analysis), what_cells_lack(cells))


def cells_as_json(cells: Cells) -> dict[str, Any]:
    """As summary.json holds them, under "neural"."""
    return {
        "measured": bool(cells.signals),
        "why_not": cells.missing,
        "signals": {k: _signal_json(v) for k, v in cells.signals.items()},
    }


def _signal_json(found: SignalFindings) -> dict[str, Any]:
    findings, names = found.findings, found.cohort.names
    return {
        "stages": {stage: {name: _in_stage(found, name, stage) for name in names} for stage in STAGES},
        "late_minus_early": {name: estimate.as_json() for name, estimate in findings.grown.items()},
        "late_minus_solo": {name: estimate.as_json() for name, estimate in findings.over_solo.items()},
        "social_minus_opaque": {name: estimate.as_json() for name, estimate in findings.seen.items()},
        "gaba_minus_exc": {
            stage: {name: each.as_json() for (name, at), each in findings.gaba_less_exc.items() if at == stage}
            for stage in STAGES
        },
        "with_success": {name: _association_json(each) for name, each in findings.with_success.items()},
        "verdicts": as_json(found.verdicts),
        "missing": found.missing,
    }


def _in_stage(found: SignalFindings, name: str, stage: str) -> dict[str, Any]:
    chance = found.cohort.chance(name, stage)
    return {**found.findings.at(name, stage).as_json(), "chance": None if math.isnan(chance) else chance}


def _association_json(found: Association) -> dict[str, Any]:
    return {"pearson": found.pearson.as_json(), "spearman": found.spearman.as_json()}
