"""Measure how often each verdict holds on pairs that never met: `python -m analysis.false_positives RUN RUN ...`.

Animal 0 of every pair is joined to animal 1 of another pair (`analysis.behaviour.strangers`), session by session, rates and all. What
comes out are runs of pairs that never met, each animal with the habits it learned beside its own partner. They are analysed as any run
is, and cohorts of their pairs are drawn and judged. A rule that asks whether two animals cooperate should hold in at most 5 % of these
cohorts. A claim holds only if all its clauses do, so every clause is counted as well: one may hold of single animals, and says then
nothing of a pair.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from analysis.behaviour.cohort import Cohort
from analysis.behaviour.findings import find_in_behaviour
from analysis.behaviour.session import SessionMeasures, measure_run
from analysis.behaviour.strangers import never_met
from analysis.core.command import analysis_parser, print_made
from analysis.core.run import RunDirectory, RunDirectoryError, SessionFile, open_run
from analysis.core.statistics import Estimate, fraction_of_pairs
from analysis.findings.training import judge_behaviour, judge_cells
from analysis.findings.verdict import Verdict
from analysis.neural.by_signal import of_signal
from analysis.neural.inputs.signals import signals_of
from analysis.neural.measures import StageMeasures, measure_cells
from params.command import add_workers, at_least
from recording import holds_rates, read_session, write_session
from recording.atomic import write_text
from recording.table import Schema, number, text, whole, write_table

PRETRAINING = "pretraining"
FALSE_POSITIVES = Schema(
    "false_positives.csv",
    "How often a claim holds on cohorts of pairs that never met (`python -m analysis.false_positives RUN RUN ...`).",
    (
        text("claim", "finding"),
        whole("clause", "clause of its rule, from 1; none of the whole", empty=True),
        whole("cohorts", "cohorts judged"),
        whole("measured", "cohorts on which the claim could be measured"),
        whole("holds", "cohorts on which it held"),
        number("share", "of all cohorts, held"),
        number("low", "lower end of its 95 % interval"),
        number("high", "upper end of its 95 % interval"),
    ),
    ("claim", "clause"),
)


@dataclass(frozen=True)
class Rate:
    """How often a claim, or the `clause`-th of its clauses (0: the whole), was measured and held over cohorts of strangers; share: of all
    cohorts, with its exact interval."""

    claim: str
    clause: int
    cohorts: int
    measured: int
    holds: int
    share: Estimate


def write_strangers(runs: Sequence[RunDirectory], offset: int, out: Path) -> Path:
    """Write a run of pairs that never met: animal 0 of each pair of all runs beside animal 1 of the `offset`-th next pair.

    Of solo pre-training the last session is joined, of every other phase session by session.

    Raises
    ------
    UserError
        A recording is damaged, or a file cannot be written.
    """
    pairs = _pairs_of(runs)
    for place, (run, pair) in enumerate(pairs):
        other_run, other = pairs[(place + offset) % len(pairs)]
        for mine, theirs in _aligned(_of_pair(run, pair), _of_pair(other_run, other)):
            rates = holds_rates(mine.path) and holds_rates(theirs.path)
            joined = never_met(read_session(mine.path, rates=rates), read_session(theirs.path, rates=rates))
            session = replace(joined, attributes=joined.attributes | {"pair": place})
            write_session(out / "sessions" / f"pair{place:02d}_s{mine.session:03d}_{mine.phase}.h5", session)
    write_text(out / "params.toml", runs[0].resolved.text)
    write_text(out / "run.json", json.dumps(runs[0].facts | {"pairs": len(pairs), "strangers": offset}, indent=2) + "\n")
    return out


def _pairs_of(runs: Sequence[RunDirectory]) -> list[tuple[RunDirectory, int]]:
    return [(run, pair) for run in runs for pair in sorted({file.pair for file in run.sessions})]


def _of_pair(run: RunDirectory, pair: int) -> dict[str, list[SessionFile]]:
    phases: dict[str, list[SessionFile]] = {}
    for file in run.sessions:
        if file.pair == pair:
            phases.setdefault(file.phase, []).append(file)
    return phases


def _aligned(mine: dict[str, list[SessionFile]], theirs: dict[str, list[SessionFile]]) -> list[tuple[SessionFile, SessionFile]]:
    both = [(phase, mine[phase], theirs[phase]) for phase in mine if phase in theirs]
    return [
        pair
        for phase, own, others in both
        for pair in ([(own[-1], others[-1])] if phase == PRETRAINING else zip(own, others, strict=False))
    ]


def rates_of(
    behaviour: list[list[SessionMeasures]], cells: list[list[StageMeasures]], run: RunDirectory, cohorts: int, pairs: int
) -> list[Rate]:
    """Draw cohorts of so many pairs, each from one run of strangers in turn, and judge them.

    behaviour, cells: measures of each run of strangers; without cells only claims about behaviour are judged. run: gives the rules'
    parameters and the seed of the draws.
    """
    rng = np.random.default_rng([run.facts["seed"], cohorts, pairs])
    judged: list[dict[str, Verdict]] = []
    analysis = run.resolved.params.analysis
    for draw in range(cohorts):
        here = behaviour[draw % len(behaviour)]
        chosen = set(rng.choice(sorted({each.pair for each in here}), pairs, replace=False).tolist())
        cohort = Cohort([each for each in here if each.pair in chosen])
        verdicts = judge_behaviour(find_in_behaviour(cohort, run), analysis)
        if cells:
            of_cells = [each for each in cells[draw % len(cells)] if each.pair in chosen]
            verdicts = verdicts | judge_cells(of_signal(of_cells, cohort).findings, analysis)
        judged.append(verdicts)
    return [rate for claim in judged[0] for rate in _rates(claim, [each[claim] for each in judged])]


def _rates(claim: str, verdicts: list[Verdict]) -> list[Rate]:
    """Of a claim and of each of its clauses."""
    measured, clauses = sum(each.measured for each in verdicts), min(len(each.clauses) for each in verdicts)
    held = [[each.holds for each in verdicts]] + [[each.clauses[place].holds for each in verdicts] for place in range(clauses)]
    return [
        Rate(claim, place, len(verdicts), measured, sum(holds), fraction_of_pairs(np.array(holds)))
        for place, holds in enumerate(held)
    ]


def write_false_positives(
    paths: Sequence[Path],
    out: Path,
    cohorts: int = 50,
    pairs: int = 8,
    offsets: int = 2,
    behaviour_only: bool = False,
    workers: int | None = None,
    say: Callable[[str], None] = print,
) -> Path:
    """Make runs of strangers under `out`, analyse them, judge cohorts of them, and write false_positives.csv; returns it.

    Raises
    ------
    UserError
        As `write_strangers`, fewer pairs than a cohort needs, or no such number of cohorts, pairs or runs of strangers.
    """
    runs = [open_run(Path(path)) for path in paths]
    available = len(_pairs_of(runs))
    allowed = {"cohorts": (cohorts, None), "pairs": (pairs, available), "offsets": (offsets, available - 1)}
    for name, (value, most) in allowed.items():
        if value < 1 or (most is not None and value > most):
            limits = "at least 1" if most is None else f"1 to {most} with {available} pairs in the runs given"
            raise RunDirectoryError(f"--{name} = {value}: allowed: {limits}")
    behaviour, cells = [], []
    for offset in range(1, offsets + 1):
        directory = out / f"strangers{offset}"
        if not (directory / "run.json").exists():
            say(f"joining animals {offset} pairs apart")
            write_strangers(runs, offset, directory)
        run = open_run(directory)
        say(f"measuring {run.facts['pairs']} pairs that never met")
        behaviour.append(measure_run(run, workers))
        if not behaviour_only:
            signals = dict(list(signals_of(run).items())[:1])  # the first decides the verdicts
            cells.append(measure_cells(run, workers, signals, say))
    found = rates_of(behaviour, cells, runs[0], cohorts, pairs)
    for each in (rate for rate in found if not rate.clause):
        say(f"{each.claim:4s} holds in {each.holds} of {each.cohorts} cohorts of {pairs} pairs that never met: {each.share}")
    rows = (vars(each) | {"clause": each.clause or None} | vars(each.share) | {"share": each.share.value} for each in found)
    write_table(out / FALSE_POSITIVES.file, FALSE_POSITIVES.frame(rows), FALSE_POSITIVES)
    return out / FALSE_POSITIVES.file


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = analysis_parser("false_positives", __doc__)
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="training runs of one condition")
    parser.add_argument(
        "--out", type=Path, default=Path("runs/false_positives"), help="directory to write into (default: runs/false_positives)"
    )
    parser.add_argument("--cohorts", type=at_least(1), default=50, help="number of cohorts to judge (default: 50)")
    parser.add_argument("--pairs", type=at_least(1), default=8, help="pairs in each cohort (default: 8)")
    parser.add_argument(
        "--offsets",
        type=at_least(1),
        default=2,
        help="ways to recombine the animals; the n-th puts animal 0 of a pair beside animal 1 of the n-th next pair (default: 2)",
    )
    parser.add_argument("--behaviour-only", action="store_true", help="do not analyse the cells, which takes minutes")
    add_workers(parser, "sessions to read and score")
    return print_made(
        parser,
        arguments,
        lambda chosen: write_false_positives(
            chosen.runs, chosen.out, chosen.cohorts, chosen.pairs, chosen.offsets, chosen.behaviour_only, chosen.workers
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
