"""From the tables of units ablated on the grid to a summary, a figure, verdicts and a page; see `analysis.report.ablation`."""

from pathlib import Path

from analysis.behaviour.cohort import cohort_p_value
from analysis.core.document import write_document
from analysis.core.run import RunDirectory
from analysis.findings.f9 import CLAIMS_GRID, judge_grid
from analysis.findings.summary import GridAblationSummary, facts_of
from analysis.interventions.ablation.grid import GridCurves, points
from analysis.interventions.ablation.mice import read_tables, untouched
from analysis.report.figures import embedded
from analysis.report.rendering import render
from recording.atomic import write_text
from recording.schemas import ABLATION_OF_GRID
from recording.table import write_table


def write_grid_report(run: RunDirectory, workers: int | None, out: Path) -> Path:
    """Write ablation.csv, summary.json, figures/ and report.html of an ablation on the grid into its directory; returns the page.

    Raises
    ------
    UserError
        A pair has no table, a recording is damaged, or a file cannot be written.
    """
    from analysis.plots.interventions.ablation_grid import ablation_curves

    params = run.resolved.grid
    table = read_tables(run, ABLATION_OF_GRID)
    found = points(table)
    curves = GridCurves(found)
    baseline, count = untouched(run, workers), params.ablation.judged_count
    verdicts = judge_grid(curves, baseline, count, params.analysis.significance)
    sets = [*curves.controls(), *curves.effects()]
    summary = GridAblationSummary(facts_of(run), params.ablation.who, cohort_p_value(baseline), sets, verdicts)
    write_table(out / "ablation.csv", table, ABLATION_OF_GRID)
    write_document(out / "summary.json", summary)
    figure = embedded(lambda: ablation_curves(curves), out / "figures" / "ablation_curves")
    values = {
        "summary": summary,
        "effects": sets,
        "baseline": baseline,
        "points": found,
        "verdicts": [(name, CLAIMS_GRID[name].format(count=count), verdict) for name, verdict in verdicts.items()],
        "settings": params.ablation,
        "figure": figure,
        "params": run.resolved.text,
    }
    page = out / "report.html"
    write_text(page, render("ablation_grid.html.j2", **values))
    return page
