"""Pairs on the grid that go through their schedule together, in a process of their own: `python -m sims.grid.worker RUN PAIR ...`.

Started by sims.grid.cohort. It writes recordings and checkpoints into the run, and a line of JSON on stdout after each session that is
safely on disk. It ends when its stdin does, so that it does not outlive the process that started it.
"""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import jax

from compute.threads import in_threads
from params import Resolved
from params.load import resolve_file
from sims.execution.worker import Tell, as_worker
from sims.grid.card import fit_on_card, naming_full_card
from sims.grid.course import Course, Done
from sims.grid.partial import PartialTraining
from sims.grid.population import count_episodes, play_session, train_session
from sims.grid.schedule import GridSession, sessions_of
from sims.store.manifest import read_manifest


def population_sessions(run_dir: Path, resolved: Resolved, seed: int, indices: Sequence[int]) -> Iterator[list[dict[str, Any]]]:
    """Take pairs to the end of the schedule at once; their rows of episodes.csv after each session that is safely on disk.

    After a kill pairs may stand at different sessions: those with the fewest behind them go on until all are level.
    """
    courses = [Course.begin(run_dir, resolved, seed, index) for index in indices]
    for session in sessions_of(resolved.grid):
        here = [course for course in courses if course.place == session.place]
        if here:
            yield _session(here, session, PartialTraining(run_dir / "checkpoints", session.number, resolved.digest))


def _session(courses: Sequence[Course], session: GridSession, under_way: PartialTraining) -> list[dict[str, Any]]:
    """A session of pairs that all stand before it."""
    begun, pairs = time.monotonic(), [course.agents for course in courses]
    trained = train_session(pairs, session, [under_way.read(agents) for agents in pairs], under_way.keep)
    pairs = [agents for agents, _ in trained]
    games, wall_s = play_session(pairs, session), time.monotonic() - begun
    kinds = (True,) if session.phase.plastic else (True, False)
    counts = zip(*(count_episodes(pairs, session, recurrence) for recurrence in kinds), strict=True)
    done = [Done(*each, game, counted, wall_s) for each, game, counted in zip(trained, games, counts, strict=True)]

    def finish(of: tuple[Course, Done]) -> dict[str, Any]:
        row = of[0].add(session, of[1])
        under_way.drop(of[1].agents)
        return row

    return in_threads(finish, zip(courses, done, strict=True))


def main(run_dir: Path, indices: Sequence[int]) -> int:
    """Run pairs to their end, on a card as many at once as it holds; the exit code as of `sims.execution.worker.as_worker`."""

    def work(tell: Tell) -> None:
        facts = read_manifest(run_dir / "run.json")
        resolved = resolve_file(run_dir / "params.toml", facts["condition"])
        with naming_full_card():
            for population in _populations(resolved, indices, tell):
                for rows in population_sessions(run_dir, resolved, facts["seed"], population):
                    tell({"rows": rows})

    return as_worker(work)


def _populations(resolved: Resolved, indices: Sequence[int], tell: Tell) -> Iterable[Sequence[int]]:
    """The pairs that go together, one population after the other; of a card it is told how many it holds."""
    if jax.default_backend() == "cpu":
        return [indices]
    fit = fit_on_card(resolved.grid, len(indices))
    tell({"at_once": fit.pairs, "said": str(fit)})
    return (indices[first : first + fit.pairs] for first in range(0, len(indices), fit.pairs))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), [int(word) for word in sys.argv[2:]]))
