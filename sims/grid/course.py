"""A pair's course through the schedule, as the files of a run: where its latest checkpoint stands, and what each session adds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas

from marl.rollout import Tally, Trajectory
from marl.train import Metrics, collapsed
from params import Resolved
from recording.store import write_session
from sims.grid.episodes import EPISODES, row_of
from sims.grid.pair import Agents, build_agents, state_arrays, with_state
from sims.grid.record import to_session
from sims.grid.schedule import GridSession, sessions_of
from sims.grid.updates import TRAINING, table_of_updates
from sims.schedule import Place
from sims.store import state_file


@dataclass(frozen=True)
class Done:
    """What a session made of a pair: networks after it, updates of its training, the recorded game, counts of episodes (with recurrence,
    and after an evaluation without), and how long it took the pairs that were trained together, s."""

    agents: Agents
    metrics: Metrics | None
    played: Trajectory
    counts: Sequence[Tally]
    wall_s: float


@dataclass
class Course:
    """Where a pair stands, and its parts of the tables so far."""

    run_dir: Path
    resolved: Resolved
    agents: Agents
    place: Place
    rows: pandas.DataFrame
    updates: pandas.DataFrame

    @classmethod
    def begin(cls, run_dir: Path, resolved: Resolved, seed: int, index: int) -> "Course":
        """From the latest checkpoint of a pair; from naive networks, which are kept, if it has none."""
        agents, place = build_agents(resolved.grid, seed, index), Place()
        saved = state_file.latest(run_dir / "checkpoints", index)
        if saved is not None:
            stamp = state_file.stamp_of(resolved.digest, seed, index)
            place, arrays = state_file.read_arrays(saved, stamp, state_arrays(agents.state))
            agents = with_state(agents, arrays)
        rows, updates = (table.of_pair(run_dir, index, place.session) for table in (EPISODES, TRAINING))
        course = cls(run_dir, resolved, agents, place, rows, updates)
        if saved is None:
            course.save()
        return course

    def add(self, session: GridSession, done: Done) -> dict[str, Any]:
        """Put a session safely on disk; its row of episodes.csv, with recurrence.

        The recording is written before the checkpoint: a run killed between the two does that session again.
        """
        self.agents, index = done.agents, done.agents.index
        name = f"pair{index:02d}_s{session.number:03d}_{session.phase_name}.h5"
        recording = to_session(self.resolved, self.agents.seed, index, session, done.played)
        write_session(self.run_dir / "sessions" / name, recording)
        if done.metrics is not None:
            batch_steps = self.resolved.grid.training.batch_steps
            new = table_of_updates(index, session, done.metrics, len(self.updates), batch_steps)
            self.updates = pandas.concat([self.updates, new])
        counted = self._counted(session, done)
        self.rows = pandas.concat([self.rows, counted])
        EPISODES.keep(self.run_dir, index, self.rows)
        TRAINING.keep(self.run_dir, index, self.updates)
        self.place = session.next_place
        self.save()
        state_file.drop_superseded(self.run_dir / "checkpoints", index, session.place)
        row: dict[str, Any] = counted.to_dict("records")[0]
        return row

    def _counted(self, session: GridSession, done: Done) -> pandas.DataFrame:
        steps = sum(each.trained for each in sessions_of(self.resolved.grid)[: session.number + 1])
        stopped = done.metrics is not None and collapsed(done.metrics)
        return EPISODES.schema.frame(
            row_of(self.agents.index, session, counts, steps, done.wall_s, stopped, recurrence)
            for counts, recurrence in zip(done.counts, (True, False), strict=False)
        )

    def save(self) -> None:
        """Keep where the pair stands."""
        stamp = state_file.stamp_of(self.resolved.digest, self.agents.seed, self.agents.index)
        state_file.write_arrays(self.run_dir / "checkpoints", stamp, self.place, state_arrays(self.agents.state))
