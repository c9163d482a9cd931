"""One pair of a run on the grid played without its units, in a process of its own: `python -m sims.interventions.ablation.grid_worker
RUN SOURCE PAIR`.

Started by sims.ablate. It writes the pair's table and the recording of a game with all its units into RUN, and a line of JSON.
"""

import sys
import time
from pathlib import Path

import jax
import numpy as np

from marl.policy import Policy
from marl.rollout import play
from params import Resolved
from params.load import resolve_file
from recording.schemas import ABLATION_OF_GRID
from recording.store import write_session
from recording.table import write_table
from sims.execution.worker import Tell, as_worker
from sims.grid.pair import key_of, rule_of
from sims.grid.record import to_session
from sims.grid.schedule import GridSession, divider_of
from sims.grid.trained_policy import load_policy
from sims.interventions.ablation.grid import ablated_rows
from sims.interventions.ablation.grid_run import table_of
from sims.interventions.ablation.matching import read_ranking
from sims.interventions.ablation.unit_sets import RANKINGS, unit_sets
from sims.schedule import Place
from sims.store.manifest import read_manifest
from sims.store.trained import open_trained


def run_pair(run_dir: Path, source: Path, index: int) -> int:
    """Play every set of a pair and write its table last; returns the number of batches played.

    Raises
    ------
    UserError
        As `read_ranking`, `load_policy` and `unit_sets`.
    """
    facts = read_manifest(run_dir / "run.json")
    resolved = resolve_file(run_dir / "params.toml", facts["condition"])
    policy, seed = load_policy(open_trained(source), index), facts["seed"]
    sets = list(unit_sets(read_ranking(run_dir / "ranking.csv", index, RANKINGS), resolved.grid.ablation, seed, index))
    _record(run_dir, resolved, policy, seed, index)
    rows = ablated_rows(policy, resolved.grid, seed, index, sets)
    write_table(table_of(run_dir, index), ABLATION_OF_GRID.frame(rows), ABLATION_OF_GRID)
    return len(rows)


def _record(run_dir: Path, resolved: Resolved, policy: Policy, seed: int, index: int) -> None:
    """Keep the recording of an uninterrupted cooperative game with all units: chance is made from its pokes."""
    params, social = resolved.grid, resolved.grid.schedule.evaluation_social
    session = GridSession(Place(), "untouched", social, divider_of(params, social), False)
    played = play(rule_of(params, "coop"), policy, key_of(seed, index, "ablation", "untouched"), params.recording.session_steps)
    recording = to_session(resolved, seed, index, session, jax.tree.map(lambda each: np.asarray(each[:, 0]), played))
    write_session(run_dir / "sessions" / f"pair{index:02d}_s{session.number:03d}_{session.phase_name}.h5", recording)


def main(run_dir: Path, source: Path, index: int) -> int:
    """Play a pair to its end; the exit code as of `sims.execution.worker.as_worker`."""

    def work(tell: Tell) -> None:
        begun = time.monotonic()
        tell({"batches": run_pair(run_dir, source, index), "wall_s": time.monotonic() - begun})

    return as_worker(work)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
