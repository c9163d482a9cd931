"""Draw docs/figures/shared_space_calibration.png: `python -m docs.figures.calibrate_shared_space`. Two brains with planted dimensions."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from analysis.core.nulls import draw_shifts
from analysis.core.statistics import Estimate, fraction_of_pairs
from analysis.neural.shared.space import shared_space
from analysis.plots.style import new_figure, save_png
from params import resolve
from tests.fixtures.activity import two_brains
from tests.fixtures.rank_matched import rank_matched_dims

PAIRS, FRAMES, CELLS, SHIFTS = 60, 3000, 30, 200
OWN = (0.0, 0.5, 1.0, 2.0)  # strength of two slow dimensions of each brain's own
SHARED = (0.05, 0.1, 0.2, 0.4, 0.8)
PLANTED = 3
RULES = {"one after another": "C0", "by rank, as published": "C3"}  # in order of `counts`, with their colours


def counts(n_shared: int, own: float, shared: float) -> np.ndarray:
    """Dimensions counted [pairs, rule], by removal and by rank."""
    settings = resolve("coop_075s").params.analysis.shared_space
    found = np.empty((PAIRS, 2), np.int64)
    for pair in range(PAIRS):
        rng = np.random.default_rng([pair, n_shared])
        brains = two_brains(rng, FRAMES, CELLS, n_shared, own=own, shared=shared)
        shifts = draw_shifts(rng, SHIFTS, FRAMES, 80, 960)
        found[pair] = shared_space(*brains, shifts, settings).n_dims, rank_matched_dims(*brains, shifts, settings)
    return found


def main() -> None:
    too_many: dict[tuple[int, str], list[Estimate]] = {}
    for n_shared in (0, 1):
        counted = [(counts(n_shared, own, 2.0) > n_shared) for own in OWN]
        for rule, name in enumerate(RULES):
            too_many[n_shared, name] = [fraction_of_pairs(each[:, rule]) for each in counted]
            said = [str(each) for each in too_many[n_shared, name]]
            print(f"planted {n_shared}, {name}: too many in", said, "at own strength", OWN)
    found = [counts(PLANTED, 1.0, shared)[:, 0] for shared in SHARED]
    print(f"planted {PLANTED}: mean counted", [round(float(each.mean()), 2) for each in found], "at shared strength", SHARED)
    save_png(lambda: _draw(too_many, found), Path(__file__).with_name("shared_space_calibration.png"), dpi=120)


def _draw(too_many: dict[tuple[int, str], list[Estimate]], found: list[np.ndarray]) -> Figure:
    figure = new_figure(9, 3.2)
    left, right = figure.subplots(1, 2)
    for n_shared, line in ((0, ":"), (1, "-")):
        for name, colour in RULES.items():
            estimates = too_many[n_shared, name]
            value = [each.value for each in estimates]
            error = [[each.value - each.low for each in estimates], [each.high - each.value for each in estimates]]
            left.errorbar(OWN, value, error, fmt=f"{colour}o{line}", capsize=2, label=f"{name}, {n_shared} planted")
    left.axhline(0.025, color="grey", lw=0.8)
    left.set(xlabel="strength of each brain's own slow dimensions", ylabel="pairs with too many", ylim=(-0.02, 1))
    left.legend(fontsize=7)
    right.boxplot([each.tolist() for each in found], tick_labels=[f"{each:g}" for each in SHARED])
    right.axhline(PLANTED, color="grey", lw=0.8)
    right.set(xlabel="strength of the shared dimensions", ylabel=f"counted, of {PLANTED} planted")
    return figure


if __name__ == "__main__":
    main()
