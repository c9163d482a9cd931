"""From the recordings of a run to a table, a summary, figures and one self-contained page: `python -m analysis.report RUN`."""

import argparse
import base64
import json
import math
import os
import sys
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from analysis.cohort import Cohort
from analysis.definitions import definitions
from analysis.figures import FigureSpec, example_sessions, figures_of
from analysis.learning_table import as_csv
from analysis.plots.style import save
from analysis.replay import replay_data
from analysis.run_directory import RunDirectory, RunDirectoryError, open_run
from analysis.session_measures import measure_run
from analysis.summary import OPAQUE, SOCIAL, Findings, find, summarise
from analysis.verdicts import CLAIMS, Verdict, as_json, judge
from params.errors import UserError
from recording import Session
from recording.atomic import write_text


@dataclass(frozen=True)
class Analysed:
    """A run with everything that was found in it; summary: what summary.json holds."""

    run: RunDirectory
    cohort: Cohort
    findings: Findings
    verdicts: dict[str, Verdict]
    summary: dict[str, Any]


def analyse(run_dir: Path, workers: int | None = None) -> Analysed:
    """Read and analyse every session of a run, and write nothing.

    The same recordings give the same result whatever the number of workers (default: one per core).

    Raises
    ------
    UserError
        The directory is no run, or a recording is damaged.
    """
    run = open_run(Path(run_dir))
    if "source" in run.facts:
        raise RunDirectoryError(f"{run_dir}: manipulates trained pairs; its report is python -m analysis.causal_report {run_dir}")
    cohort = Cohort(measure_run(run, workers or os.cpu_count() or 1))
    findings = find(cohort, run)
    verdicts = judge(findings, run.resolved.params.analysis)
    return Analysed(run, cohort, findings, verdicts, summarise(cohort, run, findings, as_json(verdicts)))


def write_report(run_dir: Path, workers: int | None = None) -> Path:
    """Analyse a run and write learning.csv, summary.json, figures/ and report.html into it; returns the page.

    Raises
    ------
    UserError
        As `analyse`, or a file cannot be written.
    """
    analysed = analyse(run_dir, workers)
    run, cohort = analysed.run, analysed.cohort
    write_text(run.path / "learning.csv", as_csv(cohort.measures))
    write_text(run.path / "summary.json", json.dumps(analysed.summary, indent=2, allow_nan=False) + "\n")
    examples = example_sessions(cohort, run)
    figures = [(spec, save(spec.draw(), run.path / "figures" / spec.name)) for spec in figures_of(cohort, run, examples)]
    page = run.path / "report.html"
    write_text(page, _page(analysed, figures, examples))
    return page


def render(template: str, **values: Any) -> str:
    """A self-contained page from a template of this package, with the style that all pages share."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["number"] = _number
    return environment.from_string(_text(template)).render(style=Markup(_text("report.css")), **values)


def _page(analysed: Analysed, figures: list[tuple[FigureSpec, bytes]], examples: dict[str, Session]) -> str:
    resolved = analysed.run.resolved
    title, session = list(examples.items())[-1]
    return render(
        "report.html.j2",
        summary=analysed.summary,
        findings=analysed.findings,
        verdicts=[(name, CLAIMS[name], verdict) for name, verdict in analysed.verdicts.items()],
        figures=[(spec, base64.b64encode(svg).decode()) for spec, svg in figures],
        pairs=_pair_rows(analysed.cohort),
        definitions=definitions(resolved.params.analysis),
        params=resolved.text,
        replay={"title": title, "pair": session.attributes["pair"] + 1, "data": replay_data(session, resolved.params.chamber)},
        replay_script=Markup(_text("replay.js")),
    )


def _text(name: str) -> str:
    return (files("analysis") / name).read_text(encoding="utf-8")


def _pair_rows(cohort: Cohort) -> list[dict[str, Any]]:
    """One row per pair of the report's table."""
    social = {each.pair: each for each in cohort.evaluations(SOCIAL)}
    opaque = {each.pair: each for each in cohort.evaluations(OPAQUE)}
    return [
        {
            "pair": pair + 1,
            "hours": sum(each.duration_s for each in cohort.sessions(pair)) / 3600,
            "sessions": len(cohort.sessions(pair)),
            "social": social.get(pair),
            "opaque": opaque.get(pair),
        }
        for pair in cohort.pairs
    ]


def _number(value: float | None, digits: int = 2) -> str:
    return "\N{EN DASH}" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m analysis.report", description=(__doc__ or "").split(":")[0] + ".")
    parser.add_argument("run", type=Path, metavar="RUN", help="directory of a run, as written by sims.run")
    parser.add_argument("--workers", type=int, default=None, help="threads that read and score sessions (default: one per core)")
    chosen = parser.parse_args(arguments)
    try:
        print(write_report(chosen.run, chosen.workers))
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
