"""A sweep's directory begun, and grown when its file has."""

from params import GridParameters
from params.design import designed
from params.errors import UserError
from params.sweep import SweepFile
from sims.store.run_lock import locked
from sims.sweep.keep import tidy_finished
from sims.sweep.point import Point, points_of
from sims.sweep.store import SweepDirectory

MANY = 500  # points of one seed; a hundred take about two seconds


def begin(file: SweepFile, directory: SweepDirectory, quick: bool) -> None:
    """Write a new sweep.

    Raises
    ------
    UserError
        Its directory holds a sweep, or something else.
    """
    if directory.exists:
        raise UserError(
            f"{directory.path}: holds a sweep already; python -m sims.sweep resume goes on with it, --out begins another"
        )
    if directory.path.exists() and (not directory.path.is_dir() or not directory.holds_nothing_else):
        raise UserError(f"{directory.path}: is not empty and holds no sweep; choose another --out")
    points = _checked(file, quick)
    with locked(directory.path):
        directory.begin(file, quick, points)


def grown(file: SweepFile, directory: SweepDirectory, quick: bool, mixed: bool) -> list[Point]:
    """Points of a sweep that was begun, after its file may have changed.

    Raises
    ------
    UserError
        It was begun with, or without, --quick; or results were made by another version of the code.
    """
    if bool(directory.facts()["quick"]) != quick:
        raise UserError(f"{directory.path}: was begun {'without' if quick else 'with'} --quick")
    points = _checked(file, quick)
    versions = directory.versions(points)
    now = _versions(points)
    older = [version for version in versions if version not in now]
    if older and not mixed:
        raise UserError(
            f"{directory.path}: {versions[older[0]]} results are of code {older[0]}, here {' and '.join(now)}; "
            "--mixed goes on and marks them, --out begins another sweep"
        )
    with locked(directory.path):
        directory.begin(file, quick, points)
    directory.sweep_leftovers()
    directory.forget_faults()
    tidy_finished(directory, file.sweep)
    return points


def _checked(file: SweepFile, quick: bool) -> list[Point]:
    """The points of a sweep, their parameters checked; says so where that takes a while."""
    count = len(designed(file.sweep))
    if count > MANY:
        print(f"checking the parameters of {count} points", flush=True)
    return points_of(file, quick)


def _versions(points: list[Point]) -> list[str]:
    """Versions of what would compute them now: mice and agents have one each."""
    from sims.sweep.play import version_of

    by_condition = {point.condition: point for point in points}.values()
    return sorted({version_of(isinstance(point.resolved(quick=False).params, GridParameters)) for point in by_condition})
