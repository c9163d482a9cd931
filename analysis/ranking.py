"""Rank the cells of trained pairs by what they carry, from their social evaluation, into a table: `python -m analysis.ranking RUN`."""

import sys
from pathlib import Path

import numpy as np
import pandas
from threadpoolctl import threadpool_limits

from analysis.core.command import analysis_parser, print_made
from analysis.core.run import RunDirectory, RunDirectoryError, SessionFile, open_run
from analysis.interventions.cell_ranking import rank_cells
from analysis.neural.inputs.frames import session_frames
from recording import Session, read_session
from recording.schemas import RANKING
from recording.table import write_table

PHASE = "evaluation_social"


def write_ranking(run_dir: Path, out: Path, pairs: int | None = None) -> Path:
    """Rank the cells of a training run's first so many pairs (default: all) into the file `out`; returns it.

    Raises
    ------
    UserError
        The directory is no training run, a pair has no social evaluation with rates, or a file cannot be read or written.
    """
    run = open_run(Path(run_dir))
    with threadpool_limits(1, "blas"):  # more threads sum in an order that depends on the number of cores
        tables = [_pair_table(run, pair) for pair in range(run.facts["pairs"] if pairs is None else pairs)]
    write_table(out, pandas.concat(tables), RANKING)
    return out


def _pair_table(run: RunDirectory, pair: int) -> pandas.DataFrame:
    file = _evaluation(run, pair)
    session = _with_rates(file)
    analysis = run.resolved.params.analysis
    tables = []
    for agent, frames in enumerate(session_frames(session, analysis)):
        if not session.cells_of(agent).classes:
            continue
        rng = np.random.default_rng([run.facts["seed"], pair, agent])
        ranked = rank_cells(session, frames, agent, analysis, rng)
        columns = vars(ranked) | {"class": ranked.class_name, "self": ranked.self_tuning}
        tables.append(pandas.DataFrame({"pair": pair, "agent": agent} | columns))
    return pandas.concat(tables)


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
