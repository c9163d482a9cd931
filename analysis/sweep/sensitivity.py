"""What the parameters of a sample do: Sobol indices of a Saltelli design, rank correlations of any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import pandas

from analysis.core.statistics import CONFIDENCE, Estimate
from analysis.neural.association import association
from params.errors import UserError
from params.sweep import Sample
from recording.table import Schema, number, text, whole

FIRST, TOTAL, RANKS = "S1", "ST", "spearman"
FEWEST = 8  # base points of a Saltelli design
RESAMPLES = 500
SEED = 1  # of the resamples; SALib takes 0 for none

SENSITIVITY = Schema(
    "sensitivity.csv",
    "How a parameter of a sweep's sample moves a measure (`python -m analysis.sweep SWEEP`).",
    (
        text("parameter", "key of the parameter"),
        text("measure", "column of the sweep's table"),
        text(
            "index", "S1: share of the variance that it explains alone; ST: with all its interactions; spearman: rank correlation"
        ),
        number("value", "the index", empty=True),
        number("low", "lower end of its 95 % interval", empty=True),
        number("high", "upper end of its 95 % interval", empty=True),
        whole("n", "points of the design that it rests on; of S1 and ST, base points"),
    ),
    ("parameter", "measure", "index"),
)


@dataclass(frozen=True)
class Sensitivity:
    """An index of one parameter and one measure."""

    parameter: str
    measure: str
    index: str
    estimate: Estimate


def over_seeds(rows: pandas.DataFrame, sample: Sample, names: Sequence[str]) -> pandas.DataFrame:
    """Mean of columns over seeds, and over other axes, at every point of the design, in its order.

    A point that lacks one of these is NaN: means over different seeds or values could not be compared.
    """
    size = sample.size
    groups = rows[list(names)].astype(float).groupby(rows["number"] % size)
    whole = groups.count().eq(groups.size().max() if len(rows) else 0)
    return groups.mean().where(whole).reindex(range(size))


def sensitivities(rows: pandas.DataFrame, sample: Sample, measures: Sequence[str]) -> list[Sensitivity]:
    """Indices of every parameter and measure.

    Raises
    ------
    UserError
        The design is Saltelli's, and SALib is not installed.
    """
    found = over_seeds(rows, sample, [*sample.within, *measures])
    if sample.method == "saltelli":
        return [each for name in measures for each in sobol_indices(found[name].to_numpy(), list(sample.within), name)]
    return [
        Sensitivity(key, name, RANKS, association(found[key].to_numpy(), found[name].to_numpy()).spearman)
        for name in measures
        for key in sample.within
    ]


def sobol_indices(values: np.ndarray, keys: list[str], measure: str) -> list[Sensitivity]:
    """First-order and total Sobol indices with their bootstrapped intervals [saltelli2010].

    Parameters
    ----------
    values : a measure [base points x (parameters + 2)] in the order of `params.design.unit_points`; base points with a NaN are left
        out with all their points
    keys : parameters
    measure : its name

    Raises
    ------
    UserError
        SALib is not installed.
    """
    if find_spec("SALib") is None:
        raise UserError("Sobol indices need SALib: pip install 'acc-cooperation[sweeps]'")
    from SALib.analyze import sobol

    blocks = values.reshape(-1, len(keys) + 2)
    blocks = blocks[~np.isnan(blocks).any(axis=1)]
    n = len(blocks)
    if n < FEWEST or not np.ptp(blocks):
        nothing = Estimate(float("nan"), float("nan"), float("nan"), n)
        return [Sensitivity(key, measure, index, nothing) for key in keys for index in (FIRST, TOTAL)]
    problem = {"num_vars": len(keys), "names": keys, "bounds": [[0, 1]] * len(keys)}
    found = sobol.analyze(
        problem, blocks.ravel(), calc_second_order=False, num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=SEED
    )
    return [
        Sensitivity(key, measure, index, Estimate(value, value - reach, value + reach, n))
        for place, key in enumerate(keys)
        for index in (FIRST, TOTAL)
        for value, reach in [(float(found[index][place]), float(found[f"{index}_conf"][place]))]
    ]
