"""What the command lines of tools on trained pairs share: arguments, and the run they work on."""

import argparse
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from params import ParameterError, Resolved
from params.command import Parser, add_workers, at_least
from params.load import resolve_tool
from sims.execution.runner import Done, running
from sims.store.manifest import Code, resumed
from sims.store.trained import TrainedRun, check_same_brain, open_trained

FOR_TWO = ("pathways", "shadow")  # tools whose measures are means over two mice


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


def add_run_arguments(parser: argparse.ArgumentParser, out: str) -> None:
    """Arguments of every command that writes a run; out: its directory unless told otherwise, in words."""
    parser.add_argument("--out", type=Path, help=f"directory to write into (default: {out})")
    add_workers(parser, "pairs to run")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help='change one parameter, such as body.bout="1 s"; may be given several times',
    )
    parser.add_argument("--quick", action="store_true", help="short sessions, to try a command out; takes a minute or two")
    parser.add_argument(
        "--resume",
        action="store_true",
        help="continue the unfinished run in --out; it keeps its parameters",
    )
    parser.add_argument("--dry-run", action="store_true", help="print the plan and stop")


def tool_parser(tool: str, description: str) -> Parser:
    """Arguments that every tool on trained pairs takes."""
    parser = Parser(prog=f"python -m sims.{tool}", description=description)
    parser.add_argument(
        "--from", type=Path, dest="source", metavar="RUN", required=True, help="directory of a finished training run"
    )
    parser.add_argument("--pairs", type=at_least(1), help="number of pairs to take from RUN (default: all)")
    add_run_arguments(parser, f"runs/{tool}_CONDITION_seedSEED")
    return parser


def work_of(tool: str, table: str, options: argparse.Namespace) -> Work:
    """Check what was asked of a tool whose parameters are the table called `table`.

    Raises
    ------
    UserError
        A number out of range, no such run, or parameters under which its brains could not have been built.
    """
    trained = open_trained(options.source)
    out = options.out or default_directory(tool, trained, options.quick)
    before = begun(out, options)
    pairs = options.pairs or (before[1]["pairs"] if before else trained.facts["pairs"])
    if pairs > trained.facts["pairs"]:
        raise ParameterError(f"--pairs = {pairs}: {options.source} has {trained.facts['pairs']}")
    if before and not changed(options):
        resolved = before[0]
    else:
        resolved = resolve_tool(options.source / "params.toml", table, options.set, options.quick)
    check_same_brain(trained, resolved.params)
    if tool in FOR_TWO and resolved.mouse.partner.kind == "signal":
        raise ParameterError(f"--from {options.source}: sims.{tool} is for pairs of mice, and their partner is a signal")
    return Work(trained, resolved, out, pairs, options.workers, options.resume, options.dry_run)


def default_directory(what: str, trained: TrainedRun, quick: bool) -> Path:
    """Directory of a run made from another."""
    return Path("runs") / f"{what}_{trained.facts['condition']}_seed{trained.facts['seed']}{'_quick' if quick else ''}"


def begun(run_dir: Path, options: argparse.Namespace) -> tuple[Resolved, dict[str, Any]] | None:
    """Parameters and manifest of the run that --resume goes on with, if one was begun there."""
    return resumed(run_dir) if options.resume and (run_dir / "run.json").exists() else None


def changed(options: argparse.Namespace) -> bool:
    """Whether the call says parameters of its own; otherwise a resumed run keeps its own."""
    return bool(options.set or options.quick)


def running_on(work: Work, code: Code) -> AbstractContextManager[Done]:
    """Work on the run of a tool, as of `running`."""
    made_of = {"source": work.trained.source}
    return running(work.run_dir, work.resolved, work.trained.facts["seed"], work.pairs, work.resume, code, made_of)
