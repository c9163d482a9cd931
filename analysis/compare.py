"""The mice's model and the agents side by side, in one page and one table: `python -m analysis.compare RUN_ACC RUN_MARL`."""

import argparse
import base64
import csv
import io
import json
import math
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from analysis.agents import AGENT_CLAIMS
from analysis.command import report_of
from analysis.definitions import as_html
from analysis.neural.stages import EARLY, LATE
from analysis.neural.verdicts import CELL_CLAIMS
from analysis.plots.side_by_side import alignment_figure, effects_figure, learning_figure, similarity_figure
from analysis.plots.style import save
from analysis.report import render
from analysis.systems import alignment, cka, conditions, differences, effects, similarity
from analysis.systems.acted_on import Acted, compared_acted, read_acted
from analysis.systems.alignment_rows import Table, alignment_table, compared_alignment
from analysis.systems.differences import Differences, Verdicts
from analysis.systems.learning import Learning, learning_of
from analysis.systems.representations import Represented, represent
from analysis.systems.rows import Cell, Comparison, compared
from analysis.systems.similarity import Similarity
from analysis.systems.similarity_rows import compared_similarity
from analysis.systems.system import SIDES, System, read_system
from analysis.verdicts import CLAIMS
from recording.atomic import write_text

ACTED_CLAIMS = {
    "F7": "Silencing lowers cooperation, and spares the rest",
    "F9": "Ablating the units that carry the partner costs cooperation, and matched units do not",
}
ALL_CLAIMS = dict(sorted((CLAIMS | CELL_CLAIMS | AGENT_CLAIMS | ACTED_CLAIMS).items(), key=lambda each: int(each[0][1:])))
ESTIMATE = ("value", "low", "high", "n", "chance", "missing")


@dataclass(frozen=True, eq=False)
class Compared:
    """Both systems with all that was read and measured. verdicts: by side and finding."""

    systems: dict[str, System]
    verdicts: dict[str, Verdicts]
    rows: list[Comparison]
    courses: dict[str, Learning]
    similarity: Similarity
    alignment: Table
    missing: list[str]
    differences: Differences


def compare(
    acc: Path, marl: Path, ablation_acc: list[Path], ablation_marl: list[Path], say: Callable[[str], None] = print
) -> Compared:
    """Read two runs as their reports left them, measure what needs both, and write nothing.

    ablation_*: runs that silence or ablate trained pairs of either.

    Raises
    ------
    UserError
        A directory is no run of its side, its report was not made, or a recording is damaged.
    """
    systems = {side: read_system(path, side) for side, path in zip(SIDES, (acc, marl), strict=True)}
    given = {"acc": ablation_acc, "marl": ablation_marl}
    acted = [read_acted(path, side) for side in SIDES for path in given[side]]
    represented = [each for system in systems.values() for each in represent(system, say)]
    settings, seed = systems["acc"].analysis.compare, systems["acc"].run.facts["seed"]
    alike = similarity.similarity(represented, settings, seed)
    table = alignment_table(represented, systems)
    rows = [*compared(systems["acc"], systems["marl"]), *compared_acted(acted)]
    rows = sorted(rows, key=lambda row: int(row.finding[1:]) if row.finding in ALL_CLAIMS else math.inf)
    rows += [*compared_similarity(alike), *compared_alignment(table)]
    verdicts = {side: _verdicts(system, acted) for side, system in systems.items()}
    return Compared(
        systems,
        verdicts,
        rows,
        {side: learning_of(system) for side, system in systems.items()},
        alike,
        table,
        _missing(systems, represented) + _of_others(systems, acted),
        differences.differences(verdicts["acc"], verdicts["marl"], rows),
    )


def _verdicts(system: System, acted: list[Acted]) -> Verdicts:
    found = dict(system.summary["verdicts"])
    for each in acted:
        found |= each.verdicts if each.side == system.side else {}
    return found


def _missing(systems: dict[str, System], represented: list[Represented]) -> list[str]:
    notes = [f"{system.name}: {system.lacks_cells}" for system in systems.values() if system.lacks_cells]
    notes += [f"{system.name}: {note}" for system in systems.values() for note in system.summary.get("missing", [])]
    notes += [f"{systems[e.side].name}, {e.stage}, pair {e.pair + 1}: {e.missing}" for e in represented if e.missing]
    for system in systems.values():
        if not any(each.side == system.side and each.stage == "before" for each in represented):
            notes.append(f"{system.name}: no recording before cooperative training holds activity; recording.rates keeps it")
        course = learning_of(system)
        if len(course.fraction) and course.half.value <= course.fraction[0]:
            notes.append(
                f"{system.name}: the first recorded session of cooperative training already has half of the late success above chance; "
                "early to late misses most of what was learned"
            )
    return notes


def _of_others(systems: dict[str, System], acted: list[Acted]) -> list[str]:
    """Silencing and ablations of pairs that another run trained: their numbers are shown, and that is said."""
    return [
        f"{each.run.path}: acts on pairs of another run ({', '.join(f'{key} {source[key]}' for key in keys)}), not on those compared"
        for each in acted
        for keys, source in [(("condition", "seed", "digest"), each.run.facts["source"])]
        if any(source[key] != systems[each.side].run.facts[key] for key in keys)
    ]


def write_comparison(
    acc: Path,
    marl: Path,
    out: Path | None = None,
    ablation_acc: list[Path] | None = None,
    ablation_marl: list[Path] | None = None,
    say: Callable[[str], None] = print,
) -> Path:
    """Compare two runs and write compare.html, compare.csv, compare.json and figures/; returns the page.

    out: directory, default `compare` within the run of the agents.

    Raises
    ------
    UserError
        As `compare`, or a file cannot be written.
    """
    found = compare(acc, marl, ablation_acc or [], ablation_marl or [], say)
    out = Path(out) if out else Path(marl) / "compare"
    out.mkdir(parents=True, exist_ok=True)
    (out / "figures").mkdir(exist_ok=True)
    write_text(out / "compare.csv", as_csv(found.rows))
    write_text(out / "compare.json", json.dumps(as_json(found), indent=2, allow_nan=False) + "\n")
    drawn = [
        (title, text, base64.b64encode(save(figure, out / "figures" / name)).decode(), name)
        for name, title, text, figure in _figures(found)
    ]
    page = out / "compare.html"
    write_text(page, render("compare.html.j2", **_page(found, drawn)))
    return page


def _figures(found: Compared) -> list[tuple[str, str, str, Figure]]:
    return [
        (
            "compare_learning",
            "Learning",
            "Thick: median over pairs with its interval; thin: pairs. One point a recorded session; what a session is differs.",
            learning_figure(found.courses),
        ),
        (
            "compare_effects",
            "What training changes",
            "Standardised paired difference from early to late, with its interval; tinted where the two do not overlap.",
            effects_figure(found.rows),
        ),
        (
            "compare_similarity",
            "Similarity of geometries",
            "CKA of every pair with every other, early and late in training; on the diagonal the two animals of a pair.",
            similarity_figure(found.similarity, (EARLY, LATE)),
        ),
        (
            "compare_alignment",
            "Own and partner on the same axes",
            "Overlap of the axes that carry the own animal and the partner. Large dots: median over pairs with its interval; small: pairs.",
            alignment_figure(found.alignment),
        ),
    ]


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


def _page(found: Compared, drawn: list[tuple[str, str, str, str]]) -> dict[str, Any]:
    texts = [("Standardised paired difference", effects.paired_effect), ("Conditions", conditions), ("Similarity", cka)]
    texts += [("What similarity is held against", similarity), ("Alignment of codes", alignment), ("What differs", differences)]
    names = list(dict.fromkeys([*ALL_CLAIMS, *found.verdicts["acc"], *found.verdicts["marl"]]))
    return {
        "systems": found.systems,
        "findings": [(name, ALL_CLAIMS.get(name, ""), [found.verdicts[side].get(name) for side in SIDES]) for name in names],
        "rows": found.rows,
        "figures": drawn,
        "missing": found.missing,
        "differences": found.differences,
        "definitions": [(name, as_html(each.__doc__)) for name, each in texts],
        "settings": found.systems["acc"].analysis.compare.model_dump(),
        "similarity": found.similarity,
    }


def _say(line: str) -> None:
    print(line, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m analysis.compare", description=(__doc__ or "").split(":")[0] + ".")
    parser.add_argument("acc", type=Path, metavar="RUN_ACC", help="directory of a run of the mice, with its report")
    parser.add_argument("marl", type=Path, metavar="RUN_MARL", help="directory of a run of the agents, with its report")
    parser.add_argument("--out", type=Path, default=None, metavar="DIR", help="where to write (default: RUN_MARL/compare)")
    for side, who in zip(SIDES, ("mice", "agents"), strict=True):
        text = f"runs that silence or ablate trained pairs of the {who}, with their reports"
        parser.add_argument(f"--ablation-{side}", type=Path, nargs="+", default=[], metavar="RUN", help=text)
    chosen = parser.parse_args(arguments)
    return report_of(
        lambda: write_comparison(chosen.acc, chosen.marl, chosen.out, chosen.ablation_acc, chosen.ablation_marl, _say)
    )


if __name__ == "__main__":
    sys.exit(main())
