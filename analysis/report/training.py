"""From the recordings of a run to a table, a summary, figures and one self-contained page: `python -m analysis.report RUN`."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from analysis.behaviour.cohort import OPAQUE, SOCIAL, Cohort
from analysis.behaviour.strategy_growth import STAGES as BEHAVIOUR_STAGES
from analysis.core.document import write_document
from analysis.core.run import open_run, place_of_report
from analysis.findings.analysed import Analysed, analyse
from analysis.findings.learning_table import LEARNING, learning_table
from analysis.findings.training import CLAIMS
from analysis.neural.firing.numbers import firing_rows
from analysis.neural.firing.table import FIRING, table_of_firing
from analysis.neural.inputs.signals import Signal
from analysis.neural.inputs.stages import STAGES
from analysis.neural.table import NEURAL, table_of_cells
from analysis.report.agent_figures import agent_figures_of, agent_numbers
from analysis.report.both_wait import both_wait_rows
from analysis.report.cell_figures import cell_figures_of, firing_figures_of
from analysis.report.definitions import definitions
from analysis.report.figures import FigureSpec, embedded, example_sessions, figures_of
from analysis.report.rendering import render, text_of
from analysis.report.replay import replay_of, replay_script, words_of
from recording import Session
from recording.atomic import write_text
from recording.table import write_table

Drawn = tuple[FigureSpec, str]  # a figure and its SVG in base 64


def write_report(
    run_dir: Path,
    workers: int | None = None,
    behaviour_only: bool = False,
    signals: Mapping[str, Signal] | None = None,
    out: Path | None = None,
    say: Callable[[str], None] = print,
) -> Path:
    """Analyse a run and write learning.csv, neural.csv, firing.csv, summary.json, figures/ and report.html into it, or into `out`; returns
    the page.

    A run without rates, or of which only behaviour was asked, gets no neural.csv; one without spikes no firing.csv; one that is there
    is left.

    Raises
    ------
    UserError
        As `analyse`, or a file cannot be written.
    """
    out = place_of_report(open_run(Path(run_dir)), out)
    analysed = analyse(run_dir, workers, behaviour_only, signals, say)
    run, cohort, cells = analysed.run, analysed.cohort, analysed.cells
    write_table(out / LEARNING.file, learning_table(cohort.measures), LEARNING)
    if cells.signals:
        write_table(out / NEURAL.file, table_of_cells(cells.measures), NEURAL)
    if analysed.firing:
        write_table(out / FIRING.file, table_of_firing(analysed.firing), FIRING)
    write_document(out / "summary.json", analysed.summary)
    examples = example_sessions(cohort, run)
    figures = _saved(figures_of(cohort, analysed.findings, run, examples), out)
    cell_figures = [(name, _saved(cell_figures_of(name, found, cohort, run), out)) for name, found in cells.signals.items()]
    analysis = run.resolved.params.analysis
    agent_figures = _saved(agent_figures_of(analysed.agents, analysis), out) if analysed.agents else []
    firing_figures = _saved(firing_figures_of(analysed), out) if analysed.firing else []
    page = out / "report.html"
    write_text(page, _page(analysed, figures, cell_figures, firing_figures, agent_figures, examples))
    return page


def _saved(specs: list[FigureSpec], out: Path) -> list[Drawn]:
    return [(spec, embedded(spec.draw, out / "figures" / spec.name)) for spec in specs]


def _page(
    analysed: Analysed,
    figures: list[Drawn],
    cell_figures: list[tuple[str, list[Drawn]]],
    firing_figures: list[Drawn],
    agent_figures: list[Drawn],
    examples: dict[str, Session],
) -> str:
    resolved = analysed.run.resolved
    title, session = list(examples.items())[-1]
    replay = replay_of(analysed.run, session, analysed.cells)
    return render(
        "training.html.j2",
        summary=analysed.summary,
        findings=analysed.findings,
        both_wait=both_wait_rows(analysed.findings.both_wait, analysed.cohort.clock),
        behaviour_stages=BEHAVIOUR_STAGES,
        verdicts=[(name, CLAIMS[name], verdict) for name, verdict in analysed.summary.verdicts.items()],
        figures=figures,
        cells=analysed.cells,
        cell_figures=cell_figures,
        firing_figures=firing_figures,
        firing_rows=firing_rows(analysed.firing) if analysed.firing else [],
        agent_figures=agent_figures,
        agent_numbers=agent_numbers(analysed.agents) if analysed.agents else [],
        stages=STAGES,
        pairs=_pair_rows(analysed.cohort),
        definitions=definitions(resolved.params.analysis, analysed.cohort.clock.unit, analysed.firing is not None),
        clock=analysed.cohort.clock,
        params=resolved.text,
        replay={"title": title, "pair": session.attributes["pair"], "data": replay, "words": words_of(replay)},
        replay_style=Markup(text_of("replay.css")),
        replay_script=replay_script(),
    )


def _pair_rows(cohort: Cohort) -> list[dict[str, Any]]:
    """One row per pair of the report's table."""
    social = {each.pair: each for each in cohort.evaluations(SOCIAL)}
    opaque = {each.pair: each for each in cohort.evaluations(OPAQUE)}
    return [
        {
            "pair": pair,
            "long": sum(each.duration_s for each in cohort.sessions(pair)) / cohort.clock.long,
            "sessions": len(cohort.sessions(pair)),
            "social": social.get(pair),
            "opaque": opaque.get(pair),
        }
        for pair in cohort.pairs
    ]
