"""Which figures a sweep gets, in the report's order, each with its caption."""

from collections.abc import Iterator, Sequence
from functools import partial

from analysis.core.statistics import FEWEST_PAIRS
from analysis.report.figures import FigureSpec
from analysis.sweep.axes import Axis, names_of
from analysis.sweep.chosen import Chosen
from analysis.sweep.effects import DoseAt
from analysis.sweep.opened import OpenSweep
from analysis.sweep.plots.curves import curves_by, dose_curves, silencing_curves
from analysis.sweep.plots.maps import claim_map, heat_maps
from analysis.sweep.plots.sample_figures import correlation_dots, scatter, sobol_bars
from analysis.sweep.sensitivity import Sensitivity, over_seeds
from params.sweep import Sample

INTERVAL = f"95 % interval (none below {FEWEST_PAIRS} points)"
BASE = "Dotted: the value that the sweep starts from."
CHANCE = "Dashed: chance."
MEANS = "A measure is its mean over seeds, and over other axes if there are any."


def figures_of(
    opened: OpenSweep, axes: Sequence[Axis], chosen: Chosen, found: Sequence[Sensitivity], doses: Sequence[DoseAt]
) -> list[FigureSpec]:
    """Every figure of a sweep."""
    specs: list[FigureSpec] = []
    if chosen.measures:
        specs += (
            _of_two(opened, axes[0], axes[1], chosen)
            if len(axes) == 2
            else [_of_one(opened, axis, axes, chosen) for axis in axes]
        )
        specs += _of_sample(opened, opened.sweep.sample, found, chosen) if opened.sweep.sample else []
    if doses and not axes and not opened.sweep.sample:
        specs.append(_of_doses(doses))
    return [*specs, *(_of_claims(opened, axis, axes, chosen) for axis in axes if chosen.verdicts)]


def pooled(axis: Axis, axes: Sequence[Axis], opened: OpenSweep) -> str:
    """What the points at one value of an axis differ in, beside the seed, in a sentence; "" of nothing."""
    others = [each.name for each in axes if each is not axis] + (["the sample"] if opened.sweep.sample else [])
    return f" Points at all values of {', '.join(others)} are pooled." if others else ""


def _file_name(kind: str, *axes: Axis) -> str:
    return "_".join([kind, *(word for axis in axes for word in "".join(c if c.isalnum() else " " for c in axis.name).split())])


def _of_one(opened: OpenSweep, axis: Axis, axes: Sequence[Axis], chosen: Chosen) -> FigureSpec:
    said = f"Small dots: points. Large dots: their median with its {INTERVAL}.{pooled(axis, axes, opened)}"
    draw = partial(dose_curves, opened.rows, axis, chosen.measures)
    beside = _beside(axis, chosen)
    return FigureSpec(_file_name("axis", axis), f"Effects of {axis.name}", f"{said}{beside}", draw)


def _beside(axis: Axis, chosen: Chosen) -> str:
    lines = f" {CHANCE}" if any(each.chance for each in chosen.measures) else ""
    return f"{lines} {BASE}" if axis.numeric and axis.base is not None else lines


def _of_two(opened: OpenSweep, first: Axis, second: Axis, chosen: Chosen) -> Iterator[FigureSpec]:
    """Along x is an axis of numbers, if there is one."""
    x, other = (second, first) if second.numeric and not first.numeric else (first, second)
    alike = " The sample is pooled." if opened.sweep.sample else ""
    yield FigureSpec(
        _file_name("map", x, other),
        f"{x.name} with {other.name}",
        f"Median over the points of a cell.{alike} Dash: no point measured it.",
        partial(heat_maps, opened.rows, x, other, chosen.measures),
    )
    yield FigureSpec(
        _file_name("curves", x, other),
        f"Effects of {x.name} at every value of {other.name}",
        f"Median over the points of a cell with its {INTERVAL}.{alike} {BASE if x.numeric and x.base is not None else ''}",
        partial(curves_by, opened.rows, x, other, chosen.measures),
    )


def _of_claims(opened: OpenSweep, axis: Axis, axes: Sequence[Axis], chosen: Chosen) -> FigureSpec:
    return FigureSpec(
        _file_name("claims", axis),
        f"Claims by {axis.name}",
        f"In how many of the points that measured a claim it holds. Dash: no point measured it.{pooled(axis, axes, opened)}",
        partial(claim_map, opened.rows, axis, chosen.verdicts),
    )


def _of_doses(doses: Sequence[DoseAt]) -> FigureSpec:
    said = f"Silencing of the trained pairs of every point. Median over points with its {INTERVAL}. Own: without silencing."
    return FigureSpec("silencing", "Dose by dose", said, partial(silencing_curves, doses))


def _of_sample(opened: OpenSweep, sample: Sample, found: Sequence[Sensitivity], chosen: Chosen) -> Iterator[FigureSpec]:
    keys, measures = list(sample.within), chosen.measures
    names = {key: name for key, name in names_of(opened.sweep.varied).items() if key in sample.within}
    if sample.method == "saltelli":
        said = (
            "Share of the variance of a measure that a parameter explains alone (S1), and together with all its interactions (ST). "
            f"Lines: 95 % intervals, bootstrapped over the base points of the design. {MEANS}"
        )
        yield FigureSpec("sobol_indices", "Sobol indices", said, partial(sobol_bars, found, names, measures))
    else:
        said = f"Spearman's correlation over the points of the design with Fisher's 95 % interval. {MEANS}"
        yield FigureSpec("correlations", "Rank correlations", said, partial(correlation_dots, found, names, measures))
    units = {each.name: each.column.unit for each in opened.table.columns}
    titles = {key: f"{name}, {units[key]}" if units[key] else name for key, name in names.items()}
    log = {key for key, bounds in sample.within.items() if bounds.scale == "log"}
    points = over_seeds(opened.rows, sample, [*keys, *(each.name for each in measures)])
    said = f"Every point of the design. {MEANS}"
    yield FigureSpec("scatter", "Points of the design", said, partial(scatter, points, titles, log, measures))
