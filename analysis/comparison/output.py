"""The table of a comparison as compare.csv, and all of it as compare.json."""

import csv
import io
from dataclasses import dataclass
from typing import Any

from analysis.comparison.comparison import Compared
from analysis.comparison.differences import Differences
from analysis.comparison.rows import Cell, Comparison
from analysis.comparison.system import SIDES
from analysis.findings.summary import RunFacts, Verdicts, facts_of

ESTIMATE = ("value", "low", "high", "n", "chance", "missing")


def as_csv(rows: list[Comparison]) -> str:
    """The table as text: one row a line; a number that does not exist is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    sides = (*SIDES, "both")
    writer.writerow(["finding", "measure", "unit", *(f"{side}_{name}" for side in sides for name in ESTIMATE), "apart"])
    for row in rows:
        held = [(getattr(row, side) or Cell()).flat() for side in sides]
        cells = [_cell(each[name]) for each in held for name in ESTIMATE]
        writer.writerow([row.finding, row.measure, row.unit, *cells, "" if row.apart is None else int(row.apart)])
    return text.getvalue()


def _cell(value: Any) -> str:
    return "" if value is None or value != value else f"{value:.6g}" if isinstance(value, float) else str(value)


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
