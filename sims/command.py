"""What the command lines of tools on trained pairs share: arguments, one-line errors, exit codes, and the run they work on."""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from params import ParameterError, Resolved
from params.errors import UserError
from params.load import resolve_tool
from sims.trained import TrainedRun, check_same_brain, open_trained


class Parser(argparse.ArgumentParser):
    """Argument errors in one line, like every other error."""

    def error(self, message: str) -> NoReturn:
        raise ParameterError(f"{message}; see {self.prog} --help")


@dataclass(frozen=True)
class Work:
    """What a tool is asked to do: on how many pairs of which run, under which parameters, into which directory."""

    trained: TrainedRun
    resolved: Resolved
    run_dir: Path
    pairs: int
    workers: int
    resume: bool
    dry_run: bool


def tool_parser(tool: str, description: str) -> Parser:
    """Arguments that every tool on trained pairs takes."""
    parser = Parser(prog=f"python -m sims.{tool}", description=description)
    parser.add_argument("--from", type=Path, dest="source", metavar="RUN", required=True, help="finished run with trained pairs")
    parser.add_argument("--out", type=Path, help="run directory (default runs/TOOL_CONDITION_seedSEED)")
    parser.add_argument("--pairs", type=int, help="pairs of the run to work on (default all)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="pairs run at a time (default: number of cores)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change a parameter")
    parser.add_argument("--quick", action="store_true", help="the same path with short sessions")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --out where it stopped")
    parser.add_argument("--dry-run", action="store_true", help="say what would be run, and stop")
    return parser


def work_of(tool: str, table: str, options: argparse.Namespace) -> Work:
    """Check what was asked of a tool whose parameters are the table called `table`.

    Raises
    ------
    UserError
        A number out of range, no such run, or parameters under which its brains could not have been built.
    """
    for name in ("pairs", "workers"):
        if (value := getattr(options, name)) is not None and value < 1:
            raise ParameterError(f"--{name} = {value}: must be at least 1")
    trained = open_trained(options.source)
    pairs = options.pairs or trained.facts["pairs"]
    if pairs > trained.facts["pairs"]:
        raise ParameterError(f"--pairs = {pairs}: {options.source} has {trained.facts['pairs']}")
    resolved = resolve_tool(options.source / "params.toml", table, options.set, options.quick)
    check_same_brain(trained, resolved.params)
    name = f"{tool}_{trained.facts['condition']}_seed{trained.facts['seed']}{'_quick' if options.quick else ''}"
    out = options.out or Path("runs") / name
    return Work(trained, resolved, out, pairs, options.workers, options.resume, options.dry_run)


def guarded(command: Callable[[], None]) -> int:
    """Exit code of a command: 0 done, 2 a mistake in what was given (one line on stderr), 130 interrupted."""
    try:
        command()
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; everything finished is kept, --resume goes on", file=sys.stderr)
        return 130
    return 0
