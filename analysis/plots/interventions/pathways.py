"""Figures of pathways: brains put together, the map of the partner's places, and changes of weight over cells."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.interventions.pathways import PlaceMap, Trials, VariantEffect
from analysis.interventions.weight_changes import INPUTS, BrainChange
from analysis.plots.style import ACCENT, CHANCE, INK, MUTED, new_figure

SOLO = "#5b8c2a"


def variant_figure(found: Trials, effects: list[VariantEffect]) -> Figure:
    """One panel an earlier state: success of every brain put together, pairs as dots; solo pokes over the learned brain's as diamonds."""
    bases = list(dict.fromkeys(each.base for each in effects))
    figure = new_figure(7.6, 4.2)
    panels = np.atleast_1d(figure.subplots(1, len(bases), sharey=True))
    for axes, base in zip(panels, bases, strict=True):
        _draw_variants(axes, found, [each for each in effects if each.base == base])
        axes.set_title(f"Not learned: as {base}")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


def _draw_variants(axes: Axes, found: Trials, effects: list[VariantEffect]) -> None:
    for row, each in enumerate(effects):
        if np.isfinite(each.chance.value):
            axes.plot([each.chance.value] * 2, [row - 0.35, row + 0.35], color=CHANCE, lw=3, label="chance" if row == 0 else None)
        pairs = found.column((each.base, each.variant, ""), "coop", lambda trial: trial.success)
        axes.plot(pairs, np.full(len(pairs), row), "o", color=ACCENT, alpha=0.35, ms=3, mew=0)
        axes.hlines(row, each.success.low, each.success.high, color=ACCENT, lw=1.6)
        axes.plot(each.success.value, row, "o", color=ACCENT, ms=6, mec="white", label="success" if row == 0 else None)
        solo = min(each.solo_pokes.value, 1.25)
        axes.plot(solo, row, "D", mfc="none", mec=SOLO, ms=5, label="solo pokes / learned" if row == 0 else None)
    names = [each.variant.replace("_", " ") for each in effects]
    axes.set_ylim(len(effects) - 0.5, -0.5)
    axes.set_yticks(range(len(effects)), names)
    axes.set_xlim(-0.03, 1.3)
    axes.set_xlabel("success; solo pokes / learned")


def map_figure(found: PlaceMap, width_cm: float, length_cm: float) -> Figure:
    """Change of success and of waiting by where the partner was cut out of sight; a dot where the interval of success leaves out 0."""
    figure = new_figure(7.6, 3.0)
    left, right = figure.subplots(1, 2)
    certain = (found.high < 0) | (found.low > 0)
    _draw_map(figure, left, found.success, width_cm, length_cm, "change of success")
    _draw_map(figure, right, found.wait, width_cm, length_cm, "change of waiting, s/min")
    across, along = np.nonzero(certain)
    shape = found.success.shape
    left.plot((along + 0.5) * length_cm / shape[1], (across + 0.5) * width_cm / shape[0], ".", color=INK, ms=5)
    left.set_title("Cooperation")
    right.set_title("Waiting")
    return figure


def _draw_map(figure: Figure, axes: Axes, values: np.ndarray, width_cm: float, length_cm: float, label: str) -> None:
    most = float(np.nanmax(np.abs(values))) or 1.0
    extent = (0.0, length_cm, 0.0, width_cm)
    image = axes.imshow(values, origin="lower", extent=extent, cmap="RdBu", vmin=-most, vmax=most, aspect="equal")
    figure.colorbar(image, ax=axes, label=label, shrink=0.75, orientation="horizontal")
    axes.set_xlabel("partner from the ports' end, cm")
    axes.set_ylabel("from divider, cm")


def weight_figure(changes: list[BrainChange]) -> Figure:
    """Change of input against change of readout, a dot a cell of every brain; one row an earlier state, one column an input."""
    bases = list(dict.fromkeys(each.base for each in changes))
    figure = new_figure(7.6, 2.2 * len(bases) + 0.3)
    panels = figure.subplots(len(bases), len(INPUTS), squeeze=False, sharey="row")
    for row, base in zip(panels, bases, strict=True):
        of_base = [each for each in changes if each.base == base]
        for axes, (name, label) in zip(row, INPUTS.items(), strict=True):
            inputs, readout = (np.concatenate(each) for each in ([e.inputs[name] for e in of_base], [e.readout for e in of_base]))
            axes.plot(inputs, readout, ".", color=ACCENT, ms=3.5, alpha=0.35, mew=0)
            axes.axhline(0, color=MUTED, lw=0.5)
            axes.axvline(0, color=MUTED, lw=0.5)
            axes.set_title(label, fontsize=8)
            axes.set_xlabel("change of input, Hz")
        row[0].set_ylabel(f"readout, poke - stay,\nsince {base}")
    return figure
