"""From the recordings of a silencing run to a table, a summary, a figure and a page: `python -m analysis.report RUN`."""

from pathlib import Path

from analysis.core.document import write_document
from analysis.core.run import RunDirectoryError, open_run, place_of_report
from analysis.findings.f7 import CLAIM, judge_dose, judge_f7
from analysis.findings.summary import Dose, SilencingSummary, facts_of
from analysis.interventions.silencing import effects, measure_arms
from analysis.interventions.silencing_table import SILENCING, silencing_table
from analysis.report.figures import embedded
from analysis.report.rendering import render
from params.command import command_line
from recording.atomic import write_text
from recording.table import write_table


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
    judged = [judge_dose(each, params.analysis.significance) for each in found]
    silencing = params.silencing
    doses = list(map(Dose, found, judged))
    summary = SilencingSummary(facts_of(run), silencing.target, silencing.when, silencing.who, doses, {"F7": verdict})
    write_table(out / SILENCING.file, silencing_table(arms, silencing), SILENCING)
    write_document(out / "summary.json", summary)
    figure = embedded(lambda: dose_curves(arms, found), out / "figures" / "dose_curves")
    page = out / "report.html"
    text = render(
        "silencing.html.j2",
        summary=summary,
        effects=found,
        verdict=verdict,
        claim=CLAIM,
        judged=judged,
        figure=figure,
        arms=arms,
        params=run.resolved.text,
    )
    write_text(page, text)
    return page
