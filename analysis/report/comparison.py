"""The page of a comparison, and its figures."""

from pathlib import Path
from typing import Any

from analysis.behaviour.waiting.by_stage import waiting_panel
from analysis.comparison import alignment, cka, conditions, differences, effects, similarity
from analysis.comparison.claims import ALL_CLAIMS, BESIDE, in_order
from analysis.comparison.comparison import Compared
from analysis.comparison.system import SIDES
from analysis.neural.inputs.stages import EARLY, LATE
from analysis.report.definitions import as_html
from analysis.report.figures import Draw, embedded
from analysis.report.rendering import render

Drawn = tuple[str, str, str, str]  # title, caption, SVG in base 64, name of the file


def write_figures(found: Compared, directory: Path) -> list[Drawn]:
    """Draw the figures into a directory, as `embedded` does.

    Raises
    ------
    UserError
        A file cannot be written.
    """
    return [(title, text, embedded(draw, directory / name), name) for name, title, text, draw in _figures(found)]


def page_of(found: Compared, drawn: list[Drawn]) -> str:
    """compare.html, self-contained."""
    return render("comparison.html.j2", **_values(found, drawn))


def _figures(found: Compared) -> list[tuple[str, str, str, Draw]]:
    from analysis.plots.behaviour.waiting_curve import waiting_figure
    from analysis.plots.comparison import alignment_figure, effects_figure, learning_figure, similarity_figure

    panels = [
        waiting_panel(each.name, each.clock, each.summary.behaviour.waiting_curves, each.run.resolved.params)
        for each in found.systems.values()
    ]
    return [
        (
            "compare_learning",
            "Learning",
            "Thick line: median over pairs with its interval. Thin lines: pairs. Each session is a point at its end. Sessions "
            "of the two systems differ in length.",
            lambda: learning_figure(found.courses),
        ),
        (
            "compare_waiting",
            "A poke, by how far the partner has to go",
            "Probability that an animal at its port decides to poke, by its partner's distance from the partner's port, while both "
            "could poke for water and no poke awaits an answer. Thin lines: pairs. Thick line: median with its 95 % interval. "
            "Shaded: from there the partner can still come within the window. Compare shapes, not heights: a mouse decides every "
            "0.125 s, an agent at every move.",
            lambda: waiting_figure(panels),
        ),
        (
            "compare_effects",
            "What training changes",
            "Standardised paired difference from early to late (from before to late where it says so), with its interval. "
            "Tinted: the intervals of the two systems do not overlap. The axis is linear from -1 to 1 and logarithmic beyond.",
            lambda: effects_figure(found.rows),
        ),
        (
            "compare_similarity",
            "Similarity of geometries",
            "Similarity (CKA) of every pair with every other, early and late in training. Diagonal: the two animals of a pair. "
            "Grey: too few conditions in common.",
            lambda: similarity_figure(found.similarity, (EARLY, LATE)),
        ),
        (
            "compare_alignment",
            "Own and partner on the same axes",
            "Overlap of the axes that carry the animal itself with the axes that carry its partner. Large dots: median over "
            "pairs with its interval. Small dots: pairs.",
            lambda: alignment_figure(found.alignment),
        ),
    ]


def _values(found: Compared, drawn: list[Drawn]) -> dict[str, Any]:
    texts = [("Standardised paired difference", effects.paired_effect), ("Conditions", conditions), ("Similarity", cka)]
    texts += [("What similarity is held against", similarity), ("Alignment of codes", alignment), ("What differs", differences)]
    claims = ALL_CLAIMS | BESIDE
    names = sorted({*ALL_CLAIMS, *found.verdicts["acc"], *found.verdicts["marl"]}, key=in_order)
    return {
        "systems": found.systems,
        "described": found.described,
        "findings": [(name, claims.get(name, ""), [found.verdicts[side].get(name) for side in SIDES]) for name in names],
        "rows": found.rows,
        "figures": drawn,
        "missing": found.missing,
        "differences": found.differences,
        "definitions": [(name, as_html(each.__doc__)) for name, each in texts],
        "settings": found.systems["acc"].analysis.compare.model_dump(),
        "similarity": found.similarity,
    }
