"""From the bank of a fit and an experiment to posterior.csv, fit.json, figures and a page: `python -m sims.fit`."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from analysis.core.document import write_document
from analysis.fit import coverage, inference
from analysis.fit.bank import open_bank
from analysis.fit.experiment import Experiment
from analysis.fit.fitted import NOT_TOLD, Fit, Fitted, fit
from analysis.report.definitions import as_html
from analysis.report.figures import FigureSpec, embedded
from analysis.report.rendering import render
from recording.atomic import write_text
from recording.schemas import POSTERIOR
from recording.table import number, write_table

PAGE = "fit.html"


def write_fit_report(path: Path, quick: bool, experiment: Experiment, statistics: Sequence[str] = ()) -> Path:
    """Infer, and write posterior.csv, fit.json, figures/ and fit.html into the directory of the bank.

    Parameters
    ----------
    path : directory of a collected sweep
    quick : whether its sessions are short
    experiment : what it is fitted to
    statistics : names or patterns; none: the defaults

    Returns
    -------
    the page

    Raises
    ------
    UserError
        As `fit`; or a file is damaged or cannot be written.
    """
    found = fit(open_bank(path, quick), experiment, statistics)
    _write_posterior(path, found)
    write_document(path / "fit.json", found.summary)
    figures = [(spec, embedded(spec.draw, path / "figures" / spec.name)) for spec in _figures(found)]
    write_text(path / PAGE, render("fit.html.j2", **_values(found, figures)))
    return path / PAGE


def _write_posterior(path: Path, found: Fit) -> None:
    priors = [each.prior for each in found.summary.parameters]
    free = (number(prior.key, "value of the parameter", prior.unit) for prior in priors)
    schema = replace(POSTERIOR, columns=(*POSTERIOR.columns, *free))
    values = [prior.values(places) for prior, places in zip(priors, found.posterior.places.T, strict=True)]
    rows = zip(found.numbers[found.posterior.points], found.posterior.weights, *values, strict=True)
    write_table(path / schema.file, schema.frame(list(rows)), schema)


def _figures(found: Fit) -> list[FigureSpec]:
    from analysis.plots.fit import pairs, posteriors, ranks, statistics

    fitted, own = found.summary.parameters, " Orange: the value that the experiment was simulated with."
    own = own if any(each.own == each.own for each in fitted) else ""
    specs = [
        FigureSpec(
            "fit_posterior",
            "Posterior",
            f"Blue: posterior. Dashed: prior. Below: median, 50 % and 90 % interval.{own}",
            partial(posteriors, found),
        ),
        FigureSpec(
            "fit_pairs",
            "Parameters together",
            f"Grey: points of the bank, spread as the prior. Blue: draws of the posterior, larger with more weight.{own}",
            partial(pairs, found),
        ),
        FigureSpec(
            "fit_statistics",
            "Statistics",
            "Grey: all points of the bank. Blue: median and 90 % interval of those that were kept, as simulated. Orange: the "
            "experiment; a diamond lies outside the bank.",
            partial(statistics, found.summary.statistics),
        ),
        FigureSpec(
            "fit_ranks",
            "Coverage",
            "Each point of the bank is taken for an experiment and inferred from the others. Rank: share of its posterior below its "
            "true value. Right posteriors give even ranks: 99 in 100 bars lie within the grey band. A peak in the middle: intervals "
            "too wide. Peaks at both ends: too narrow.",
            partial(ranks, fitted),
        ),
    ]
    return specs if len(fitted) > 1 else [each for each in specs if each.name != "fit_pairs"]


def _values(found: Fit, figures: list[tuple[FigureSpec, str]]) -> dict[str, Any]:
    return {
        "summary": found.summary,
        "figures": figures,
        "rows": [_row(each) for each in found.summary.parameters],
        "not_told": NOT_TOLD,
        "definitions": [(name, as_html(each.__doc__)) for name, each in (("Inference", inference), ("Coverage", coverage))],
    }


def _row(fitted: Fitted) -> list[str]:
    """A parameter in cells: name, prior, median, intervals, width, own value, coverage."""
    prior, held = fitted.prior, fitted.coverage
    spans = [f"{low:.3g} to {high:.3g}" for low, high in (fitted.interval["0.5"], fitted.interval["0.9"])]
    return [
        f"{prior.key}, {prior.unit}" if prior.unit else prior.key,
        f"{prior.low:g} to {prior.high:g}{', log' if prior.log else ''}",
        f"{fitted.median:.3g}" if fitted.identified else "not identified",
        *spans,
        f"{fitted.width:.2f}",
        f"{fitted.own:.3g}" if fitted.own == fitted.own else "\N{EN DASH}",
        f"{held.share(0.5):.2f}, {held.share(0.9):.2f}{f' ({held.off})' if held.off else ''}",
    ]
