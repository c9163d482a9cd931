"""From the tables of units ablated on the grid to a summary, a figure, verdicts and a page; see `analysis.report.ablation`."""

import json
import math
from pathlib import Path
from typing import Any

from analysis.behaviour.cohort import Evaluation, cohort_p_value
from analysis.core.run import RunDirectory
from analysis.core.statistics import Estimate
from analysis.findings.f9_grid import CLAIMS, judge_f9_grid
from analysis.findings.verdict import Verdict, as_json
from analysis.interventions.ablation.grid import GridCurves, GridEffect, points
from analysis.interventions.ablation.mice import read_tables, untouched
from analysis.report.figures import embedded
from analysis.report.rendering import render
from recording.atomic import write_text


def write_grid_report(run: RunDirectory, workers: int | None, out: Path) -> Path:
    """Write ablation.csv, summary.json, figures/ and report.html of an ablation on the grid into its directory; returns the page.

    Raises
    ------
    UserError
        A pair has no table, a recording is damaged, or a file cannot be written.
    """
    from analysis.plots.interventions.ablation_grid import ablation_curves

    params = run.resolved.grid
    text, rows = read_tables(run)
    found = points(rows)
    curves = GridCurves(found)
    baseline, count = untouched(run, workers), params.ablation.judged_count
    verdicts = judge_f9_grid(curves, baseline, count, params.analysis.significance)
    summary = summarise(run, curves, baseline, verdicts)
    write_text(out / "ablation.csv", text)
    write_text(out / "summary.json", json.dumps(summary, indent=2, allow_nan=False) + "\n")
    figure = embedded(lambda: ablation_curves(curves), out / "figures" / "ablation_curves")
    values = {
        "summary": summary,
        "effects": [*curves.controls(), *curves.effects()],
        "baseline": baseline,
        "points": found,
        "verdicts": [(name, CLAIMS[name].format(count=count), verdict) for name, verdict in verdicts.items()],
        "settings": params.ablation,
        "figure": figure,
        "params": run.resolved.text,
    }
    page = out / "report.html"
    write_text(page, render("ablation_grid.html.j2", **values))
    return page


def summarise(run: RunDirectory, curves: GridCurves, baseline: list[Evaluation], verdicts: dict[str, Verdict]) -> dict[str, Any]:
    """The summary as written to summary.json; null where something was not measured."""
    facts, p_value = run.facts, cohort_p_value(baseline)
    return {
        **{key: facts[key] for key in ("condition", "seed", "pairs", "digest", "code_version", "source")},
        "complete": bool(facts.get("complete", False)),
        "wall_s": facts.get("wall_s"),
        "who": run.resolved.grid.ablation.who,
        "p_value_untouched": None if math.isnan(p_value) else p_value,
        "sets": [_as_json(each) for each in [*curves.controls(), *curves.effects()]],
        "verdicts": as_json(verdicts),
    }


def _as_json(effect: GridEffect) -> dict[str, Any]:
    estimates = {name: value.as_json() for name, value in vars(effect).items() if isinstance(value, Estimate)}
    return {"k": effect.k, "set": effect.name} | estimates
