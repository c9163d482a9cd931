"""From the tables of an ablation to a summary, a figure, a verdict and a page: `python -m analysis.report RUN`."""

import json
import math
from pathlib import Path
from typing import Any

from analysis.behaviour.cohort import Evaluation, cohort_p_value
from analysis.core.run import RunDirectory, RunDirectoryError, open_run, place_of_report
from analysis.core.statistics import Estimate
from analysis.findings.f9_mice import CLAIM, judge_f9
from analysis.findings.verdict import Verdict
from analysis.interventions.ablation.mice import JUDGED, AblationEffect, Curves, points, read_tables, untouched
from analysis.report.ablation_grid import write_grid_report
from analysis.report.figures import embedded
from analysis.report.rendering import render
from params import Parameters
from recording.atomic import write_text


def write_ablation_report(run_dir: Path, workers: int | None = None, out: Path | None = None) -> Path:
    """Analyse an ablation and write ablation.csv, summary.json, figures/ and report.html into it, or into `out`; returns the page.

    Raises
    ------
    UserError
        The directory holds no finished ablation, a recording is damaged, or a file cannot be written.
    """
    from analysis.plots.interventions.ablation import ablation_curves

    run = open_run(Path(run_dir))
    if run.facts["condition"] != "ablation":
        raise RunDirectoryError(f"{run_dir}: is a run of {run.facts['condition']}, not an ablation")
    out = place_of_report(run, out)
    if not isinstance(run.resolved.params, Parameters):
        return write_grid_report(run, workers, out)
    params = run.resolved.mouse
    text, rows = read_tables(run)
    found = points(rows)
    curves = Curves(found)
    effects, baseline = curves.effects(), untouched(run, workers)
    count = params.ablation.judged_count
    verdict = judge_f9(curves, baseline, count, params.analysis.significance)
    summary = summarise(run, curves, effects, baseline, verdict)
    write_text(out / "ablation.csv", text)
    write_text(out / "summary.json", json.dumps(summary, indent=2, allow_nan=False) + "\n")
    figure = embedded(lambda: ablation_curves(curves, effects, baseline), out / "figures" / "ablation_curves")
    page = out / "report.html"
    values = {
        "summary": summary,
        "effects": effects,
        "baseline": baseline,
        "points": found,
        "verdict": verdict,
        "claim": CLAIM.format(count=count),
        "settings": params.ablation,
        "areas": {name: str(curves.area(JUDGED, name)) for name in ("matched", "self")},
        "figure": figure,
        "params": run.resolved.text,
    }
    write_text(page, render("ablation.html.j2", **values))
    return page


def summarise(
    run: RunDirectory, curves: Curves, effects: list[AblationEffect], baseline: list[Evaluation], verdict: Verdict
) -> dict[str, Any]:
    """The summary as written to summary.json; null where something was not measured."""
    facts, p_value = run.facts, cohort_p_value(baseline)
    return {
        **{key: facts[key] for key in ("condition", "seed", "pairs", "digest", "code_version", "source")},
        "complete": bool(facts.get("complete", False)),
        "wall_s": facts.get("wall_s"),
        "success_untouched": curves.median(curves.column(0, "none", lambda point: point.success)).as_json(),
        "p_value_untouched": None if math.isnan(p_value) else p_value,
        "area": {name: curves.area(JUDGED, name).as_json() for name in ("matched", "self")},
        "sets": [set_as_json(each) for each in effects],
        "verdicts": {"F9": {"holds": verdict.holds, "measured": verdict.measured, "because": verdict.because}},
    }


def set_as_json(effect: AblationEffect) -> dict[str, Any]:
    """One set of cells as summary.json holds it."""
    estimates = {name: value.as_json() for name, value in vars(effect).items() if isinstance(value, Estimate)}
    return {"k": effect.k, "set": effect.name} | estimates
