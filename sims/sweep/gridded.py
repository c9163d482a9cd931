"""A sweep over a grid as NetCDF: a dimension for every axis, every group of zipped axes and the seed; a variable for every measure.

NetCDF 3, which every reader of NetCDF reads: xarray writes 300 variables in 0.4 s; as NetCDF 4, through h5netcdf, in 10 s, and the time
grows with the square of their number.
"""

import math
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from params.sweep import Range, Sweep
from recording.atomic import aside
from recording.sweep_table import Role, SweepTable
from sims.sweep.point import Point

FILE = "table.nc"
MOST = 2**31 - 1  # of a whole number in NetCDF 3; larger ones become floats


def write_gridded(directory: Path, name: str, sweep: Sweep, points: list[Point], table: SweepTable) -> tuple[list[Path], str]:
    """Write table.nc, if the sweep is a grid and xarray is installed; an older one is removed.

    Parameters
    ----------
    directory : to write into
    name, sweep : of the sweep
    points : all there are, in order of their number
    table : of those that are finished

    Returns
    -------
    the file, if there is one; a sentence that says why there is none
    """
    path = directory / FILE
    path.unlink(missing_ok=True)
    if sweep.sample:
        return [], "points of a sample are no grid: there is no table.nc"
    if find_spec("xarray") is None:
        return [], "table.nc needs xarray (pip install 'acc-cooperation[sweeps]')"
    dataset = as_grid(name, sweep, points, table)
    with aside(path) as temporary:
        dataset.to_netcdf(temporary, engine="scipy")
    return [path], ""


def dimensions(sweep: Sweep) -> dict[str, list[str]]:
    """Dimension -> keys that run along it, in the order in which points are numbered; the seed apart. Zipped keys are joined by "+"."""
    return {key: [key] for key in sweep.axes} | {"+".join(group): list(group) for group in sweep.zipped}


def shape_of(sweep: Sweep) -> tuple[int, ...]:
    """Points along seed and every dimension."""
    axes = [axis.steps if isinstance(axis, Range) else len(axis) for axis in sweep.axes.values()]
    zipped = [len(next(iter(group.values()))) for group in sweep.zipped]
    return (len(sweep.seed_numbers), *axes, *zipped)


def as_grid(name: str, sweep: Sweep, points: list[Point], table: SweepTable) -> Any:
    """The sweep as an xarray.Dataset [seed, every dimension]; NaN, and empty texts, where a point is missing."""
    import xarray

    keys, shape = dimensions(sweep), shape_of(sweep)
    names = ["seed", *keys]
    numbers = np.arange(math.prod(shape)).reshape(shape)
    units = {each.name: each.column.unit for each in table.columns}
    coordinates: dict[str, Any] = {"seed": ("seed", _plain(sweep.seed_numbers))}
    for place, (dimension, along) in enumerate(keys.items(), 1):
        first = np.take(numbers.swapaxes(0, place).reshape(shape[place], -1), 0, axis=1)
        for key in along:
            values = _plain([points[number].values[key] for number in first])
            coordinates[key] = (dimension, values, _described(units.get(key, ""), "value of the parameter"))
    rows = table.rows.set_index("number").reindex(numbers.ravel())
    variables = {
        each.name: (names, rows[each.name].to_numpy(float).reshape(shape), _described(each.column.unit, each.column.words))
        for each in table.named(Role.MEASURE).values()
    }
    for text in ("digest", "code_version", "device"):
        variables[text] = (names, rows[text].fillna("").to_numpy(object).reshape(shape), {})
    versions = ", ".join(sorted(set(table.rows["code_version"])))
    facts = {"title": name, "description": sweep.description, "condition": sweep.condition, "pairs": sweep.pairs}
    return xarray.Dataset(variables, coordinates, facts | {"code_version": versions})


def _plain(values: list[Any]) -> np.ndarray:
    """Numbers as numbers, all else as text."""
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        found = np.array(values)
        return found.astype(np.int32) if found.dtype.kind == "i" and np.abs(found).max() <= MOST else found.astype(float)
    return np.array([str(value) for value in values], object)


def _described(unit: str, words: str) -> dict[str, str]:
    return ({"units": unit} if unit else {}) | {"long_name": words}
