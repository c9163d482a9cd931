"""The table of a comparison as compare.csv, and all of it as compare.json."""

from dataclasses import dataclass
from typing import Any

import pandas

from analysis.comparison.comparison import Compared
from analysis.comparison.differences import Differences
from analysis.comparison.readers import Cell
from analysis.comparison.rows import Comparison
from analysis.comparison.system import SIDES
from analysis.findings.summary import RunFacts, Verdicts, facts_of
from recording.table import Schema, number, text, whole, yes_no

WHOSE = {"acc": "of the mice", "marl": "of the agents", "both": "of the two together"}
COMPARE = Schema(
    "compare.csv",
    "A measure of mice and agents side by side (`python -m analysis.compare RUN_ACC RUN_MARL`).",
    (
        text("finding", "F1 to F10, learning, similarity or alignment"),
        text("measure", "what is measured"),
        text("unit", "its unit"),
        *(
            column
            for side, whose in WHOSE.items()
            for column in (
                number(f"{side}_value", f"the number {whose}, median over pairs", empty=True),
                number(f"{side}_low", "lower end of its 95 % interval", empty=True),
                number(f"{side}_high", "upper end of its 95 % interval", empty=True),
                whole(f"{side}_n", "pairs"),
                number(f"{side}_chance", "what chance gives", empty=True),
                text(f"{side}_missing", "why there is no number"),
            )
        ),
        yes_no("apart", "whether the intervals of mice and agents do not overlap", empty=True),
    ),
    ("finding", "measure", "unit"),
)


def compare_table(rows: list[Comparison]) -> pandas.DataFrame:
    """The table: one row a line; what does not exist is missing."""
    return COMPARE.frame(vars(row) | {"apart": row.apart} | _cells(row) for row in rows)


def _cells(row: Comparison) -> dict[str, Any]:
    held = {side: (getattr(row, side) or Cell()).flat() for side in WHOSE}
    return {f"{side}_{name}": value for side, cell in held.items() for name, value in cell.items()}


@dataclass(frozen=True)
class ComparisonSummary:
    """What compare.json holds: verdicts of each system's own report, and the numbers of the table, of similarity and of alignment."""

    runs: dict[str, RunFacts]
    verdicts: dict[str, Verdicts]
    differences: Differences
    rows: list[dict[str, Any]]
    similarity: list[dict[str, Any]]
    alignment: list[dict[str, Any]]
    missing: list[str]


def summarise(found: Compared) -> ComparisonSummary:
    """A comparison as compare.json holds it."""
    return ComparisonSummary(
        runs={side: facts_of(system.run) for side, system in found.systems.items()},
        verdicts=found.verdicts,
        differences=found.differences,
        rows=[
            {"finding": row.finding, "measure": row.measure, "unit": row.unit, "apart": row.apart}
            | {side: cell.flat() for side in (*SIDES, "both") if (cell := getattr(row, side)) is not None}
            for row in found.rows
        ],
        similarity=[
            {"first": each.first, "second": each.second, "p_value": each.p_value} | Cell(each.value, each.chance).flat()
            for each in found.similarity.blocks
        ],
        alignment=[
            {"side": side, "stage": stage, "code": code, "p_value": each.p_value}
            | Cell(each.overlap, each.chance).flat()
            | {"cosine": each.cosine, "reliability": each.reliability}
            for (side, stage, code), each in found.alignment.items()
            if each is not None
        ],
        missing=found.missing,
    )
