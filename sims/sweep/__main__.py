"""Parameter sweeps: `python -m sims.sweep run sensory_range`."""

import argparse
import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from compute.cores import allotted_cores
from params.cluster import Cluster, read_cluster
from params.command import Parser, at_least, guarded
from params.errors import ParameterError, UserError
from params.sweep import SweepFile, list_sweeps, read_sweep
from sims.store.run_lock import is_held, locked
from sims.sweep import plan
from sims.sweep.cluster.scheduler import was_submitted
from sims.sweep.cluster.slurm import Slurm
from sims.sweep.growth import begin, grown
from sims.sweep.local import play_here
from sims.sweep.outcome import Outcome
from sims.sweep.point import Point, points_of
from sims.sweep.status import in_words, status_of
from sims.sweep.store import DEBUG, SweepDirectory

FAILED = 1  # exit code if a point failed
SHOWN = 10  # points that --dry-run prints


def main(arguments: list[str] | None = None) -> int:
    """Command line; the exit code: as `guarded`, and 1 if a point failed."""
    code = 0

    def command() -> None:
        nonlocal code
        options = _parser().parse_args(arguments)
        code = options.command(options) or 0

    return guarded(command, "everything finished is kept, python -m sims.sweep resume goes on") or code


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m sims.sweep",
        description="Run many points of a parameter sweep, here or on a cluster. All that is known of a sweep is in files: "
        "nothing needs to stay alive, and a sweep that was stopped goes on with resume.",
        epilog="examples: python -m sims.sweep run sensory_range; python -m sims.sweep status sensory_range; "
        "python -m sims.sweep point my_sweep.toml 17",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[argparse.Namespace], int | None], words: str) -> argparse.ArgumentParser:
        each = commands.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
        each.prog = f"python -m sims.sweep {name}"
        each.set_defaults(command=command)
        if name != "list":
            each.add_argument("file", metavar="FILE", help="sweep file, or the name of a shipped sweep")
            each.add_argument("--out", type=Path, metavar="DIR", help="directory of the sweep (default: runs/sweeps/NAME)")
            each.add_argument("--quick", action="store_true", help="short sessions, to try a sweep out")
        return each

    add("list", _list, "print the shipped sweeps")
    run = add("run", _run, "begin a sweep and play its points")
    run.add_argument("--dry-run", action="store_true", help="print the points and stop")
    resume = add("resume", _resume, "play what is missing; a sweep file that has grown adds its points")
    resume.add_argument("--failed", action="store_true", help="only points that have failed, parked ones too")
    for each in (run, resume):
        _add_workers(each)
        each.add_argument(
            "--engine",
            choices=("local", "slurm"),
            default="local",
            help="play points here, or submit them (default: %(default)s)",
        )
        each.add_argument("--cluster", metavar="FILE", help="cluster file, or the name of a shipped one; for --engine slurm")
    add("status", _status, "say how far a sweep is, and what failed")
    cancelled = add("cancel", _cancel, "end what a cluster has yet to finish; resume submits it again")
    cancelled.add_argument("--points", nargs="+", type=at_least(0), metavar="N", help="numbers of points (default: all)")
    collected = add("collect", _collect, "write what is finished as a table")
    collected.add_argument("--csv", action="store_true", help="write table.csv, though table.parquet could be written")
    collected.add_argument("--mixed", action="store_true", help="put results of several versions of the code into one table")
    point = add("point", _point, "play one point here, in this process, for a debugger; its result is shown and not kept")
    point.add_argument("number", type=at_least(0), metavar="N", help="number of the point")
    planned = add("plan", _plan, "measure a few points, which count, and say what the whole sweep will cost")
    planned.add_argument("--measure", type=at_least(0), default=2, metavar="N", help="points to play first (default: 2)")
    _add_workers(planned)
    return parser


def _add_workers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--workers",
        type=at_least(1),
        default=allotted_cores(),
        metavar="N",
        help="points at the same time (default: one for each core allotted, %(default)s)",
    )
    parser.add_argument("--mixed", action="store_true", help="go on although results were made by another version of the code")


def _opened(options: argparse.Namespace) -> tuple[SweepFile, SweepDirectory]:
    """The sweep file, and the directory of the sweep."""
    file = read_sweep(options.file)
    suffix = "_quick" if options.quick else ""
    return file, SweepDirectory(options.out or Path("runs/sweeps") / f"{file.name}{suffix}")


def _list(_: argparse.Namespace) -> None:
    sweeps = list_sweeps()
    width = max(map(len, sweeps), default=0)
    for name, description in sweeps.items():
        print(f"{name:{width}s}  {description}")


def _run(options: argparse.Namespace) -> int:
    file, directory = _opened(options)
    cluster = _cluster(options)
    if options.dry_run:
        _print_points(file, points_of(file, options.quick))
        return 0
    begin(file, directory, options.quick)
    if cluster is not None:
        return _submitted(directory, directory.points(), cluster)
    return _played(file, directory, directory.points(), options)


def _cluster(options: argparse.Namespace) -> Cluster | None:
    """What points are to be submitted to, None if they are played here."""
    if options.engine == "local":
        if options.cluster is not None:
            raise ParameterError(f"--cluster {options.cluster}: is for --engine slurm")
        return None
    if options.cluster is None:
        raise ParameterError("--engine slurm: say what tasks may use, --cluster FILE; python -m sims.sweep run --help")
    return read_cluster(options.cluster)


def _submitted(directory: SweepDirectory, points: list[Point], cluster: Cluster, failed: bool = False) -> int:
    """Submit to SLURM what is missing of some points; the exit code."""
    with locked(directory.path):  # two that submit at the same time would both submit all
        chosen, parked = _chosen(directory, points, _queued(directory), failed)
        chosen = [point for point in chosen if not is_held(directory.work(point))]
        if not chosen:
            print("nothing to submit")
            return FAILED if parked else 0
        submission = Slurm().submit(directory, chosen, cluster)
    tasks, jobs = len(submission.tasks), ", ".join(each.id for each in submission.jobs)
    print(f"{len(chosen)} points submitted in {tasks} tasks, job {jobs}; python -m sims.sweep status says how far they are")
    return 0


def _queued(directory: SweepDirectory) -> set[str]:
    """Ids of points that a cluster has yet to finish; none of a sweep that was never submitted."""
    return Slurm().queued(directory) if was_submitted(directory) else set()


def _resume(options: argparse.Namespace) -> int:
    file, directory = _opened(options)
    cluster = _cluster(options)
    points = grown(file, directory, options.quick, options.mixed)
    if cluster is not None:
        return _submitted(directory, points, cluster, options.failed)
    try:
        queued = _queued(directory)
    except UserError as error:
        queued = set()  # locks keep two processes from one point
        print(f"note: the queue is not known: {error}", flush=True)
    chosen, parked = _chosen(directory, points, queued, options.failed)
    return _played(file, directory, chosen, options) or (FAILED if parked else 0)


def _chosen(directory: SweepDirectory, points: list[Point], queued: set[str], failed: bool) -> tuple[list[Point], int]:
    """Points to play, and how many are parked and left alone. failed: only those that have failed, whose failures are forgotten."""
    status = status_of(directory, points, queued)
    if failed:
        chosen = [*status.failed, *status.parked]
        directory.forgive(point.id for point in chosen)
        return chosen, 0
    if status.parked:
        print(f"{len(status.parked)} points are parked after three failures; resume --failed tries them again", flush=True)
    return status.pending, len(status.parked)


def _played(file: SweepFile, directory: SweepDirectory, points: list[Point], options: argparse.Namespace) -> int:
    """Play points here; the exit code."""
    if not points:
        print(f"nothing to do; python -m sims.sweep collect {options.file} makes the table")
        return 0
    print(
        f"{len(points)} points of {file.name}, {min(options.workers, len(points))} at a time, into {directory.path}", flush=True
    )
    return _said(directory, play_here(directory, file.sweep, points, options.workers))


def _said(directory: SweepDirectory, counted: Counter[Outcome]) -> int:
    """Say how points went; the exit code."""
    tried, failed = sum(counted.values()), counted[Outcome.FAILED]
    if not failed:
        return 0
    which = "all points" if failed == tried else f"{failed} of {tried} points"
    print(f"error: {which} failed; their errors are in {directory.failed}, resume tries them again", file=sys.stderr)
    return FAILED


def _status(options: argparse.Namespace) -> None:
    _, directory = _opened(options)
    unknown = ""
    try:
        queued = _queued(directory)
    except UserError as error:
        queued, unknown = set(), f"  the queue is not known: {error}"
    for line in in_words(directory, status_of(directory, directory.points(), queued), allotted_cores()):
        print(line)
    if unknown:
        print(unknown)


def _cancel(options: argparse.Namespace) -> None:
    _, directory = _opened(options)
    points = directory.points()
    asked = options.points or []
    if max(asked, default=0) >= len(points):
        raise ParameterError(f"--points {max(asked)}: the sweep has points 0 to {len(points) - 1}")
    if not was_submitted(directory):
        raise UserError(f"{directory.path}: was not submitted to a cluster; Ctrl-C stops a sweep that runs here")
    ended = Slurm().cancel(directory, [points[number] for number in asked] or None)
    print(f"{ended} tasks ended; python -m sims.sweep resume submits what is missing")


def _collect(options: argparse.Namespace) -> None:
    from sims.sweep.collect import collect

    _, directory = _opened(options)
    collected = collect(directory, options.csv, options.mixed)
    for path in collected.files:
        print(path)
    missing = collected.points - collected.done
    print(f"{collected.done} of {collected.points} points{f'; {missing} are missing' if missing else ''}")
    for note in collected.notes:
        print(f"note: {note}")


def _point(options: argparse.Namespace) -> None:
    from sims.sweep.play import play

    file, directory = _opened(options)
    points = directory.points() if directory.exists else points_of(file, options.quick)
    if options.number >= len(points):
        raise ParameterError(f"N = {options.number}: {file.name} has points 0 to {len(points) - 1}")
    point = points[options.number]
    work = directory.path / DEBUG / point.id
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    print(f"point {point.number} ({point.label}) in {work}; training alone is")
    sets = "".join(f" --set '{each}'" for each in point.overrides)
    quick = " --quick" if options.quick else ""
    print(f"python -m sims.run {point.condition} --seed {point.seed} --pairs {point.pairs}{quick}{sets}", flush=True)
    result = play(point, work, options.quick, file.sweep.keep, allotted_cores())
    print(json.dumps(result.metrics, indent=2))


def _plan(options: argparse.Namespace) -> int:
    file, directory = _opened(options)
    if not directory.exists:
        begin(file, directory, options.quick)
    points = grown(file, directory, options.quick, options.mixed)
    status = status_of(directory, points)
    code = 0
    chosen = plan.measured_points(status.pending, options.measure) if status.pending and options.measure else []
    if chosen:
        code = _played(file, directory, chosen, options)
        status = status_of(directory, points)
    costs = plan.costs_of(directory, status.done)
    if costs is None:
        raise UserError("no point is done, so nothing can be measured")
    for line in plan.in_words(costs, len(points), len(points) - len(status.done), options.workers):
        print(line)
    return code


def _print_points(file: SweepFile, points: list[Point]) -> None:
    sweep = file.sweep
    print(f"{file.name}: {sweep.description}")
    seeds = len(sweep.seed_numbers)
    print(f"  {len(points)} points: {len(points) // seeds} of each of {seeds} seeds, {sweep.pairs} pairs a point")
    print(f"  after training: {', '.join(['behaviour', *sweep.then])}; kept: {', '.join(sweep.keep) or 'numbers only'}")
    for point in points[:SHOWN]:
        print(f"  {point.number:5d}  {point.label}")
    if len(points) > SHOWN:
        print("    ...")


if __name__ == "__main__":
    sys.exit(main())
