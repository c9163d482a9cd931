"""Analyse a run of any kind and write its tables, figures and report: `python -m analysis.report RUN`."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from analysis.core.command import add_report_arguments, analysis_parser, print_made
from analysis.core.run import open_run
from analysis.neural.inputs.signals import KNOWN
from params import ParameterError


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = analysis_parser("report", __doc__)
    parser.add_argument("run", type=Path, metavar="RUN", help="directory of a run, as a command of sims writes it")
    add_report_arguments(parser, "sessions to read and score")
    parser.add_argument(
        "--behaviour-only", action="store_true", help="training runs only: do not analyse the cells, which takes minutes"
    )
    parser.add_argument(
        "--signals",
        nargs="+",
        choices=list(KNOWN),
        metavar="SIGNAL",
        help=f"training runs only: activity of the cells to analyse, of {', '.join(KNOWN)} (default: rate and dff; agents: activity)",
    )
    return print_made(parser, arguments, _make)


def _make(chosen: argparse.Namespace) -> Path:
    facts = open_run(chosen.run).facts
    if "source" in facts:
        if chosen.behaviour_only or chosen.signals:
            raise ParameterError(f"--behaviour-only, --signals: {chosen.run} acts on trained pairs; these are for training runs")
        return _writer(facts["condition"])(chosen.run, chosen.workers, chosen.out)
    from analysis.report.training import write_report

    signals = {name: KNOWN[name] for name in chosen.signals} if chosen.signals else None
    return write_report(chosen.run, chosen.workers, chosen.behaviour_only, signals, chosen.out, _say)


def _writer(condition: str) -> Callable[[Path, int, Path | None], Path]:
    """What writes the report of a run made from trained pairs; of a condition that is no tool's, the report of a silencing."""
    if condition == "ablation":
        from analysis.report.ablation import write_ablation_report as write
    elif condition == "pathways":
        from analysis.report.pathways import write_pathways_report as write
    elif condition == "shadow":
        from analysis.report.shadow import write_shadow_report as write
    else:
        from analysis.report.silencing import write_silencing_report as write
    return write


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
