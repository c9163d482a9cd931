"""From the recordings of a pathways run to tables, a summary, figures and a page: `python -m analysis.report RUN`."""

from pathlib import Path
from typing import Any

import numpy as np

from analysis.behaviour.session import SessionMeasures, measure_session
from analysis.core.document import write_document
from analysis.core.run import RunDirectory, RunDirectoryError, SessionFile, open_run, place_of_report
from analysis.core.statistics import Estimate
from analysis.findings.summary import PathwaysSummary, facts_of
from analysis.interventions.pathways import PlaceMap, Trial, Trials, place_map, trials
from analysis.interventions.pathways_table import PATHWAYS, pathways_table
from analysis.interventions.weight_changes import INPUTS, associations, read_changes
from analysis.report.figures import embedded
from analysis.report.rendering import render
from compute.threads import in_threads
from recording import read_session
from recording.atomic import write_text
from recording.table import write_table


def write_pathways_report(run_dir: Path, workers: int | None = None, out: Path | None = None) -> Path:
    """Analyse a pathways run and write pathways.csv, summary.json, figures/ and report.html into it, or into `out`; returns the page.

    Raises
    ------
    UserError
        The directory holds no pathways run, a recording or table is damaged, or a file cannot be written.
    """
    from analysis.plots.interventions.pathways import map_figure, variant_figure, weight_figure

    run = open_run(Path(run_dir))
    if run.facts["condition"] != "pathways":
        raise RunDirectoryError(f"{run_dir}: is a run of {run.facts['condition']}, not of sims.pathways")
    params, out = run.resolved.mouse, place_of_report(run, out)
    settings = params.pathways
    found = Trials(trials_of(run, workers))
    changes = read_changes(run)
    effects = found.effects()
    where = place_map(found, settings.grid_from_divider, settings.grid_from_port_end)
    linked = associations(changes, settings.permutations, run.facts["seed"])
    summary = PathwaysSummary(facts_of(run), effects, where, linked)
    write_table(out / PATHWAYS.file, pathways_table(found.found), PATHWAYS)
    write_document(out / "summary.json", summary)
    drawings = {
        "pathways": lambda: variant_figure(found, effects),
        "map": lambda: map_figure(where, params.chamber.width_cm, params.chamber.length_cm),
        "weights": lambda: weight_figure(changes),
    }
    svg = {name: embedded(draw, out / "figures" / name) for name, draw in drawings.items()}
    page = out / "report.html"
    values = {"summary": summary, "effects": effects, "linked": linked, "inputs": INPUTS, "figures": svg}
    text = render("pathways.html.j2", **values, settings=settings, where=_extremes(where), params=run.resolved.text)
    write_text(page, text)
    return page


def trials_of(run: RunDirectory, workers: int | None = None) -> list[Trial]:
    """Every trial of a pathways run, from its recordings."""
    return trials(in_threads(lambda file: _measured(run, file), run.sessions, workers))


def _measured(run: RunDirectory, file: SessionFile) -> tuple[SessionMeasures, dict[str, str]]:
    session = read_session(file.path, rates=False)
    missing = [name for name in ("base", "variant", "block") if name not in session.attributes]
    if missing:
        raise RunDirectoryError(f"{file.path}: attribute {missing[0]} is missing; is this a pathways run?")
    rng = np.random.default_rng([run.facts["seed"], file.pair, file.session])
    what = {name: str(session.attributes[name]) for name in ("base", "variant", "block")}
    return measure_session(session, run.resolved.mouse, rng), what


def _extremes(where: PlaceMap) -> dict[str, Any]:
    """The block whose loss costs most success, and how many blocks have an interval that leaves out 0."""
    row, column = np.unravel_index(np.nanargmin(where.success), where.success.shape)
    estimate = Estimate(float(where.success[row, column]), float(where.low[row, column]), float(where.high[row, column]), where.n)
    sure = int(np.sum((where.high < 0) | (where.low > 0)))
    return {"row": int(row) + 1, "column": int(column) + 1, "change": estimate, "sure": sure, "blocks": where.success.size}
