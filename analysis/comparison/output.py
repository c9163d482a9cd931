"""The table of a comparison as compare.csv, and all of it as compare.json."""

import csv
import io
import math
from dataclasses import asdict
from typing import Any

from analysis.comparison.comparison import Compared
from analysis.comparison.rows import Cell, Comparison
from analysis.comparison.system import SIDES

ESTIMATE = ("value", "low", "high", "n", "chance", "missing")


def as_csv(rows: list[Comparison]) -> str:
    """The table as text: one row a line; a number that does not exist is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    sides = (*SIDES, "both")
    writer.writerow(["finding", "measure", "unit", *(f"{side}_{name}" for side in sides for name in ESTIMATE), "apart"])
    for row in rows:
        held = [(getattr(row, side) or Cell()).as_json() for side in sides]
        cells = [_cell(each[name]) for each in held for name in ESTIMATE]
        writer.writerow([row.finding, row.measure, row.unit, *cells, "" if row.apart is None else int(row.apart)])
    return text.getvalue()


def _cell(value: Any) -> str:
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def as_json(found: Compared) -> dict[str, Any]:
    """What compare.json holds; null where something was not measured."""
    keys = ("condition", "seed", "pairs", "digest", "code_version")
    return {
        "runs": {side: {key: system.run.facts[key] for key in keys} for side, system in found.systems.items()},
        "verdicts": found.verdicts,
        "differences": asdict(found.differences),
        "rows": [
            {"finding": row.finding, "measure": row.measure, "unit": row.unit, "apart": row.apart}
            | {side: cell.as_json() for side in (*SIDES, "both") if (cell := getattr(row, side)) is not None}
            for row in found.rows
        ],
        "similarity": [
            {"first": each.first, "second": each.second, "p_value": None if math.isnan(each.p_value) else each.p_value}
            | Cell(each.value, each.chance).as_json()
            for each in found.similarity.blocks
        ],
        "alignment": [
            {"side": side, "stage": stage, "code": code, "p_value": None if math.isnan(each.p_value) else each.p_value}
            | Cell(each.overlap, each.chance).as_json()
            | {"cosine": each.cosine.as_json(), "reliability": each.reliability.as_json()}
            for (side, stage, code), each in found.alignment.items()
            if each is not None
        ],
        "missing": found.missing,
    }
