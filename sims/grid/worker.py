"""One pair on the grid, in a process of its own: `python -m sims.grid.worker RUN PAIR`, started by sims.grid.cohort.

It writes recordings and checkpoints into the run, and a line of JSON on stdout after each session that is safely on disk. It ends
when its stdin does, so that it does not outlive the process that started it.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas

from marl.train import collapsed
from params import Resolved
from params.load import resolve_file
from recording.store import write_session
from sims.execution.worker import Tell, as_worker
from sims.grid.episodes import EPISODES, row_of
from sims.grid.pair import Agents, build_agents, count_episodes, play_session, state_arrays, train_session, with_state
from sims.grid.partial import PartialTraining
from sims.grid.record import to_session
from sims.grid.schedule import GridSession, sessions_of
from sims.grid.updates import TRAINING, table_of_updates
from sims.schedule import Place
from sims.store import state_file
from sims.store.manifest import read_manifest


def pair_sessions(run_dir: Path, resolved: Resolved, seed: int, index: int) -> Iterator[dict[str, Any]]:
    """Take one pair from where its latest checkpoint stands to the end; its row of episodes.csv after each session is safely on disk.

    The recording is written before the checkpoint: a run killed between the two does that session again, to the same bits.
    """
    agents, place = _begin(run_dir, resolved, seed, index)
    sessions = sessions_of(resolved.grid)
    rows, updates = (table.of_pair(run_dir, index, place.session) for table in (EPISODES, TRAINING))
    for session in sessions[place.session :]:
        begun = time.monotonic()
        partial = _partial(run_dir, agents, session, resolved.digest)
        agents, metrics = train_session(agents, session, partial.read(agents), partial.keep)
        name = f"pair{index:02d}_s{session.number:03d}_{session.phase_name}.h5"
        write_session(run_dir / "sessions" / name, to_session(resolved, seed, index, session, play_session(agents, session)))
        if metrics is not None:
            new = table_of_updates(index, session, metrics, len(updates), resolved.grid.training.batch_steps)
            updates = pandas.concat([updates, new])
        steps, stopped = sum(each.trained for each in sessions[: session.number + 1]), metrics is not None and collapsed(metrics)
        counted = _counted(agents, session, steps, time.monotonic() - begun, stopped)
        rows = pandas.concat([rows, counted])
        EPISODES.keep(run_dir, index, rows)
        TRAINING.keep(run_dir, index, updates)
        _save(run_dir, agents, session.next_place, resolved.digest)
        state_file.drop_superseded(run_dir / "checkpoints", index, session.place)
        partial.drop()
        yield counted.to_dict("records")[0]


def _begin(run_dir: Path, resolved: Resolved, seed: int, index: int) -> tuple[Agents, Place]:
    agents = build_agents(resolved.grid, seed, index)
    saved = state_file.latest(run_dir / "checkpoints", index)
    if saved is None:
        _save(run_dir, agents, Place(), resolved.digest)
        return agents, Place()
    stamp = state_file.stamp_of(resolved.digest, seed, index)
    place, arrays = state_file.read_arrays(saved, stamp, state_arrays(agents.state))
    return with_state(agents, arrays), place


def _save(run_dir: Path, agents: Agents, place: Place, digest: str) -> None:
    stamp = state_file.stamp_of(digest, agents.seed, agents.index)
    state_file.write_arrays(run_dir / "checkpoints", stamp, place, state_arrays(agents.state))


def _partial(run_dir: Path, agents: Agents, session: GridSession, digest: str) -> PartialTraining:
    stamp = state_file.stamp_of(digest, agents.seed, agents.index) | {"session": session.number}
    return PartialTraining(run_dir / "checkpoints" / f"pair{agents.index:02d}_partial.npz", stamp)


def _counted(agents: Agents, session: GridSession, steps: int, wall_s: float, stopped: bool) -> pandas.DataFrame:
    """episodes.csv of a session; an evaluation has a second row, of the policies without recurrence."""
    kinds = (True,) if session.phase.plastic else (True, False)
    return EPISODES.schema.frame(
        row_of(agents.index, session, count_episodes(agents, session, kind), steps, wall_s, stopped, kind) for kind in kinds
    )


def main(run_dir: Path, index: int) -> int:
    """Run a pair to its end; the exit code as of `sims.execution.worker.as_worker`."""

    def work(tell: Tell) -> None:
        facts = read_manifest(run_dir / "run.json")
        resolved = resolve_file(run_dir / "params.toml", facts["condition"])
        for row in pair_sessions(run_dir, resolved, facts["seed"], index):
            tell({"row": row})

    return as_worker(work)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
