"""Runs that differ only by their seed, joined into one cohort: pairs numbered through, every claim judged over all of them.

Eight pairs leave wide intervals, and a claim that holds on one seed and fails on another by a hair is best judged once, over all
pairs. The rules are those of single runs, unchanged. Nothing is chosen among runs: what each says stands beside what they say together.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeVar

from analysis.behaviour.cohort import Cohort, Evaluation
from analysis.behaviour.findings import BehaviourFindings, find_in_behaviour
from analysis.behaviour.session import measure_run
from analysis.core.run import RunDirectory, RunDirectoryError, open_run
from analysis.findings.f7 import CLAIM as SILENCING_CLAIM
from analysis.findings.f7 import judge_f7
from analysis.findings.f9 import CLAIM_MICE, judge_mice
from analysis.findings.shadow import CLAIMS as SHADOW_CLAIMS
from analysis.findings.shadow import judge_shadows
from analysis.findings.summary import (
    AblationSummary,
    ShadowSummary,
    SilencingSummary,
    TrainingSummary,
    Verdicts,
    read_summary,
)
from analysis.findings.training import OF_BEHAVIOUR, OF_CELLS, judge_behaviour, judge_cells, without_cells
from analysis.findings.verdict import Verdict
from analysis.interventions.ablation.mice import Curves, points, read_tables, untouched
from analysis.interventions.pathways import Trials, VariantEffect
from analysis.interventions.shadow_cohort import ShadowCohort, ShadowFindings, find_shadows
from analysis.interventions.shadow_table import read_animals
from analysis.interventions.silencing import Arm, DoseEffect, effects, measure_arms
from analysis.neural.by_signal import NOT_ANALYSED, Cells, of_signal
from analysis.neural.table import read_cells
from analysis.report.pathways import trials_of
from params import Parameters

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """A claim, what every run says of it by seed ("holds", "does not hold", "not measured"), and the verdict over all pairs."""

    name: str
    claim: str
    by_seed: dict[int, str]
    together: Verdict


@dataclass(frozen=True)
class Trained:
    """Training runs as one cohort."""

    runs: list[RunDirectory]
    cohort: Cohort
    findings: BehaviourFindings
    cells: Cells
    rows: list[Row]


@dataclass(frozen=True)
class Silenced:
    """Silencing of one condition as one cohort."""

    runs: list[RunDirectory]
    arms: list[Arm]
    effects: list[DoseEffect]
    rows: list[Row]


@dataclass(frozen=True)
class Ablated:
    """Ablations as one cohort."""

    runs: list[RunDirectory]
    curves: Curves
    baseline: list[Evaluation]
    rows: list[Row]


@dataclass(frozen=True)
class Shadowed:
    """Shadow runs as one cohort."""

    runs: list[RunDirectory]
    cohort: ShadowCohort
    findings: ShadowFindings
    rows: list[Row]


@dataclass(frozen=True)
class Rewired:
    """Brains put together from two states as one cohort; they judge no claim."""

    runs: list[RunDirectory]
    trials: Trials
    effects: list[VariantEffect]
    rows: list[Row]


Group = Trained | Silenced | Ablated | Shadowed | Rewired


def pool_runs(paths: Iterable[Path], workers: int | None = None) -> list[Group]:
    """One group for each condition among the runs, in the order given; the same whatever the number of workers.

    Raises
    ------
    UserError
        A directory is no analysed run of mice, or two runs of a condition have other parameters or the same seed.
    """
    by_condition: dict[str, list[RunDirectory]] = {}
    for path in paths:
        run = open_run(Path(path))
        by_condition.setdefault(run.facts["condition"], []).append(run)
    return [_group(runs, workers) for runs in by_condition.values()]


def _group(runs: list[RunDirectory], workers: int | None) -> Group:
    _refuse_strangers(runs)
    facts = runs[0].facts
    if facts["condition"] == "ablation":
        return _ablated(runs, workers)
    if facts["condition"] == "shadow":
        return _shadowed(runs)
    if facts["condition"] == "pathways":
        return _rewired(runs, workers)
    return (_silenced if "source" in facts else _trained)(runs, workers)


def _refuse_strangers(runs: list[RunDirectory]) -> None:
    first = runs[0]
    seen: dict[int, Path] = {}
    for run in runs:
        if not isinstance(run.resolved.params, Parameters):
            raise RunDirectoryError(f"{run.path}: is a run of agents, whose seeds are its pairs; only runs of mice are pooled")
        if run.facts["digest"] != first.facts["digest"]:
            raise RunDirectoryError(
                f"{run.path}: parameters {run.facts['digest']}, those of {first.path} are {first.facts['digest']}; "
                "runs of one condition may differ by their seed alone"
            )
        if run.facts["seed"] in seen:
            raise RunDirectoryError(f"{run.path}: seed {run.facts['seed']} is that of {seen[run.facts['seed']]} too")
        seen[run.facts["seed"]] = run.path


def _numbered_through(
    runs: list[RunDirectory], read: Callable[[RunDirectory], list[T]], renumber: Callable[[T, int], T]
) -> list[T]:
    """What is read of every run, its pairs numbered on from those of the run before."""
    starts = accumulate((run.facts["pairs"] for run in runs[:-1]), initial=0)
    return [renumber(each, start) for run, start in zip(runs, starts, strict=True) for each in read(run)]


def _shifted(each: Any, start: int) -> Any:
    """A dataclass with a pair, counted from `start`."""
    return replace(each, pair=each.pair + start)


def _trained(runs: list[RunDirectory], workers: int | None) -> Trained:
    first = runs[0]
    cohort = Cohort(_numbered_through(runs, lambda run: measure_run(run, workers), _shifted))
    analysis = first.resolved.params.analysis
    findings, cells = find_in_behaviour(cohort, first), _cells(runs, cohort)
    said = [read_summary(run, TrainingSummary) for run in runs]
    rows = _rows(OF_BEHAVIOUR, judge_behaviour(findings, analysis), runs, [each.verdicts for each in said])
    if not cells.signals:
        rows += _rows(OF_CELLS, without_cells(cells.missing), runs, [each.verdicts for each in said])
    for place, (signal, found) in enumerate(cells.signals.items()):
        claims = {name: f"{claim} (by {signal})" if place else claim for name, claim in OF_CELLS.items()}
        own = [each.cells.signals[signal].verdicts if signal in each.cells.signals else {} for each in said]
        rows += _rows(claims, judge_cells(found.findings, analysis), runs, own)
    return Trained(runs, cohort, findings, cells, rows)


def _cells(runs: list[RunDirectory], cohort: Cohort) -> Cells:
    tables = [run.path / "neural.csv" for run in runs]
    if not any(path.exists() for path in tables):
        return NOT_ANALYSED
    measures = _numbered_through(runs, lambda run: read_cells(run.path / "neural.csv"), _shifted)
    signals = dict.fromkeys(each.signal for each in measures)
    return Cells({name: of_signal([each for each in measures if each.signal == name], cohort) for name in signals})


def _silenced(runs: list[RunDirectory], workers: int | None) -> Silenced:
    def shifted(arm: Arm, start: int) -> Arm:
        return Arm(_shifted(arm.behaviour, start), None if arm.evaluation is None else _shifted(arm.evaluation, start))

    analysis = runs[0].resolved.mouse.analysis
    arms = _numbered_through(runs, lambda run: measure_arms(run, workers), shifted)
    found = effects(arms)
    claims = {"F7": f"{SILENCING_CLAIM} ({runs[0].facts['condition']})"}
    return Silenced(
        runs, arms, found, _rows(claims, {"F7": judge_f7(found, analysis.significance)}, runs, _said(runs, SilencingSummary))
    )


def _ablated(runs: list[RunDirectory], workers: int | None) -> Ablated:
    params = runs[0].resolved.mouse
    found = _numbered_through(runs, lambda run: points(read_tables(run)), _shifted)
    curves = Curves(found)
    baseline = _numbered_through(runs, lambda run: untouched(run, workers), _shifted)
    count = params.ablation.judged_count
    verdict = judge_mice(curves, baseline, count, params.analysis.significance)
    return Ablated(
        runs, curves, baseline, _rows({"F9": CLAIM_MICE.format(count=count)}, {"F9": verdict}, runs, _said(runs, AblationSummary))
    )


def _shadowed(runs: list[RunDirectory]) -> Shadowed:
    cohort = ShadowCohort(_numbered_through(runs, read_animals, _shifted))
    findings = find_shadows(cohort)
    return Shadowed(runs, cohort, findings, _rows(SHADOW_CLAIMS, judge_shadows(findings), runs, _said(runs, ShadowSummary)))


def _rewired(runs: list[RunDirectory], workers: int | None) -> Rewired:
    trials = Trials(_numbered_through(runs, lambda run: trials_of(run, workers), _shifted))
    return Rewired(runs, trials, trials.effects(), [])


def _said(runs: list[RunDirectory], form: type[SilencingSummary | AblationSummary | ShadowSummary]) -> list[Verdicts]:
    """Verdicts of each run's own report."""
    return [read_summary(run, form).verdicts for run in runs]


def _rows(claims: dict[str, str], together: Verdicts, runs: list[RunDirectory], said: list[Verdicts]) -> list[Row]:
    """said: verdicts of each run."""
    return [
        Row(
            name,
            claim,
            {run.facts["seed"]: _in_words(own.get(name)) for run, own in zip(runs, said, strict=True)},
            together[name],
        )
        for name, claim in claims.items()
    ]


def _in_words(verdict: Verdict | None) -> str:
    if verdict is None or not verdict.measured:
        return "not measured"
    return "holds" if verdict.holds else "does not hold"
