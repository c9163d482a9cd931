"""Heat maps of a sweep: medians over two axes with the numbers in the cells, and which claims hold at which value of an axis."""

from collections.abc import Sequence

import numpy as np
import pandas
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.plots.style import GRID, INK, new_figure
from analysis.sweep.axes import Axis
from analysis.sweep.chosen import Shown, claim
from analysis.sweep.effects import estimate
from analysis.sweep.plots.panels import panels, wrap

RISING, EITHER = "Blues", "RdBu_r"  # colours of what is never negative, and of what may be
SQUARE = 0.42  # inches a cell


def heat_maps(rows: pandas.DataFrame, first: Axis, second: Axis, measures: Sequence[Shown]) -> Figure:
    """A panel for every measure: its median at every value of the first axis (x) with every value of the second (y)."""
    figure, every = panels(measures, 1.0 + SQUARE * len(second.values))
    for axes, measure in zip(every, measures, strict=True):
        table = medians(rows, first, second, measure.name)
        _draw(axes, table, [f"{round(value, 2) + 0.0:.2f}" for value in table.ravel()])
        _label(axes, first, second)
    return figure


def medians(rows: pandas.DataFrame, first: Axis, second: Axis, name: str) -> np.ndarray:
    """Medians of a measure [second, first]; NaN where no point has measured it."""
    x, y = first.of(rows), second.of(rows)
    return np.array(
        [[estimate(name, rows.loc[(x == one) & (y == other), name]).value for one in first.values] for other in second.values]
    )


def claim_map(rows: pandas.DataFrame, axis: Axis, verdicts: Sequence[Shown]) -> Figure:
    """A row for every claim, a column for every value of an axis: in how many of the points that measured it the claim holds."""
    at = axis.of(rows)
    cells = [[estimate(each.name, rows.loc[at == value, each.name]) for value in axis.values] for each in verdicts]
    figure = new_figure(min(8.6, 2.2 + 0.95 * len(axis.values)), 1.0 + 0.34 * len(verdicts))
    axes = figure.subplots()
    texts = [f"{round(each.value * each.n)} of {each.n}" if each.n else "" for row in cells for each in row]
    _draw(axes, np.array([[each.value for each in row] for row in cells]), texts, whole=True)
    axes.set_xticks(range(len(axis.values)), _marked(axis))
    axes.set_yticks(range(len(verdicts)), [claim(each.name) for each in verdicts])
    axes.invert_yaxis()
    axes.set_xlabel(axis.title)
    return figure


def _draw(axes: Axes, table: np.ndarray, texts: Sequence[str], whole: bool = False) -> None:
    """Cells with their texts. whole: from 0 to 1; or the range of the table, around 0 if it has negative numbers."""
    known = table[np.isfinite(table)]
    least, most = (0.0, 1.0) if whole else (known.min(), known.max()) if known.size else (0.0, 1.0)
    either = least < 0
    reach = max(abs(least), abs(most))
    limits = (-reach, reach) if either else (least, most + 0.25 * (most - least))
    axes.set_facecolor(GRID)
    image = axes.imshow(
        np.ma.masked_invalid(table),
        cmap=EITHER if either else RISING,
        vmin=limits[0],
        vmax=limits[1],
        aspect="auto",
        origin="lower",
    )
    for (row, column), text in zip(np.ndindex(table.shape), texts, strict=True):
        red, green, blue, _ = image.cmap(image.norm(table[row, column])) if np.isfinite(table[row, column]) else (1.0,) * 4
        dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.55
        shown = text if np.isfinite(table[row, column]) else "\N{EN DASH}"
        axes.text(column, row, shown, ha="center", va="center", fontsize=7.5, color="white" if dark else INK)
    for across in range(1, table.shape[1]):
        axes.axvline(across - 0.5, color="white", lw=1.5)
    for up in range(1, table.shape[0]):
        axes.axhline(up - 0.5, color="white", lw=1.5)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _label(axes: Axes, first: Axis, second: Axis) -> None:
    axes.set_xticks(range(len(first.values)), _marked(first), fontsize=8)
    axes.set_yticks(range(len(second.values)), _marked(second), fontsize=8)
    axes.set_xlabel(first.title)
    axes.set_ylabel(second.title)


def _marked(axis: Axis) -> list[str]:
    """Labels of values; that of the base says so."""
    labels = [wrap(label.replace("_", " ")) for label in axis.labels]
    return [f"{label}\n(base)" if value == axis.base else label for value, label in zip(axis.values, labels, strict=True)]
