"""A side from a run directory: of model mice, of agents or of a recorded experiment, all in one format."""

import numpy as np
import pandas

from analysis.behaviour.session import measure_run
from analysis.comparison.sides.side import AGENTS, EXPERIMENT, MICE, OPAQUE, SOCIAL, Side
from analysis.core.run import RunDirectory, RunDirectoryError
from analysis.core.units import clock_of
from analysis.findings.learning_table import LEARNING, learning_table
from analysis.neural.table import NEURAL
from params import GridParameters, Parameters
from params.command import command_line
from recording import read_session
from recording.table import read_table

EVALUATION = "evaluation_"


def kind_of(run: RunDirectory) -> str:
    """Who was recorded."""
    params = run.resolved.params
    return AGENTS if isinstance(params, GridParameters) else MICE if isinstance(params, Parameters) else EXPERIMENT


def side_of_run(run: RunDirectory, name: str) -> Side:
    """A side from a run's learning.csv and neural.csv; a run without learning.csv is measured here.

    Raises
    ------
    UserError
        The run acts on trained pairs, holds no cooperative session, or a table or recording is damaged.
    """
    if "source" in run.facts:
        raise RunDirectoryError(f"{run.path}: acts on trained pairs; compare the run that trained them")
    report, notes = command_line("analysis.report", run.path), []
    if (run.path / LEARNING.file).exists():
        learning = read_table(run.path / LEARNING.file, LEARNING, report)
    else:
        learning = learning_table(measure_run(run))
        notes.append(f"has no learning.csv: measured here from its recordings; {report} makes it")
    cooperative = learning[learning["correct"].notna()].reset_index(drop=True)
    if cooperative.empty:
        raise RunDirectoryError(f"{run.path}: holds no cooperative session")
    kept = (run.path / NEURAL.file).exists()
    cells = read_table(run.path / NEURAL.file, NEURAL, report) if kept else NEURAL.frame([])
    return Side(
        name=name,
        kind=kind_of(run),
        path=run.path,
        clock=clock_of(read_session(run.sessions[0].path, rates=False)),
        sessions=_marked(cooperative),
        names={pair: f"pair {pair}" for pair in sorted(set(cooperative["pair"].tolist()))},
        cells=cells,
        run=run,
        lacks={} if kept else {"cells": f"no neural.csv; {report} makes it if the run kept rates"},
        notes=tuple(notes),
    )


def _marked(sessions: pandas.DataFrame) -> pandas.DataFrame:
    """Sessions with role, training, evaluated and chance.

    Evaluated are evaluations. A pair without a social one: the last third of its social sessions, at least one; a pair without an opaque
    one: all of its opaque sessions.
    """
    hidden = (sessions["divider"] == OPAQUE) | (sessions["phase"] == f"{EVALUATION}{OPAQUE}")
    role = pandas.Series(np.where(hidden, OPAQUE, SOCIAL), sessions.index)
    evaluation = sessions["phase"].str.startswith(EVALUATION)
    training = sessions["phase"].str.startswith("coop_")
    evaluated = evaluation.copy()
    for _, own in sessions.groupby("pair"):
        for each in (SOCIAL, OPAQUE):
            here = own.index[role[own.index] == each]
            if not evaluation[here].any():
                evaluated[here[-max(1, len(here) // 3) :] if each == SOCIAL else here] = True
    return sessions.assign(role=role, training=training, evaluated=evaluated, chance=sessions["chance_mean"])
