"""From the recordings of a shadow run to a table, a summary, figures and a page: `python -m analysis.report RUN`."""

from collections.abc import Callable
from pathlib import Path

from analysis.core.document import write_document
from analysis.core.run import RunDirectoryError, open_run, place_of_report
from analysis.findings.f5 import judge_f5_shadow
from analysis.findings.f6 import judge_f6_causal
from analysis.findings.shadow import CLAIMS, judge_shadows
from analysis.findings.summary import ShadowSummary, facts_of
from analysis.interventions.shadow import measure_shadows
from analysis.interventions.shadow_cohort import ShadowCohort, ShadowFindings, find_shadows
from analysis.interventions.shadow_table import SHADOW, shadow_table
from analysis.report.definitions import as_html
from analysis.report.figures import FigureSpec, embedded
from analysis.report.rendering import render
from recording.atomic import write_text
from recording.table import write_table

RULES = {"F5_shadow": judge_f5_shadow, "F6_causal": judge_f6_causal}


def write_shadow_report(
    run_dir: Path, workers: int | None = None, out: Path | None = None, say: Callable[[str], None] = print
) -> Path:
    """Analyse a shadow run and write shadow.csv, summary.json, figures/ and report.html into it, or into `out`; returns the page.

    Raises
    ------
    UserError
        The directory holds no shadow run, or none with a state recorded whole; a recording is damaged, or a file cannot be written.
    """
    run = open_run(Path(run_dir))
    if run.facts["condition"] != "shadow":
        raise RunDirectoryError(f"{run_dir}: is a run of {run.facts['condition']}, not of sims.shadow")
    out = place_of_report(run, out)
    animals = measure_shadows(run, workers, say)
    if not animals:
        raise RunDirectoryError(f"{run_dir}: no state of any pair was recorded whole; go on with it (--resume)")
    cohort = ShadowCohort(animals)
    findings = find_shadows(cohort)
    verdicts = judge_shadows(findings)
    summary = ShadowSummary(facts_of(run), findings, verdicts)
    write_table(out / SHADOW.file, shadow_table(animals), SHADOW)
    write_document(out / "summary.json", summary)
    drawn = shadow_figures(cohort, findings)
    svg = [(each, embedded(each.draw, out / "figures" / each.name)) for each in drawn]
    page = out / "report.html"
    values = {
        "summary": summary,
        "findings": findings,
        "verdicts": [(name, CLAIMS[name], verdict) for name, verdict in verdicts.items()],
        "rules": {name: as_html(judge.__doc__) for name, judge in RULES.items()},
        "rows": [(each, each.values()) for each in animals],
        "figures": svg,
        "params": run.resolved.text,
    }
    write_text(page, render("shadow.html.j2", **values))
    return page


def shadow_figures(cohort: ShadowCohort, findings: ShadowFindings) -> list[FigureSpec]:
    """What is drawn of a cohort."""
    from analysis.plots.interventions.shadow import amplification_figure, told_figure

    return [
        FigureSpec(
            "told",
            "What intact and blind cells tell of the partner",
            "Decoding of the partner on held-out time, from the brain that played (intact) and from its blind shadow; mean of "
            "a pair's two animals. Thin lines: pairs. Large dots: median and 95 % interval.",
            lambda: told_figure(cohort, findings),
        ),
        FigureSpec(
            "amplification",
            "Amplification of the response to an arrival",
            "Left: response of partner-driven cells to the partner's arrival at its armed port: (intact less blind) / (held "
            "less blind). Dotted: 1, recurrence neither amplifies nor attenuates. Right: success against the excess, decoding "
            "of the partner's place from intact less blind cells. Each dot is a pair.",
            lambda: amplification_figure(cohort, findings),
        ),
    ]
