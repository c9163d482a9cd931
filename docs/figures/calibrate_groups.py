"""Draw docs/figures/groups_calibration.png: `python -m docs.figures.calibrate_groups`. Populations with and without planted groups."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from analysis.core.statistics import Estimate, fraction_of_pairs
from analysis.neural.groups.agreement import adjusted_rand
from analysis.neural.groups.groups import functional_groups
from analysis.plots.style import new_figure, save_png
from params import resolve
from tests.fixtures.activity import grouped, low_dimensional

POPULATIONS, FRAMES = 20, 2000
SIZES = (10, 10, 10, 10)
LOADINGS = (0.1, 0.2, 0.3, 0.4, 0.6)
DIMENSIONS = (1, 2, 3, 5, 8)


def main() -> None:
    settings = resolve("coop_075s").params.analysis.groups.model_copy(update={"surrogates": 39, "restarts": 10})
    agreement, power = [], []
    for loading in LOADINGS:
        found = []
        for seed in range(POPULATIONS):
            activity, truth = grouped(np.random.default_rng([seed, 1]), FRAMES, SIZES, loading)
            groups = functional_groups(activity, settings, np.random.default_rng(seed))
            alone = groups.labels.max(initial=0) + 1 + np.arange(len(truth))
            found.append((adjusted_rand(np.where(groups.labels < 0, alone, groups.labels), truth), groups.p_value <= 0.05))
        agreement.append([each for each, _ in found])
        power.append(fraction_of_pairs(np.array([each for _, each in found])))
    print("planted: median adjusted Rand", [round(float(np.median(each)), 2) for each in agreement], "at loading", LOADINGS)
    print("planted: beyond the Gaussian null in", [str(each) for each in power])
    rejected = []
    for n_dims in DIMENSIONS:
        draws = [low_dimensional(np.random.default_rng([seed, 2]), FRAMES, 40, n_dims) for seed in range(POPULATIONS)]
        p_values = [functional_groups(each, settings, np.random.default_rng(seed)).p_value for seed, each in enumerate(draws)]
        rejected.append(fraction_of_pairs(np.array(p_values) <= 0.05))
    print("dimensions without groups: beyond the Gaussian null in", [str(each) for each in rejected], "at", DIMENSIONS)
    save_png(lambda: _draw(agreement, power, rejected), Path(__file__).with_name("groups_calibration.png"), dpi=120)


def _draw(agreement: list[list[float]], power: list[Estimate], rejected: list[Estimate]) -> Figure:
    figure = new_figure(9, 3.2)
    left, right = figure.subplots(1, 2)
    left.boxplot(agreement, tick_labels=[f"{each:g}" for each in LOADINGS])
    left.plot(
        np.arange(len(power)) + 1, [each.value for each in power], "C3s-", ms=4, label="p <= 0.05 against the Gaussian null"
    )
    left.set(xlabel="loading of cells on their group's source", ylabel="adjusted Rand index to the truth", ylim=(-0.1, 1.05))
    left.legend(fontsize=7)
    value = [each.value for each in rejected]
    error = [[each.value - each.low for each in rejected], [each.high - each.value for each in rejected]]
    right.errorbar(DIMENSIONS, value, error, fmt="C0o-", capsize=2)
    right.axhline(0.05, color="grey", lw=0.8)
    right.set(xlabel="dimensions, no groups", ylabel="populations with p <= 0.05", ylim=(0, 0.6))
    return figure


if __name__ == "__main__":
    main()
