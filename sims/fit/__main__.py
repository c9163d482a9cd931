"""Fit parameters of the model to an experiment: `python -m sims.fit EXPERIMENT --free body.speed_median="8 cm/s:18 cm/s"`."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from compute.cores import allotted_cores
from params import ParameterError, list_conditions, resolve
from params.command import Parser, at_least, command_line, guarded
from params.errors import UserError
from params.load import BASES
from params.schema.grid import GridParameters
from params.sweep import SweepFile, read_sweep
from sims.fit.bank import bank_file, same_but_points, with_points
from sims.sweep.growth import begin, grown
from sims.sweep.local import play_here
from sims.sweep.point import Point, points_of
from sims.sweep.status import status_of
from sims.sweep.store import SweepDirectory

if TYPE_CHECKING:
    from analysis.fit.experiment import Experiment

POINTS = 128


def main(arguments: list[str] | None = None) -> int:
    """Command line; the exit code, as of `guarded`."""
    return guarded(lambda: _fit(_parser().parse_args(arguments)))


def _parser() -> Parser:
    parser = Parser(
        prog="python -m sims.fit",
        description="Fit a few parameters of the model to the behaviour of an experiment. Many points of the parameters are "
        "simulated, as a sweep that may be stopped and resumed; those most like the experiment give the posterior.",
    )
    parser.add_argument("experiment", type=Path, metavar="EXPERIMENT", help="run directory with a report: simulated or imported")
    parser.add_argument(
        "--free",
        action="append",
        default=[],
        metavar="KEY=LOW:HIGH",
        help='parameter to fit and the bounds of its prior, such as body.bout="0.2 s:1 s"; :log at the end spreads it evenly in '
        "the logarithm; may be given several times",
    )
    parser.add_argument("--condition", metavar="NAME", help="condition to simulate (default: the experiment's own)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change a parameter of every point")
    parser.add_argument("--quick", action="store_true", help="simulate short sessions")
    parser.add_argument(
        "--points",
        type=at_least(2),
        metavar="N",
        help=f"points to simulate, a power of two (default: {POINTS}); may grow with --resume",
    )
    parser.add_argument(
        "--statistics",
        nargs="+",
        default=[],
        metavar="NAME",
        help="summary statistics, names or patterns (default: of behaviour)",
    )
    parser.add_argument("-o", "--out", type=Path, metavar="DIR", help="directory of the fit (default: runs/fits/EXPERIMENT)")
    parser.add_argument("--resume", action="store_true", help="go on with the fit in DIR, or infer anew from its points")
    parser.add_argument("--mixed", action="store_true", help="go on although points were computed by another version of the code")
    parser.add_argument("--begin", action="store_true", help="write the sweep into DIR and stop: a cluster plays its points")
    parser.add_argument("--dry-run", action="store_true", help="print the plan and stop")
    parser.add_argument(
        "--workers",
        type=at_least(1),
        default=allotted_cores(),
        metavar="N",
        help="points at the same time (default: one for each core allotted, %(default)s)",
    )
    return parser


def _fit(options: argparse.Namespace) -> None:
    from analysis.fit.experiment import read_experiment

    experiment = read_experiment(options.experiment)
    directory = SweepDirectory(options.out or Path("runs/fits") / options.experiment.resolve().name)
    if directory.exists and not options.resume:
        raise UserError(f"{directory.path}: holds a fit already; --resume goes on with it, -o begins another")
    file, quick = (_kept if directory.exists else _new)(options, experiment, directory)
    if options.dry_run:
        _print_plan(file, points_of(file, quick))
        return
    if directory.exists:
        grown(file, directory, quick, options.mixed)
    else:
        begin(file, directory, quick)
    if options.begin:
        sweep, short = directory.path / "sweep.toml", " --quick" if quick else ""
        print(f"{command_line('sims.sweep resume', sweep)} --out {directory.path}{short} plays the points, on a cluster too")
        return
    _play(file, directory, options.workers)
    from analysis.report.fit import write_fit_report
    from sims.sweep.collect import collect

    for note in collect(directory, mixed=options.mixed).notes:
        print(f"note: {note}")
    print(f"report: {write_fit_report(directory.path, quick, experiment, options.statistics)}")


def _new(options: argparse.Namespace, experiment: "Experiment", directory: SweepDirectory) -> tuple[SweepFile, bool]:
    """The bank that is asked for; whether its sessions are short."""
    if not options.free:
        raise ParameterError("--free: say what is to be fitted, key=low:high")
    condition = options.condition or experiment.condition
    if not options.condition and condition not in list_conditions():
        raise ParameterError(
            f"{options.experiment}: was made under {condition!r}, which cannot be simulated; --condition says what to simulate"
        )
    on_grid = isinstance(resolve(condition, options.set, options.quick).params, GridParameters)
    unit = BASES["grid" if on_grid else "mouse"].clock
    if unit != experiment.time_unit:
        raise ParameterError(f"{options.experiment}: counts time in {experiment.time_unit}, {condition} in {unit}")
    points = options.points or POINTS
    file = bank_file(directory.path, condition, experiment.pairs, points, options.free, options.set, options.quick)
    return file, options.quick


def _kept(options: argparse.Namespace, experiment: "Experiment", directory: SweepDirectory) -> tuple[SweepFile, bool]:
    """The bank that was begun, with as many points as are asked for; whether its sessions are short."""
    begun, quick = read_sweep(directory.path / "sweep.toml").sweep, bool(directory.facts()["quick"])
    if begun.sample is None:
        raise UserError(f"{directory.path}: holds a sweep that is no fit; -o begins a fit elsewhere")
    points = options.points or begun.sample.points
    if points < begun.sample.points:
        raise ParameterError(f"--points = {points}: the fit has {begun.sample.points} already")
    if options.free or options.set or options.condition or options.quick:
        asked, short = _new(options, experiment, directory)
        if not same_but_points(asked.sweep, begun) or short != quick:
            raise UserError(
                f"{directory.path}: was begun with other parameters; leave out --free, --set, --condition and --quick, or -o begins another"
            )
    return with_points(directory.path, begun, points), quick


def _print_plan(file: SweepFile, points: list[Point]) -> None:
    print(f"{len(points)} points of {file.sweep.condition}, {file.sweep.pairs} pairs each, in {file.path.parent}")
    for key, bounds in (file.sweep.sample.within if file.sweep.sample else {}).items():
        print(f"  {key}: {bounds.least} to {bounds.most}{', evenly in the logarithm' if bounds.scale == 'log' else ''}")


def _play(file: SweepFile, directory: SweepDirectory, workers: int) -> None:
    """Play what is missing; points that fail are left out of the fit, and said."""
    status = status_of(directory, directory.points())
    if status.pending:
        print(f"{len(status.pending)} points, {min(workers, len(status.pending))} at a time, into {directory.path}", flush=True)
        play_here(directory, file.sweep, status.pending, workers)
    left = status_of(directory, directory.points())
    for point in [*left.failed, *left.parked]:
        print(f"note: point {point.number} ({point.label}) failed: {left.failures[point.id].error}")


if __name__ == "__main__":
    sys.exit(main())
