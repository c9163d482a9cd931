"""Join runs of several seeds and judge every claim over all their pairs: `python -m analysis.pooled RUN RUN ...`.

Runs may be of training, silencing, ablation, shadows and pathways, mixed: those of one condition are joined (`analysis.report.pooling`).
"""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from analysis.behaviour.findings import BehaviourFindings
from analysis.behaviour.strategy_growth import STAGES
from analysis.core.command import analysis_parser, print_made
from analysis.core.document import write_document
from analysis.core.run import RunDirectoryError
from analysis.findings.f7 import judge_dose
from analysis.findings.summary import Dose
from analysis.interventions.ablation.mice import AblationEffect
from analysis.interventions.pathways import VariantEffect
from analysis.interventions.shadow_cohort import ShadowFindings
from analysis.neural.cohort import success_of
from analysis.neural.table import version_in
from analysis.report.both_wait import Row as BothWaitRow
from analysis.report.both_wait import both_wait_rows
from analysis.report.figures import FigureSpec, embedded
from analysis.report.figures import figures_of as behaviour_figures
from analysis.report.pooling import Ablated, Group, Rewired, Row, Shadowed, Silenced, Trained, pool_runs
from analysis.report.rendering import render
from analysis.report.shadow import shadow_figures
from params.command import add_workers
from recording.atomic import write_text

OF_BEHAVIOUR = ("learning_curves", "strategies", "release_curve", "waiting_curve")  # of a run's figures, those drawn of all pairs


def write_pooled(paths: list[Path], out: Path, workers: int | None = None) -> Path:
    """Join runs and write summary.json, figures/ and report.html into a directory; returns the page.

    Raises
    ------
    UserError
        As `pool_runs`; the directory is a run; or a file cannot be written.
    """
    if (out / "run.json").exists():
        raise RunDirectoryError(f"{out}: is a run; --out names a directory of its own")
    groups = pool_runs(paths, workers)
    write_document(out / "summary.json", [_summary(each) for each in groups], list[PooledSummary])
    drawn = [[(spec, _saved(spec, out, group)) for spec in figures_of(group)] for group in groups]
    page = out / "report.html"
    shown = [
        (_title(each), each, notes_of(each), figures, _both_wait(each), each.effects if isinstance(each, Rewired) else [])
        for each, figures in zip(groups, drawn, strict=True)
    ]
    write_text(page, render("pooled.html.j2", groups=shown, behaviour_stages=STAGES))
    return page


def _saved(spec: FigureSpec, out: Path, group: Group) -> str:
    """Save a figure under a name that tells its condition; the SVG in base 64."""
    return embedded(spec.draw, out / "figures" / f"{_condition(group)}_{spec.name}")


def _both_wait(group: Group) -> list[BothWaitRow]:
    """Rows of the table, of training runs."""
    return both_wait_rows(group.findings.both_wait, group.cohort.clock) if isinstance(group, Trained) else []


def _condition(group: Group) -> str:
    return str(group.runs[0].facts["condition"])


def notes_of(group: Group) -> list[str]:
    """What is missing of a whole cohort; one sentence each."""
    notes = [f"{run.path}: was not finished." for run in group.runs if not run.facts.get("complete", False)]
    if isinstance(group, Trained):
        of_all = len(group.cohort.pairs)
        measured = {name: len(found.cohort.pairs) for name, found in group.cells.signals.items()}
        notes += [f"Cells by {name}: of {some} of {of_all} pairs." for name, some in measured.items() if some < of_all]
        versions = {run.path: version_in(run.path / "neural.csv") for run in group.runs} if measured else {}
        if len(set(versions.values())) > 1:
            said = ", ".join(f"{path}: {version}" for path, version in versions.items())
            notes.append(
                f"Cells were measured by different versions of the analysis ({said}); analysis.report measures them anew."
            )
    return notes


def _title(group: Group) -> str:
    facts = [run.facts for run in group.runs]
    seeds = ", ".join(str(each["seed"]) for each in facts)
    return f"{facts[0]['condition']}, seed{'s' if len(facts) > 1 else ''} {seeds}: {sum(each['pairs'] for each in facts)} pairs"


def figures_of(group: Group) -> list[FigureSpec]:
    """What is drawn of runs of one condition: the figures of a single run, with all pairs in them."""
    from analysis.plots.interventions.ablation import ablation_curves
    from analysis.plots.interventions.pathways import variant_figure
    from analysis.plots.interventions.silencing import dose_curves

    if isinstance(group, Trained):
        return _of_training(group)
    if isinstance(group, Silenced):
        caption = (
            "Left: success through the clear divider; each pair, and the median with its interval. Grey: chance at that dose. "
            "Dashed: behind the opaque divider. Right: success, solo pokes and solo speed, divided by the pair's own at dose 0. "
            "Dotted: 80 %."
        )
        return [FigureSpec("dose_curves", "Dose by dose", caption, lambda: dose_curves(group.arms, group.effects))]
    if isinstance(group, Shadowed):
        return shadow_figures(group.cohort, group.findings)
    if isinstance(group, Rewired):
        caption = (
            "Filled dots: success; median, interval and pairs. Bars: chance. Diamonds: solo pokes, over the learned brain's."
        )
        return [FigureSpec("pathways", "Brains put together", caption, lambda: variant_figure(group.trials, group.effects))]
    caption = (
        "Left: success without k cells per brain. Grey: chance of the untouched pairs. Right: solo pokes, divided by those of the "
        "untouched pair. Dotted: 80 %. Thick lines: median over pairs with its interval. Thin lines: pairs."
    )
    curves = group.curves
    draw = partial(ablation_curves, curves, curves.effects(), group.baseline)
    return [FigureSpec("ablation_curves", "Cell by cell", caption, draw)]


def _of_training(group: Trained) -> list[FigureSpec]:
    from analysis.plots.neural.decoding import decoding_figure
    from analysis.plots.neural.success import success_figure

    cohort = group.cohort
    specs = [each for each in behaviour_figures(cohort, group.findings, group.runs[0], {}) if each.name in OF_BEHAVIOUR]
    cells = group.cells.first
    if cells is None:
        return specs
    return [
        *specs,
        FigureSpec(
            "neural_decoding",
            "Decoding of the partner",
            "Decoding from rates on held-out time, mean of a pair's two animals. Large dots: median and 95 % interval over "
            "pairs.",
            lambda: decoding_figure(cells.cohort, cells.findings),
        ),
        FigureSpec(
            "neural_success",
            "Do pairs that carry more of the partner cooperate better?",
            "Success in the social evaluation against what the cells tell of the partner beyond own behaviour. Net share: of "
            "what own behaviour leaves unexplained. Unique variance: of all. Above: Pearson's r with its interval over pairs. "
            "Dashed: least squares.",
            lambda: success_figure(cells.cohort, cells.findings, success_of(cells.cohort, cohort)),
        ),
    ]


@dataclass(frozen=True)
class PooledRun:
    """One of the runs."""

    path: str
    seed: int
    pairs: int
    code_version: str


@dataclass(frozen=True)
class PooledSummary:
    """Of runs of one condition. by_seed: what each run says of a claim. behaviour: of training runs, all pairs together. effects: dose by
    dose or set by set, over all pairs; for shadows, what they show; for pathways, brain by brain."""

    condition: str
    digest: str
    runs: list[PooledRun]
    claims: list[Row]
    behaviour: BehaviourFindings | None
    effects: list[Dose] | list[AblationEffect] | list[VariantEffect] | ShadowFindings
    missing: list[str]


def _summary(group: Group) -> PooledSummary:
    facts = [run.facts for run in group.runs]
    runs = [
        PooledRun(str(run.path), each["seed"], each["pairs"], each["code_version"])
        for run, each in zip(group.runs, facts, strict=True)
    ]
    behaviour = group.findings if isinstance(group, Trained) else None
    return PooledSummary(facts[0]["condition"], facts[0]["digest"], runs, group.rows, behaviour, _effects(group), notes_of(group))


def _effects(group: Group) -> list[Dose] | list[AblationEffect] | list[VariantEffect] | ShadowFindings:
    if isinstance(group, Silenced):
        significance = group.runs[0].resolved.params.analysis.significance
        return [Dose(each, judge_dose(each, significance)) for each in group.effects]
    if isinstance(group, Ablated):
        return group.curves.effects()
    if isinstance(group, Rewired):
        return group.effects
    return group.findings if isinstance(group, Shadowed) else []


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = analysis_parser("pooled", __doc__)
    parser.add_argument(
        "runs",
        type=Path,
        nargs="+",
        metavar="RUN",
        help="runs with their reports; of training, silencing, ablation, shadows or pathways",
    )
    parser.add_argument("--out", type=Path, default=Path("runs/pooled"), help="directory to write into (default: runs/pooled)")
    add_workers(parser, "sessions to read and score")
    return print_made(parser, arguments, lambda chosen: write_pooled(chosen.runs, chosen.out, chosen.workers))


if __name__ == "__main__":
    sys.exit(main())
