"""Lines of the comparison on representational similarity."""

from analysis.comparison.readers import Cell
from analysis.comparison.representations import STAGES
from analysis.comparison.rows import Comparison
from analysis.comparison.similarity import BETWEEN, CROSSED, UNTRAINED, Similarity

FEW = "fewer than two recordings with activity that share enough conditions"
WHO = {"acc": "mice", "marl": "agents"}


def compared_similarity(found: Similarity) -> list[Comparison]:
    """Within each system by stage (its ceiling), then between systems, of the ceiling, and what training changed."""
    rows = []
    for stage in STAGES:
        cells = [_cell(found, (side, stage), (side, stage)) for side in WHO]
        if any(each.estimate.n for each in cells):
            rows.append(Comparison("similarity", f"CKA between pairs of one system, {stage}", "CKA", *cells))
    for first, second in (*BETWEEN, *UNTRAINED, *CROSSED):
        text = f"CKA of {WHO[first[0]]} {first[1]} and {WHO[second[0]]} {second[1]}"
        rows.append(Comparison("similarity", text, "CKA", both=_cell(found, first, second)))
    rows += [
        Comparison("similarity", f"CKA between systems over the ceiling, {k}", "ratio", both=Cell(v, 0.0))
        for k, v in found.of_ceiling.items()
    ]
    rows += [
        Comparison("similarity", f"change of CKA between systems: {k}", "CKA", both=Cell(v, 0.0, "" if v.n else FEW))
        for k, v in found.changes.items()
    ]
    return rows


def _cell(found: Similarity, first: tuple[str, str], second: tuple[str, str]) -> Cell:
    block = found.block(first, second)
    if block is None or not block.value.n:
        return Cell(missing=FEW)
    return Cell(block.value, block.chance)
