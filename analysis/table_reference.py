"""The reference of all tables from their schemas: `python -m analysis.table_reference > docs/reference/tables.md`."""

import sys
from collections.abc import Iterator

from analysis.comparison.output import COMPARE
from analysis.comparison.sides.tables import DISTANCES, SIDES, VALUES
from analysis.core.command import analysis_parser
from analysis.false_positives import FALSE_POSITIVES
from analysis.findings.learning_table import LEARNING
from analysis.interventions.pathways_table import PATHWAYS
from analysis.interventions.shadow_table import SHADOW
from analysis.interventions.silencing_table import SILENCING
from analysis.neural.firing.table import FIRING
from analysis.neural.table import NEURAL
from analysis.sweep.effects import EFFECTS
from analysis.sweep.sensitivity import SENSITIVITY
from params.command import guarded
from recording.schemas import ABLATION_OF_GRID, ABLATION_OF_MICE, EPISODES, OUTCOMES, POSTERIOR, RANKING, TRAINING, WEIGHTS
from recording.sweep_table import COLUMNS, COSTS, MISSING, POINTS
from recording.table import Column, Kind, Schema

TABLES = (
    LEARNING, NEURAL, FIRING, TRAINING, EPISODES, SILENCING, RANKING, ABLATION_OF_MICE, ABLATION_OF_GRID, PATHWAYS, WEIGHTS, SHADOW,
    COMPARE, SIDES, DISTANCES, VALUES, OUTCOMES, FALSE_POSITIVES, POINTS, COLUMNS, MISSING, COSTS, EFFECTS, SENSITIVITY, POSTERIOR,
)  # fmt: skip
HEAD = """# Tables

Every table of a run is a csv file in UTF-8: commas between cells, points in numbers, a number that does not exist as an empty cell.
`analysis.tables` reads all that a run has, by name. Read one with its schema, or with `pandas.read_csv`:

```python
from pathlib import Path

import analysis
from analysis.findings.learning_table import LEARNING
from recording.sweep_table import COLUMNS, COSTS, MISSING, POINTS
from recording.table import read_table

learning = read_table(Path("runs/first/learning.csv"), LEARNING)  # a pandas DataFrame
learning.groupby("phase")["success"].median()
tables = analysis.tables("runs/first")
tables["learning"]  # the same
```

Numbers are written to six digits unless a table says more. In a DataFrame whole numbers that may be missing are floats, NaN where they
are. Later versions may add columns at the end. PP stands for a pair: 00, 01, ...
"""


def page() -> str:
    """docs/reference/tables.md."""
    return "\n".join([HEAD, *(line for schema in TABLES for line in _section(schema))])


def _section(schema: Schema) -> Iterator[str]:
    yield f"## {schema.file}\n"
    yield f"{schema.words} No two rows share {', '.join(schema.key)}.\n"
    yield "| column | holds | unit | what it is |\n|---|---|---|---|"
    yield from (
        f"| {each.name} | {_holds(each)} | {each.unit} | {each.words.replace('|', '&#124;')} |" for each in schema.columns
    )
    yield ""


def _holds(column: Column) -> str:
    return f"{column.kind}, or empty" if column.empty and column.kind is not Kind.TEXT else column.kind


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code, as of `guarded`."""

    def command() -> None:
        analysis_parser("table_reference", __doc__).parse_args(arguments)
        print(page(), end="")

    return guarded(command)


if __name__ == "__main__":
    sys.exit(main())
