"""Compare mice, agents, experiments and published numbers, in one page: `python -m analysis.compare RUN RUN`, or `RUN --published`.

A run of model mice and one of agents are compared in every finding. Anything else (experiments, session totals, other runs) is compared
in what the sides hold.
"""

import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from analysis.core.command import analysis_parser, print_made
from analysis.core.document import write_document
from analysis.core.run import open_run
from params.errors import ParameterError
from params.published import published_numbers
from recording.atomic import write_text
from recording.table import write_table


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
    from analysis.comparison.comparison import compare
    from analysis.comparison.output import COMPARE, compare_table, summarise
    from analysis.report.comparison import page_of, write_figures

    found = compare(acc, marl, ablation_acc or [], ablation_marl or [], say)
    out = Path(out) if out else Path(marl) / "compare"
    write_table(out / COMPARE.file, compare_table(found.rows), COMPARE)
    write_document(out / "compare.json", summarise(found))
    page = out / "compare.html"
    write_text(page, page_of(found, write_figures(found, out / "figures")))
    return page


def write_sides(paths: list[Path], published: bool, out: Path | None = None, say: Callable[[str], None] = print) -> Path:
    """Compare sides and write compare.html, sides.csv, distances.csv, values.csv and figures/; returns the page.

    Parameters
    ----------
    paths : runs, experiments and directories of session totals; the others are held against the first
    published : whether published numbers stand beside them
    out : directory, default `compare` within the first
    say : is told how it goes

    Raises
    ------
    UserError
        A directory is none of these, is given twice or is damaged, or a file cannot be written.
    """
    from analysis.comparison.sides.beside import beside
    from analysis.comparison.sides.compared import compare_sides
    from analysis.comparison.sides.read import read_sides
    from analysis.comparison.sides.tables import DISTANCES, SIDES, VALUES, distances_table, sides_table, values_table
    from analysis.report.sides import page_of_sides, write_side_figures

    found = compare_sides(read_sides(paths), say)
    out = Path(out) if out else paths[0] / "compare"
    write_table(out / SIDES.file, sides_table(found), SIDES)
    write_table(out / DISTANCES.file, distances_table(found), DISTANCES)
    write_table(out / VALUES.file, values_table(found), VALUES)
    page, numbers = out / "compare.html", beside(published_numbers(), found.rows, len(paths)) if published else []
    write_text(page, page_of_sides(found, numbers, write_side_figures(found, out / "figures")))
    return page


def _are_mice_and_agents(paths: list[Path]) -> bool:
    """Whether these are one run of model mice and one of agents, in either order."""
    from analysis.comparison.sides.of_run import kind_of
    from analysis.comparison.sides.read import is_totals
    from analysis.comparison.sides.side import AGENTS, MICE

    if len(paths) != 2 or any(is_totals(path) for path in paths):
        return False
    return {kind_of(open_run(path)) for path in paths} == {MICE, AGENTS}


def _write(chosen: Namespace) -> Path:
    if not chosen.published and _are_mice_and_agents(chosen.runs):
        acc, marl = chosen.runs
        return write_comparison(acc, marl, chosen.out, chosen.ablation_acc, chosen.ablation_marl, _say)
    if chosen.ablation_acc or chosen.ablation_marl:
        raise ParameterError("--ablation-acc and --ablation-marl belong to a run of model mice and one of agents; give these two")
    if len(chosen.runs) == 1 and not chosen.published:
        raise ParameterError("one directory only; give another, or --published")
    return write_sides(chosen.runs, chosen.published, chosen.out, _say)


def _say(line: str) -> None:
    print(line, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = analysis_parser("compare", __doc__)
    parser.add_argument(
        "runs",
        type=Path,
        nargs="+",
        metavar="RUN",
        help="directories of runs, of experiments, or with outcomes.csv; the first is the model",
    )
    parser.add_argument("--published", action="store_true", help="set them beside published numbers (params/published.toml)")
    parser.add_argument(
        "--out", type=Path, default=None, metavar="DIR",
        help="directory to write into (default: compare, in the run of agents beside mice, else in the first directory)",
    )  # fmt: skip
    for side, who in (("acc", "mice"), ("marl", "agents")):
        text = f"runs that silence or ablate trained pairs of the {who}, with their reports"
        parser.add_argument(f"--ablation-{side}", type=Path, nargs="+", default=[], metavar="RUN", help=text)
    return print_made(parser, arguments, _write)


if __name__ == "__main__":
    sys.exit(main())
