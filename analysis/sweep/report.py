"""From the table of a sweep to effects.csv, figures and a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from analysis.report.figures import embedded
from analysis.report.rendering import render
from analysis.sweep.axes import Axis, axes_of, names_of
from analysis.sweep.chosen import Chosen, Shown, choose, claim
from analysis.sweep.effects import EFFECTS, Effect, as_rows, doses_within, effects, effects_of_all, effects_of_two
from analysis.sweep.opened import OpenSweep, open_sweep
from analysis.sweep.sensitivity import FIRST, RANKS, SENSITIVITY, TOTAL, Sensitivity, sensitivities
from recording.atomic import write_text
from recording.sweep_measures import is_verdict
from recording.table import write_table

WORDS = {FIRST: "alone (S1)", TOTAL: "with interactions (ST)", RANKS: "rank correlation"}


@dataclass(frozen=True)
class Section:
    """A table of the page. title: of its first column. rows: first cell, then one cell for every measure."""

    title: str
    note: str
    rows: list[tuple[str, list[str]]]


def write_sweep_report(path: Path, out: Path | None = None) -> Path:
    """Write effects.csv, figures/ and report.html, of a sample sensitivity.csv too, into a sweep's directory or into `out`.

    Returns
    -------
    the page

    Raises
    ------
    UserError
        The directory holds no sweep, or no table of one; a file is damaged or cannot be written; a library is missing.
    """
    from analysis.sweep.plots.figures import figures_of, pooled

    opened = open_sweep(path)
    out = path if out is None else out
    axes, chosen, sample = axes_of(opened), choose(opened), opened.sweep.sample
    measures, every = [each.name for each in chosen.measures], [each.name for each in (*chosen.measures, *chosen.verdicts)]
    found = {axis.key: effects(opened.rows, axis, every) for axis in axes}
    whole = effects_of_all(opened.rows, every)
    cells = effects_of_two(opened.rows, axes[0], axes[1], every) if len(axes) == 2 else []
    write_table(out / EFFECTS.file, EFFECTS.frame(as_rows(chain(*found.values(), cells, whole))), EFFECTS)
    moved = sensitivities(opened.rows, sample, measures) if sample else []
    if sample:
        rows = [(each.parameter, each.measure, each.index, *_numbers(each)) for each in moved]
        write_table(out / SENSITIVITY.file, SENSITIVITY.frame(rows), SENSITIVITY)
    drawn = figures_of(opened, axes, chosen, moved, doses_within(opened.rows))
    page = out / "report.html"
    sections = [_section(axis.title, pooled(axis, axes, opened), axis.labels, found[axis.key]) for axis in axes]
    values = {
        "opened": opened,
        "varied": _varied(opened, axes),
        "shown": [*chosen.measures, *chosen.verdicts],
        "headings": [_heading(each) for each in (*chosen.measures, *chosen.verdicts)],
        "sections": [*sections, _section("", "", ["all points"], whole)],
        "sensitivity": _of_sample(moved, chosen, names_of(opened.sweep.varied)),
        "measures": chosen.measures,
        "absent": chosen.absent,
        "figures": [(each, embedded(each.draw, out / "figures" / each.name)) for each in drawn],
        "file": (path / "sweep.toml").read_text(encoding="utf-8-sig"),
    }
    write_text(page, render("sweep.html.j2", **values))
    return page


def _numbers(each: Sensitivity) -> tuple[float, float, float, int]:
    return each.estimate.value, each.estimate.low, each.estimate.high, each.estimate.n


def _heading(shown: Shown) -> str:
    return claim(shown.name) if is_verdict(shown.name) else shown.title


def _varied(opened: OpenSweep, axes: Sequence[Axis]) -> list[tuple[str, str]]:
    """What varies, and over which values, in words."""
    sweep = opened.sweep
    said = [(", ".join(each.name for each in axis.columns), f"{', '.join(axis.labels)} {_unit(axis)}".strip()) for axis in axes]
    if sweep.sample:
        for key, bounds in sweep.sample.within.items():
            said.append((key, f"{bounds.least} to {bounds.most}{', evenly in the logarithm' if bounds.scale == 'log' else ''}"))
        said.append(("the sample", f"{sweep.sample.method.replace('_', ' ')}, {sweep.sample.size} points"))
    seeds = sweep.seed_numbers
    return [*said, ("seed", ", ".join(map(str, seeds)) if len(seeds) <= 12 else f"{len(seeds)} seeds")]


def _unit(axis: Axis) -> str:
    return axis.title.removeprefix(axis.name).removeprefix(", ")


def _section(title: str, note: str, labels: Sequence[str], found: Sequence[Effect]) -> Section:
    """Effects in rows of values."""
    across = len(found) // len(labels)
    rows = [[_cell(each) for each in found[k * across : (k + 1) * across]] for k in range(len(labels))]
    return Section(title, note.strip(), list(zip(labels, rows, strict=True)))


def _cell(effect: Effect) -> str:
    estimate = effect.estimate
    if not estimate.n:
        return "\N{EN DASH}"
    if is_verdict(effect.measure):
        return f"{round(estimate.value * estimate.n)} of {estimate.n}"
    return f"{estimate}, n = {estimate.n}"


def _of_sample(found: Sequence[Sensitivity], chosen: Chosen, names: Mapping[str, str]) -> list[tuple[str, str, list[str]]]:
    """Rows of parameter and index, with a cell for every measure."""
    by_row: dict[tuple[str, str], list[str]] = {}
    for measure in chosen.measures:
        for each in found:
            if each.measure == measure.name:
                by_row.setdefault((each.parameter, each.index), []).append(f"{each.estimate}, n = {each.estimate.n}")
    return [(names[key], WORDS[index], cells) for (key, index), cells in by_row.items()]
