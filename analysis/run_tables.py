"""All tables that a run holds, as DataFrames: `analysis.tables(run)`."""

from pathlib import Path

import pandas

from analysis.core.run import RunDirectory, open_run
from analysis.findings.learning_table import LEARNING
from analysis.interventions.pathways_table import PATHWAYS
from analysis.interventions.shadow_table import SHADOW
from analysis.interventions.silencing_table import SILENCING
from analysis.neural.firing.table import FIRING
from analysis.neural.table import NEURAL
from params import Parameters
from params.command import command_line
from recording.schemas import ABLATION_OF_GRID, ABLATION_OF_MICE, EPISODES, RANKING, TRAINING, WEIGHTS
from recording.table import Schema, read_table

EVERY = (
    LEARNING,
    NEURAL,
    FIRING,
    TRAINING,
    EPISODES,
    SILENCING,
    RANKING,
    PATHWAYS,
    SHADOW,
)  # a file of its own, named as the table


def read_tables(run_dir: Path) -> dict[str, pandas.DataFrame]:
    """Every table of a run by its name: learning, neural, silencing, ablation ...; what the run has not, is not there.

    Raises
    ------
    UserError
        The directory is no run, or a table is damaged.
    """
    run = open_run(Path(run_dir))
    report = command_line("analysis.report", run.path)
    files = {schema.file: schema for schema in EVERY} | {"ablation.csv": _ablation(run)}
    found = {run.path / file: schema for file, schema in files.items() if (run.path / file).exists()}
    tables = {path.stem: read_table(path, schema, report) for path, schema in found.items()}
    weights = [read_table(path, WEIGHTS) for path in sorted((run.path / "weights").glob("pair*.csv"))]
    return tables | ({"weights": pandas.concat(weights, ignore_index=True)} if weights else {})


def _ablation(run: RunDirectory) -> Schema:
    return ABLATION_OF_MICE if isinstance(run.resolved.params, Parameters) else ABLATION_OF_GRID
