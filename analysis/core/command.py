"""What the command lines of the analysis share."""

from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from params.command import Parser, add_workers, guarded


def analysis_parser(module: str, doc: str | None) -> Parser:
    """Parser of `python -m analysis.MODULE`, described by the first clause of the module's docstring."""
    return Parser(prog=f"python -m analysis.{module}", description=(doc or "").split(":")[0] + ".")


def add_report_arguments(parser: Parser, what: str) -> None:
    """Arguments of every report of one run, whose threads do so many of `what` at the same time."""
    parser.add_argument("--out", type=Path, metavar="DIR", help="directory to write into (default: the run's own)")
    add_workers(parser, what)


def print_made(parser: Parser, arguments: Sequence[str] | None, make: Callable[[Namespace], Path]) -> int:
    """Read the arguments and print the file that `make` writes of them; the exit code, as of `guarded`."""
    return guarded(lambda: print(make(parser.parse_args(arguments)), flush=True), kept="what was written stays")
