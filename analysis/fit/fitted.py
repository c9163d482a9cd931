"""A fit as a whole: posterior, coverage and what to mind, as fit.json holds them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.core.document import Number
from analysis.fit.bank import Bank
from analysis.fit.coverage import INTERVALS, Coverage, ends, held_out
from analysis.fit.experiment import Experiment, other_schedule
from analysis.fit.inference import Posterior, infer, weighted_quantiles
from analysis.fit.prior import Prior
from analysis.fit.statistics import Chosen, choose
from params.errors import UserError

FEWEST = 30  # points, and
FEWEST_EACH = 10  # of them for every free parameter
NOT_TOLD = 0.8  # a 90 % interval wider than this share of the prior's says nothing of the parameter
SHARES = np.array([ends(INTERVALS[1])[0], ends(INTERVALS[0])[0], 0.5, ends(INTERVALS[0])[1], ends(INTERVALS[1])[1]])


@dataclass(frozen=True)
class Fitted:
    """One parameter. interval: low and high, by the share of the posterior inside. width: of the 90 % interval over that of the prior, on
    the prior's scale. identified: narrower than `NOT_TOLD`. own: the experiment's own value if it is simulated, NaN otherwise."""

    prior: Prior
    median: float
    interval: dict[str, tuple[float, float]]
    width: float
    identified: bool
    own: Number
    coverage: Coverage


@dataclass(frozen=True)
class Seen:
    """One statistic. middle, low, high: median and 90 % interval over the kept points, as they were simulated. least, most: over all
    points. out_of_reach: the experiment lies outside them."""

    name: str
    words: str
    unit: str
    observed: float
    middle: float
    low: float
    high: float
    least: float
    most: float
    out_of_reach: bool


@dataclass(frozen=True)
class Cost:
    """Of the bank: processor time of all points, and of one."""

    cpu_min: float
    point_cpu_s: float


@dataclass(frozen=True)
class FitSummary:
    """fit.json. points: used, of so many; kept: for the posterior. warnings: what to mind; left_out: statistics; a sentence each."""

    experiment: str
    condition: str
    pairs: int
    points: int
    of_points: int
    kept: int
    parameters: list[Fitted]
    statistics: list[Seen]
    warnings: list[str]
    left_out: list[str]
    cost: Cost
    version: int = 1


@dataclass(frozen=True)
class Fit:
    """A fit, and what its figures are drawn of. numbers [points], places [points, parameters]: of the points used, in the manifest and in
    the unit box."""

    summary: FitSummary
    posterior: Posterior
    numbers: np.ndarray
    places: np.ndarray


def fit(bank: Bank, experiment: Experiment, asked: Sequence[str] = ()) -> Fit:
    """Infer the free parameters of a bank behind an experiment.

    Parameters
    ----------
    bank : simulated points, each of as many pairs as the experiment has
    experiment : what was observed
    asked : statistics, or patterns of them; none: the defaults

    Raises
    ------
    UserError
        Pairs differ in number, a statistic cannot be used, or too few points are finished.
    """
    if bank.sweep.pairs != experiment.pairs:
        raise UserError(
            f"{experiment.path}: has {experiment.pairs} pairs, and points of {bank.path} {bank.sweep.pairs}; "
            "medians over other numbers of pairs vary by another amount, so -o begins another fit"
        )
    chosen = choose(bank, experiment, asked)
    _check_points(bank, chosen)
    places = bank.places[chosen.rows]
    posterior = infer(places, chosen.simulated, chosen.observed)
    coverage = held_out(places, chosen.simulated)
    fitted = [_fitted(place, bank, experiment, posterior, coverage[place]) for place in range(len(bank.priors))]
    cost = Cost(bank.cpu_min, 60 * bank.cpu_min / len(bank.table.rows))
    summary = FitSummary(
        experiment=str(experiment.path),
        condition=bank.sweep.condition,
        pairs=experiment.pairs,
        points=len(places),
        of_points=len(bank.table.rows) + bank.unfinished,
        kept=len(posterior.points),
        parameters=fitted,
        statistics=_seen(bank, chosen, posterior),
        warnings=_warnings(bank, experiment, chosen, fitted),
        left_out=chosen.left_out,
        cost=cost,
    )
    return Fit(summary, posterior, bank.table.rows["number"].to_numpy()[chosen.rows], places)


def _check_points(bank: Bank, chosen: Chosen) -> None:
    needed = max(FEWEST, FEWEST_EACH * len(bank.priors))
    if len(chosen.rows) < needed:
        raise UserError(
            f"{bank.path}: {len(chosen.rows)} of {len(bank.table.rows)} finished points have every statistic; a fit of "
            f"{len(bank.priors)} parameters needs {needed}: --resume --points adds some, --statistics names those that most points have"
        )


def _fitted(place: int, bank: Bank, experiment: Experiment, posterior: Posterior, coverage: Coverage) -> Fitted:
    prior = bank.priors[place]
    at = posterior.quantiles(SHARES)[:, place]
    lowest, low, median, high, highest = (float(each) for each in prior.values(at))
    width = float(at[-1] - at[0]) / INTERVALS[1]
    own = experiment.parameters.get(prior.key)
    return Fitted(
        prior=prior,
        median=median,
        interval={"0.5": (low, high), "0.9": (lowest, highest)},
        width=width,
        identified=width < NOT_TOLD,
        own=float("nan") if own is None else float(own),
        coverage=coverage,
    )


def _seen(bank: Bank, chosen: Chosen, posterior: Posterior) -> list[Seen]:
    outside, found = chosen.out_of_reach(), []
    for name, values, observed in zip(chosen.names, chosen.simulated.T, chosen.observed, strict=True):
        low, _, middle, _, high = map(float, weighted_quantiles(values[posterior.points], posterior.weights, SHARES))
        words, unit = bank.words(name)
        least, most = float(values.min()), float(values.max())
        found.append(Seen(name, words, unit, float(observed), middle, low, high, least, most, name in outside))
    return found


def _warnings(bank: Bank, experiment: Experiment, chosen: Chosen, fitted: Sequence[Fitted]) -> list[str]:
    """What to mind, the worst first."""
    notes = [
        f"{name}: the experiment lies outside what any point of the bank gives; the posterior rests on extrapolation"
        for name in chosen.out_of_reach()
    ]
    for each in fitted:
        if each.coverage.off:
            shares = ", ".join(f"{each.coverage.share(inside):.2f} for {inside:.0%}" for inside in INTERVALS)
            notes.append(f"{each.prior.key}: intervals are {each.coverage.off}; held-out coverage is {shares}")
    notes += [f"{each.prior.key}: is not identified by these statistics" for each in fitted if not each.identified]
    notes += other_schedule(experiment, bank.parameters())
    notes += [f"{bank.unfinished} points of the bank are not finished"] if bank.unfinished else []
    versions = bank.table.rows["code_version"].nunique()
    notes += [f"the points were computed by {versions} versions of the code"] if versions > 1 else []
    return notes
