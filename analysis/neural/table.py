"""neural.csv: one row per pair, stage, signal, animal (or the pair) and measure; and the way back from it."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas

from analysis.core.measure import Measure, Measures
from analysis.core.run import RunDirectoryError
from analysis.core.version import analysis_version
from analysis.neural.measures import BOTH, StageMeasures
from params.command import command_line
from recording.schemas import PAIR, PHASE
from recording.table import Schema, number, read_table, text, whole

OF_PAIR = "both"  # as agent, of what is measured of the pair
NEURAL = Schema(
    "neural.csv",
    "A measure of the cells of an animal, or of the pair, in a session that stands for a stage of training.",
    (
        PAIR,
        text("stage", "stage of training (`analysis.neural.inputs.stages`)"),
        whole("session", "session of the pair, from 0"),
        PHASE,
        text("signal", "what was taken for the activity: rate, or a signal made of it"),
        text("agent", 'animal or agent, 0 or 1; "both" of what is measured of the pair'),
        text("measure", "its name (docs/reference/estimators.md)"),
        number("value", "the measure; none where it cannot be measured", empty=True),
        number("chance", "mean or median of its null; none without a null", empty=True),
        number("p_value", "(1 + draws of the null at least as high) / (1 + draws)", empty=True),
        text("missing", "why there is no value"),
        text("version", "version of the analysis", later=True),
    ),
    ("pair", "stage", "signal", "agent", "measure"),
)


def table_of_cells(measures: Iterable[StageMeasures]) -> pandas.DataFrame:
    """The table; a number that does not exist is missing, and `missing` says why."""
    version = analysis_version()
    return NEURAL.frame(
        (each.pair, each.stage, each.session, each.phase, each.signal, who, name, *found, version)
        for each in measures
        for agent, held in each.by_agent
        for who in [OF_PAIR if agent == BOTH else str(agent)]
        for name, found in held.items()
    )


def read_cells(path: Path) -> list[StageMeasures]:
    """The measures of a table, in its order, to the six digits that it holds; courses and groups, which it does not, are empty.

    Raises
    ------
    UserError
        The table is not there, is not one, or is empty.
    """
    report = command_line("analysis.report", path.parent)
    table = read_table(path, NEURAL, report)
    if table.empty:
        raise RunDirectoryError(f"{path}: holds no rows; {report} writes it anew")
    return [_stage(each) for _, each in table.groupby(["pair", "stage", "signal"], sort=False)]


def version_in(path: Path) -> str:
    """The version of the analysis that wrote a table, "unknown" if it says none; raises TableError as `read_table`."""
    versions = read_table(path, NEURAL.part(["version"]))["version"]
    return versions.iloc[0] or "unknown" if len(versions) else "unknown"


def _stage(table: pandas.DataFrame) -> StageMeasures:
    first = next(table.itertuples())
    held = {agent: _measures(each) for agent, each in table.groupby("agent")}
    together = held.pop(OF_PAIR, {})
    return StageMeasures(
        pair=first.pair,
        session=first.session,
        phase=first.phase,
        stage=first.stage,
        signal=first.signal,
        agents=tuple(held.values()),
        together=together,
        course=np.empty((len(held), 0)),
        groups=(None,) * len(held),
    )


def _measures(table: pandas.DataFrame) -> Measures:
    return {row.measure: Measure(row.value, row.chance, row.p_value, row.missing) for row in table.itertuples()}
