"""From the results of a sweep to its tables: table.parquet (or table.csv), columns.csv, missing.csv, costs.csv and, of a grid, table.nc."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from params import AnyParameters, GridParameters
from params.errors import UserError
from params.sweep import read_sweep
from recording.sweep_table import COLUMNS, COSTS, MISSING, NEEDED, has_parquet, write_sweep_table
from recording.table import write_table
from sims.sweep.gridded import write_gridded
from sims.sweep.point import Point
from sims.sweep.store import Failure, SweepDirectory
from sims.sweep.tabulate import Done, tabulate


@dataclass(frozen=True)
class Collected:
    """What was made of a sweep. files: written. done: points in the table, of so many. notes: what is not as one would wish."""

    files: list[Path]
    done: int
    points: int
    notes: list[str]


def collect(directory: SweepDirectory, as_csv: bool = False, mixed: bool = False) -> Collected:
    """Write the tables of a sweep into its directory; points that are not finished go into missing.csv.

    Parameters
    ----------
    directory : of a sweep
    as_csv : whether the table is csv though pyarrow is installed
    mixed : whether results of several code versions may stand in one table

    Raises
    ------
    UserError
        No point is finished; a file is damaged or cannot be written; a result is not of its point; results are of several code
        versions and `mixed` is not given.
    """
    facts, points, finished = directory.facts(), directory.points(), directory.finished()
    file = read_sweep(directory.path / "sweep.toml")
    done = [(point, directory.result(point)) for point in points if point.id in finished]
    if not done:
        raise UserError(
            f"{directory.path}: none of its {len(points)} points is finished; python -m sims.sweep run or resume runs them"
        )
    one_a_condition = {point.condition: point for point, _ in done}
    parameters = {condition: point.resolved(facts["quick"]).params for condition, point in one_a_condition.items()}
    notes = _mixtures(directory, done, parameters, mixed)
    table = tabulate(file, facts["quick"], points, done, parameters)
    as_csv = as_csv or not has_parquet()
    files = [write_sweep_table(directory.path, table, as_csv), directory.path / COLUMNS.file]
    files += _write_beside(directory, points, done)
    gridded, reason = write_gridded(directory.path, facts["name"], file.sweep, points, table)
    gone = len(finished - {point.id for point in points})
    notes += [f"{gone} results are of points that the sweep file no longer has; they are left out"] if gone else []
    notes += [] if has_parquet() else [f"the table is csv; Parquet {NEEDED}"]
    notes += [reason] if reason else []
    return Collected([*files, *gridded], len(done), len(points), notes)


def _mixtures(directory: SweepDirectory, done: Done, parameters: Mapping[str, AnyParameters], mixed: bool) -> list[str]:
    """A sentence on every mixture of code versions; mice and agents are computed by different code, so each have their own."""
    by_kind: dict[type, Counter[str]] = {}
    for point, result in done:
        by_kind.setdefault(type(parameters[point.condition]), Counter())[result.code_version] += 1
    notes = []
    for kind, versions in by_kind.items():
        if len(versions) > 1:
            animals = "agents" if kind is GridParameters else "mice"
            said = f"points of {animals} are of {len(versions)} code versions: {', '.join(f'{name} ({n})' for name, n in versions.items())}"
            if not mixed:
                raise UserError(f"{directory.path}: {said}; --mixed puts them into one table, marked by its column code_version")
            notes.append(said)
    return notes


def _write_beside(directory: SweepDirectory, points: list[Point], done: Done) -> list[Path]:
    """Write missing.csv and costs.csv."""
    failures, finished = directory.failures(), {point.id for point, _ in done}
    missing = [_missing(point, failures.get(point.id)) for point in points if point.id not in finished]
    known = set(COSTS.names)
    costs = [
        {"number": point.number, "point": point.id} | {name: value for name, value in result.cost.items() if name in known}
        for point, result in done
    ]
    paths = [directory.path / MISSING.file, directory.path / COSTS.file]
    write_table(paths[0], MISSING.frame(missing), MISSING)
    write_table(paths[1], COSTS.frame(costs), COSTS)
    return paths


def _missing(point: Point, failure: Failure | None) -> tuple[int, str, str, int, str]:
    if failure is None:
        return point.number, point.id, "missing", 0, ""
    return point.number, point.id, "parked" if failure.parked else "failed", failure.attempts, failure.error
