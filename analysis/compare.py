"""Compare a run of the mice with a run of the agents, in one page and one table: `python -m analysis.compare RUN_ACC RUN_MARL`."""

import sys
from collections.abc import Callable
from pathlib import Path

from analysis.comparison.comparison import compare
from analysis.comparison.output import COMPARE, compare_table, summarise
from analysis.comparison.system import SIDES
from analysis.core.command import analysis_parser, print_made
from analysis.core.document import write_document
from analysis.report.comparison import page_of, write_figures
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
    found = compare(acc, marl, ablation_acc or [], ablation_marl or [], say)
    out = Path(out) if out else Path(marl) / "compare"
    write_table(out / COMPARE.file, compare_table(found.rows), COMPARE)
    write_document(out / "compare.json", summarise(found))
    page = out / "compare.html"
    write_text(page, page_of(found, write_figures(found, out / "figures")))
    return page


def _say(line: str) -> None:
    print(line, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = analysis_parser("compare", __doc__)
    parser.add_argument("acc", type=Path, metavar="RUN_ACC", help="directory of a training run of the mice, with its report")
    parser.add_argument("marl", type=Path, metavar="RUN_MARL", help="directory of a training run of the agents, with its report")
    parser.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="directory to write into (default: RUN_MARL/compare)"
    )
    for side, who in zip(SIDES, ("mice", "agents"), strict=True):
        text = f"runs that silence or ablate trained pairs of the {who}, with their reports"
        parser.add_argument(f"--ablation-{side}", type=Path, nargs="+", default=[], metavar="RUN", help=text)
    return print_made(
        parser,
        arguments,
        lambda chosen: write_comparison(chosen.acc, chosen.marl, chosen.out, chosen.ablation_acc, chosen.ablation_marl, _say),
    )


if __name__ == "__main__":
    sys.exit(main())
