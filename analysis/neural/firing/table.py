"""firing.csv: one row per pair, stage, animal, measure and class of cells, or two classes of which pairs of cells are made."""

import pandas

from analysis.core.version import analysis_version
from analysis.neural.firing.cohort import FiringCohort
from recording.schemas import AGENT, PAIR, PHASE
from recording.table import Schema, number, text, whole

FIRING = Schema(
    "firing.csv",
    "How the cells of a class fire in a session that stands for a stage of training; only of runs that hold spikes.",
    (
        PAIR,
        text("stage", "stage of training (`analysis.neural.inputs.stages`)"),
        whole("session", "session of the pair, from 0"),
        PHASE,
        AGENT,
        text("measure", "rate (Hz), log_rate (decades), cv, cv2, fano or correlation (docs/reference/firing.md)"),
        text("class", 'class of the cells; "all" of all cells'),
        text("other", "of a correlation: class of the second cell of a pair"),
        whole("n", "cells, or pairs of cells, that were measured"),
        number("mean", "mean over them", empty=True),
        number("sd", "standard deviation over them; none of fewer than two", empty=True),
        number("lower", "lower quartile", empty=True),
        number("median", "median", empty=True),
        number("upper", "upper quartile", empty=True),
        text("version", "version of the analysis"),
    ),
    ("pair", "stage", "agent", "measure", "class", "other"),
)


def table_of_firing(cohort: FiringCohort) -> pandas.DataFrame:
    """The table, in order of pair, stage and animal."""
    version = analysis_version()
    return FIRING.frame(
        (each.pair, each.stage, each.session, each.phase, agent, row.measure, row.cell_class, row.other, *row.found, version)
        for each in cohort.measures
        for agent, firing in each.by_agent
        for row in firing.rows()
    )
