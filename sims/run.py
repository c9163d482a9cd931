"""Run a condition: `python -m sims.run coop_075s`."""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import NoReturn

from analysis.report import write_report
from params import ParameterError, Resolved, list_conditions, resolve
from params.compiled import kernels_are_cached
from params.errors import UserError
from params.load import resolve_file
from recording.atomic import sweep_leftovers, write_text
from sims.cohort import run_cohort
from sims.progress import Progress
from sims.record import code_version
from sims.schedule import longest


class _Parser(argparse.ArgumentParser):
    """Argument errors in one line, like every other error."""

    def error(self, message: str) -> NoReturn:
        raise ParameterError(f"{message}; see python -m sims.run --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m sims.run",
        description="Train pairs of simulated mice in a condition and report what they learned.",
        epilog='example: python -m sims.run coop_075s --pairs 2 --set senses.partner_range="8 cm"',
    )
    parser.add_argument("condition", nargs="?", help="name of a condition; --list shows them")
    parser.add_argument("--list", action="store_true", help="print every condition with a line of what it is")
    parser.add_argument("--pairs", type=int, default=8, help="pairs of mice (default 8)")
    parser.add_argument("--seed", type=int, default=0, help="seed of everything random (default 0)")
    parser.add_argument("--out", type=Path, help="run directory (default runs/CONDITION_seedSEED)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="pairs run at a time (default: number of cores)")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help='change a parameter, such as body.bout="1 s"'
    )
    parser.add_argument("--quick", action="store_true", help="the same path with short sessions, under a minute")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --out where it stopped")
    parser.add_argument("--dry-run", action="store_true", help="say what would be run, and stop")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code: 0 done, 2 a mistake in what was given (one line on stderr), 130 interrupted."""
    try:
        return _main(_parser().parse_args(arguments))
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; every finished session is kept, --resume goes on", file=sys.stderr)
        return 130


def _main(options: argparse.Namespace) -> int:
    if options.list:
        width = max(len(name) for name in list_conditions())
        for name, description in list_conditions().items():
            print(f"{name:{width}s}  {description}")
        return 0
    if not options.condition:
        raise ParameterError(f"no condition given; allowed: {', '.join(list_conditions())}")
    for name in ("pairs", "workers"):
        if getattr(options, name) < 1:
            raise ParameterError(f"--{name} = {getattr(options, name)}: must be at least 1")
    if options.seed < 0:
        raise ParameterError(f"--seed = {options.seed}: must be 0 or more")
    resolved = resolve(options.condition, options.set, options.quick)
    if options.dry_run:
        _print_plan(resolved, options.pairs)
        return 0
    run_dir = options.out or Path("runs") / f"{options.condition}_seed{options.seed}{'_quick' if options.quick else ''}"
    run(run_dir, resolved, options.seed, options.pairs, options.workers, options.resume)
    return 0


def _print_plan(resolved: Resolved, pairs: int) -> None:
    print(f"{resolved.condition}, {pairs} pairs, parameters {resolved.digest}")
    hours = 0.0
    for name, phase, phase_hours in longest(resolved.params.schedule):
        at_most = " at most" if phase.until_rewards_per_min else ""
        print(
            f"  {name:18s} {phase.sessions:3d} sessions{at_most}, {phase.task}, window {phase.window_s:g} s, {phase.divider} divider, "
            f"{'plastic' if phase.plastic else 'frozen'}"
        )
        hours += phase_hours
    decisions = hours * 3600.0 / resolved.params.time.decision_s * pairs
    print(f"  {hours:g} h of mouse time a pair, {decisions:.3g} decisions in all")


def run(run_dir: Path, resolved: Resolved, seed: int, pairs: int, workers: int, resume: bool) -> None:
    """Simulate a cohort into a run directory and write its report.

    Raises
    ------
    UserError
        If the directory holds another run, or one that `resume` was not asked to continue, or cannot be written.
    """
    manifest = _open_run(run_dir, resolved, seed, pairs, resume)
    if not kernels_are_cached():
        print("compiling kernels (once, about a minute)", flush=True)
    begun = time.monotonic()
    with Progress(resolved.params.schedule, pairs) as progress:
        decisions = run_cohort(run_dir, resolved, seed, pairs, workers, progress)
    manifest["decisions"] += decisions
    manifest["wall_s"] += time.monotonic() - begun
    manifest["complete"] = True
    _write_manifest(run_dir, manifest)
    print("analysing", flush=True)
    print(f"report: {write_report(run_dir, behaviour_only=True)}; its cells: python -m analysis.report {run_dir}")


def _open_run(run_dir: Path, resolved: Resolved, seed: int, pairs: int, resume: bool) -> dict:
    path = run_dir / "run.json"
    manifest = {
        "condition": resolved.condition,
        "seed": seed,
        "pairs": pairs,
        "digest": resolved.digest,
        "code_version": code_version(),
        "decisions": 0,
        "wall_s": 0.0,
        "complete": False,
    }
    if not path.exists():
        if run_dir.exists() and not run_dir.is_dir():
            raise UserError(f"{run_dir}: is a file; choose another --out")
        if run_dir.exists() and any(run_dir.iterdir()):
            raise UserError(f"{run_dir}: is not empty and holds no run; choose another --out")
        write_text(run_dir / "params.toml", resolved.text)
        _write_manifest(run_dir, manifest)
        return manifest
    if not resume:
        raise UserError(f"{run_dir}: holds a run already; --resume goes on with it, --out starts another")
    stored = _read_manifest(path)
    for key in ("condition", "seed", "pairs", "digest", "code_version"):
        if stored.get(key) != manifest[key]:
            raise UserError(f"{path}: {key} = {stored.get(key)!r}, but this call has {manifest[key]!r}; --resume needs the same")
    resolve_file(run_dir / "params.toml", resolved.condition)
    sweep_leftovers(run_dir)
    return stored


def _read_manifest(path: Path) -> dict:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: cannot be read ({error})") from None


def _write_manifest(run_dir: Path, manifest: dict) -> None:
    write_text(run_dir / "run.json", json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
