"""From the tables of an ablation to a summary, a figure, a verdict and a page: `python -m analysis.report RUN`."""

from pathlib import Path

from analysis.behaviour.cohort import cohort_p_value
from analysis.core.document import write_document
from analysis.core.run import RunDirectoryError, open_run, place_of_report
from analysis.findings.f9 import CLAIM_MICE, judge_mice
from analysis.findings.summary import AblationSummary, facts_of
from analysis.interventions.ablation.mice import JUDGED, Curves, points, read_tables, untouched
from analysis.report.ablation_grid import write_grid_report
from analysis.report.figures import embedded
from analysis.report.rendering import render
from params import Parameters
from recording.atomic import write_text
from recording.schemas import ABLATION_OF_MICE
from recording.table import write_table


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
    table = read_tables(run)
    found = points(table)
    curves = Curves(found)
    effects, baseline = curves.effects(), untouched(run, workers)
    count = params.ablation.judged_count
    verdict = judge_mice(curves, baseline, count, params.analysis.significance)
    area = {name: curves.area(JUDGED, name) for name in ("matched", "self")}
    untouched_success = curves.median(curves.column(0, "none", lambda point: point.success))
    summary = AblationSummary(facts_of(run), untouched_success, cohort_p_value(baseline), area, effects, {"F9": verdict})
    write_table(out / "ablation.csv", table, ABLATION_OF_MICE)
    write_document(out / "summary.json", summary)
    figure = embedded(lambda: ablation_curves(curves, effects, baseline), out / "figures" / "ablation_curves")
    page = out / "report.html"
    values = {
        "summary": summary,
        "effects": effects,
        "baseline": baseline,
        "points": found,
        "verdict": verdict,
        "claim": CLAIM_MICE.format(count=count),
        "settings": params.ablation,
        "areas": area,
        "figure": figure,
        "params": run.resolved.text,
    }
    write_text(page, render("ablation.html.j2", **values))
    return page
