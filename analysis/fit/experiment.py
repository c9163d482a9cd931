"""The experiment that parameters are fitted to: a run directory with its report, of simulated mice or of imported animals."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.core.run import RunDirectoryError, open_run
from analysis.findings.numbers import numbers_of
from analysis.findings.summary import TrainingSummary, read_summary
from params import AnyParameters, GridParameters, Parameters


@dataclass(frozen=True)
class Experiment:
    """pairs: recorded ones. statistics: every number of its summary, by name. sessions: of each phase, most that a pair had. parameters:
    values by dotted key, in their own units; of real animals those of the analysis alone."""

    path: Path
    condition: str
    pairs: int
    time_unit: str
    statistics: dict[str, float | None]
    sessions: dict[str, int]
    parameters: dict[str, Any]


def read_experiment(path: Path) -> Experiment:
    """Read an experiment.

    Raises
    ------
    UserError
        No run, one that acts on trained pairs, or one without a report.
    """
    run = open_run(path)
    if "source" in run.facts:
        raise RunDirectoryError(f"{path}: acts on trained pairs; a fit is to a run of training, or to imported recordings")
    summary = read_summary(run, TrainingSummary)
    counted = Counter((file.phase, file.pair) for file in run.sessions)
    sessions = {phase: max(n for (name, _), n in counted.items() if name == phase) for phase, _ in counted}
    return Experiment(
        path=path,
        condition=run.facts["condition"],
        pairs=len({file.pair for file in run.sessions}),
        time_unit=summary.time_unit,
        statistics=numbers_of(summary),
        sessions=sessions,
        parameters=dotted_values(run.resolved.params),
    )


def dotted_values(params: AnyParameters) -> dict[str, Any]:
    """Values of parameters by dotted key, in the units they are held in."""
    return dict(_flat(params.model_dump(by_alias=True), ""))


def _flat(tree: Mapping[str, Any], above: str) -> list[tuple[str, Any]]:
    found = []
    for key, value in tree.items():
        found += _flat(value, f"{above}{key}.") if isinstance(value, Mapping) else [(f"{above}{key}", value)]
    return found


def other_schedule(experiment: Experiment, params: Parameters | GridParameters) -> list[str]:
    """How the schedule of simulated parameters differs from the experiment's, a sentence each."""
    planned = {name: phase.sessions for name, phase in params.schedule.phases}
    notes = []
    for phase in dict.fromkeys([*experiment.sessions, *planned]):
        here, there = experiment.sessions.get(phase, 0), planned.get(phase, 0)
        early = phase == "pretraining" and 0 < here <= there  # it ends at a criterion
        if here != there and not early:
            notes.append(f"{phase}: the experiment has {here} sessions a pair, the simulation {there}")
    return notes
