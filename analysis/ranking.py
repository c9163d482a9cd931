"""Rank the cells of trained pairs by what they carry, from their social evaluation, into a table: `python -m analysis.ranking RUN`."""

import csv
import io
import sys
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from analysis.core.command import analysis_parser, print_made
from analysis.core.run import RunDirectory, RunDirectoryError, SessionFile, open_run
from analysis.interventions.cell_ranking import CellRanking, rank_cells
from analysis.neural.inputs.frames import session_frames
from recording import Session, read_session
from recording.atomic import write_text

PHASE = "evaluation_social"
COLUMNS = ("pair", "agent", "cell", "class", "rate_hz", "variance_hz2", "cooperation", "partner", "self", "group")


def write_ranking(run_dir: Path, out: Path, pairs: int | None = None) -> Path:
    """Rank the cells of a training run's first so many pairs (default: all) into the file `out`; returns it.

    Raises
    ------
    UserError
        The directory is no training run, a pair has no social evaluation with rates, or a file cannot be read or written.
    """
    run = open_run(Path(run_dir))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    with threadpool_limits(1, "blas"):  # more threads sum in an order that depends on the number of cores
        for pair in range(run.facts["pairs"] if pairs is None else pairs):
            writer.writerows(_pair_rows(run, pair))
    write_text(out, text.getvalue())
    return out


def _pair_rows(run: RunDirectory, pair: int) -> list[tuple[object, ...]]:
    file = _evaluation(run, pair)
    session = _with_rates(file)
    analysis = run.resolved.params.analysis
    rows = []
    for agent, frames in enumerate(session_frames(session, analysis)):
        rng = np.random.default_rng([run.facts["seed"], pair, agent])
        rows += _agent_rows(pair, agent, rank_cells(session, frames, agent, analysis, rng))
    return rows


def _agent_rows(pair: int, agent: int, ranked: CellRanking) -> list[tuple[object, ...]]:
    numbers = zip(ranked.rate_hz, ranked.variance_hz2, ranked.cooperation, ranked.partner, ranked.self_tuning, strict=True)
    return [
        (pair, agent, int(cell), name, *(f"{number:.6g}" for number in each), int(group))
        for cell, name, each, group in zip(ranked.cell, ranked.class_name, numbers, ranked.group, strict=True)
    ]


def _evaluation(run: RunDirectory, pair: int) -> SessionFile:
    found = [file for file in run.sessions if file.pair == pair and file.phase == PHASE]
    if not found:
        raise RunDirectoryError(f"{run.path}: pair {pair} has no session of {PHASE} to rank its cells from")
    return found[-1]


def _with_rates(file: SessionFile) -> Session:
    session = read_session(file.path)
    if session.rates is None or session.unit_class is None:
        raise RunDirectoryError(f"{file.path}: holds no cell rates; train with recording.rates that include 'evaluation'")
    return session


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = analysis_parser("ranking", __doc__)
    parser.add_argument("run", type=Path, metavar="RUN", help="directory of a training run")
    parser.add_argument("--out", type=Path, help="file to write (default: RUN/ranking.csv)")
    return print_made(parser, arguments, lambda chosen: write_ranking(chosen.run, chosen.out or chosen.run / "ranking.csv"))


if __name__ == "__main__":
    sys.exit(main())
