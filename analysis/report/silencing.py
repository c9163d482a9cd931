"""From the recordings of a silencing run to a table, a summary, a figure and a page: `python -m analysis.report RUN`."""

import json
import math
from pathlib import Path
from typing import Any

from analysis.core.run import RunDirectory, RunDirectoryError, open_run, place_of_report
from analysis.core.statistics import Estimate
from analysis.findings.f7 import CLAIM, as_json, judge_dose, judge_f7
from analysis.findings.verdict import Verdict
from analysis.interventions.silencing import DoseEffect, effects, measure_arms
from analysis.interventions.silencing_table import as_csv
from analysis.report.figures import embedded
from analysis.report.rendering import render
from params.command import command_line
from recording.atomic import write_text


def write_silencing_report(run_dir: Path, workers: int | None = None, out: Path | None = None) -> Path:
    """Analyse a silencing run; write silencing.csv, summary.json, figures/ and report.html into it, or `out`; returns the page.

    Raises
    ------
    UserError
        The directory holds no silencing run, a recording is damaged, or a file cannot be written.
    """
    from analysis.plots.interventions.silencing import dose_curves

    run = open_run(Path(run_dir))
    if "source" not in run.facts:
        raise RunDirectoryError(f"{run_dir}: is a training run; its report is {command_line('analysis.report', run_dir)}")
    params, out = run.resolved.mouse, place_of_report(run, out)
    arms = measure_arms(run, workers)
    found = effects(arms)
    verdict = judge_f7(found, params.analysis.significance)
    summary = summarise(run, found, verdict)
    write_text(out / "silencing.csv", as_csv(arms, params.silencing))
    write_text(out / "summary.json", json.dumps(summary, indent=2, allow_nan=False) + "\n")
    figure = embedded(lambda: dose_curves(arms, found), out / "figures" / "dose_curves")
    page = out / "report.html"
    text = render(
        "silencing.html.j2",
        summary=summary,
        effects=found,
        verdict=verdict,
        claim=CLAIM,
        judged=[judge_dose(each, params.analysis.significance) for each in found],
        figure=figure,
        arms=arms,
        params=run.resolved.text,
    )
    write_text(page, text)
    return page


def summarise(run: RunDirectory, found: list[DoseEffect], verdict: Verdict) -> dict[str, Any]:
    """The summary as written to summary.json; null where something was not measured."""
    facts, params = run.facts, run.resolved.mouse
    return {
        **{key: facts[key] for key in ("condition", "seed", "pairs", "digest", "code_version", "source")},
        "complete": bool(facts.get("complete", False)),
        "sessions": len(run.sessions),
        "wall_s": facts.get("wall_s"),
        **{key: getattr(params.silencing, key) for key in ("target", "when", "who")},
        "doses": [dose_as_json(each, params.analysis.significance) for each in found],
        "verdicts": {"F7": {"holds": verdict.holds, "measured": verdict.measured, "because": verdict.because}},
    }


def dose_as_json(effect: DoseEffect, significance: float) -> dict[str, Any]:
    """One dose as summary.json holds it."""
    estimates = {name: value.as_json() for name, value in vars(effect).items() if isinstance(value, Estimate)}
    numbers = {"dose": effect.dose, "p_value": None if math.isnan(effect.p) else effect.p, "attempts": effect.attempts}
    return numbers | estimates | as_json(judge_dose(effect, significance))
