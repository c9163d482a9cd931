"""Draw what the axes of a sweep do to its measures, with a report: `python -m analysis.sweep SWEEP`."""

import sys
from argparse import Namespace
from pathlib import Path

from analysis.core.command import analysis_parser, print_made


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = analysis_parser("sweep", __doc__)
    parser.add_argument(
        "sweep",
        metavar="SWEEP",
        help="directory of a collected sweep; or a sweep file or the name of a shipped one, whose directory is runs/sweeps/NAME",
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="directory to write into (default: the sweep's own)")
    return print_made(parser, arguments, _make)


def _make(chosen: Namespace) -> Path:
    from analysis.sweep.opened import find_sweep
    from analysis.sweep.report import write_sweep_report

    return write_sweep_report(find_sweep(chosen.sweep), chosen.out)


if __name__ == "__main__":
    sys.exit(main())
