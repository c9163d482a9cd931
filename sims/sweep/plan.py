"""What a sweep will cost, from points of it that are done."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sims.sweep.point import Point
from sims.sweep.status import clock
from sims.sweep.store import SweepDirectory

CLUSTERS = (1, 10, 100, 1000)  # cores


@dataclass(frozen=True)
class Costs:
    """Of points that are done [n]: wall and processor time, peak memory, disk and files while at work, size of the result."""

    wall_s: np.ndarray
    cpu_s: np.ndarray
    peak_mb: np.ndarray
    disk_mb: np.ndarray
    files: np.ndarray
    result_kb: np.ndarray


def costs_of(directory: SweepDirectory, done: list[Point]) -> Costs | None:
    """Costs of points; None if there are none."""
    if not done:
        return None
    rows = [directory.result(point).cost for point in done]
    columns = {name: np.array([row[name] for row in rows], float) for name in ("wall_s", "cpu_s", "peak_mb", "disk_mb", "files")}
    sizes = [(directory.results / f"{point.id}.json").stat().st_size / 1e3 for point in done]
    return Costs(**columns, result_kb=np.array(sizes))


def measured_points(points: list[Point], count: int) -> list[Point]:
    """So many points, spread evenly over the sweep."""
    places = np.linspace(0, len(points) - 1, min(count, len(points))).round().astype(int)
    return [points[place] for place in dict.fromkeys(places.tolist())]


def in_words(costs: Costs, total: int, left: int, cores: int) -> Iterator[str]:
    """The plan in lines. total, left: points. cores: of this machine."""
    cpu_h, wall_s = costs.cpu_s.mean() * left / 3600, costs.wall_s.mean() * left
    yield f"measured on {len(costs.wall_s)} of {total} points, {left} are left"
    yield f"  a point     {costs.wall_s.mean():.0f} s (longest {costs.wall_s.max():.0f} s), {costs.cpu_s.mean():.0f} s of processor time"
    yield f"  memory      {costs.peak_mb.max():.0f} MB a process"
    yield f"  disk        {costs.disk_mb.max():.0f} MB and {costs.files.max():.0f} files of each point at work"
    yield f"  results     {costs.result_kb.mean() * total / 1e3:.1f} MB in {total} files, one a point"
    yield f"  core-hours  {cpu_h:.2f}"
    for n in sorted({cores, *CLUSTERS}):
        at_once = min(n, max(left, 1))
        yield f"  {n:5d} core{'s' if n > 1 else ' '} {clock(max(wall_s / at_once, costs.wall_s.max() if left else 0))}"
