"""The page of a comparison of sides, and its figures."""

from pathlib import Path

from analysis.comparison.sides import distances, success
from analysis.comparison.sides.beside import Beside
from analysis.comparison.sides.compared import Compared
from analysis.comparison.sides.side import EXPERIMENT, OPAQUE, SOCIAL, TOTALS
from analysis.report.comparison import Drawn
from analysis.report.definitions import as_html
from analysis.report.figures import Draw, embedded
from analysis.report.rendering import render


def write_side_figures(found: Compared, directory: Path) -> list[Drawn]:
    """Draw the figures into a directory, as `embedded` does.

    Raises
    ------
    UserError
        A file cannot be written.
    """
    return [(title, text, embedded(draw, directory / name), name) for name, title, text, draw in _figures(found)]


def page_of_sides(found: Compared, published: list[Beside], drawn: list[Drawn]) -> str:
    """compare.html, self-contained."""
    own_pairs = [side for side in found.sides if side.kind in (EXPERIMENT, TOTALS)]
    return render(
        "sides.html.j2",
        found=found,
        published=published,
        figures=drawn,
        rules=[(side, rows) for side in found.sides if (rows := success.by_rules(side))],
        over_sessions=[(side, [success.over_sessions(side, role) for role in (SOCIAL, OPAQUE)]) for side in found.sides],
        dyads=[(side, success.dyads(side)) for side in own_pairs],
        definitions=[
            ("Success and chance", as_html(success.__doc__)),
            ("Social over opaque", as_html(success.ratio.__doc__)),
            ("Distances", as_html(distances.__doc__)),
        ],
    )


def _figures(found: Compared) -> list[tuple[str, str, str, Draw]]:
    from analysis.plots.sides import curves_figure, lags_figure, values_figure

    figures: list[tuple[str, str, str, Draw]] = [
        (
            "sides_learning",
            "Learning",
            "Success of every session, under its own window, which stands above. Of session totals: the phases that the "
            "specification names as evaluated. The median is drawn where three pairs had a session. Shaded is its 95 % interval, which "
            "needs six pairs. Axes differ: an attempt is not the same in every system.",
            lambda: curves_figure(found.curves),
        )
    ]
    if len(found.sides) > 1:
        figures.append(
            (
                "sides_values",
                "What two sides hold",
                "Small marks: pairs. Large marks: median over pairs, or the share of pairs. Bars: 95 % interval, which needs six pairs. "
                "Line: no effect. Ratios are on a logarithmic axis.",
                lambda: values_figure(found),
            )
        )
    if any(not isinstance(each, str) for each in found.lags):
        text = "From each poke of animal 0 to the nearest of animal 1, partner in sight; mean over pairs. Positive: animal 1 came later."
        figures.append(("sides_lags", "Lags between partners", text, lambda: lags_figure(found)))
    return figures
