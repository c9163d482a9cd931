"""One pass over the recordings whose activity was kept: geometry of conditions and alignment of codes, by system, stage and pair."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from analysis.comparison.alignment import Alignment, alignment
from analysis.comparison.cka import gram
from analysis.comparison.conditions import condition_means
from analysis.comparison.system import System
from analysis.core.run import RunDirectory, SessionFile
from analysis.neural.inputs.stages import EARLY, LATE, OPAQUE, SOCIAL, stages_of
from recording import RecordingError, Session, holds_rates, read_session

BEFORE = "before"
STAGES = (BEFORE, EARLY, LATE, SOCIAL, OPAQUE)
STREAM = 8  # keeps the random axes apart from what else is drawn for the same session


@dataclass(frozen=True, eq=False)
class Represented:
    """A pair in one stage. grams [agent, C, C], see `analysis.comparison.cka.gram`. codes: of every agent, see `alignment`. missing: why
    there is neither."""

    side: str
    stage: str
    pair: int
    grams: np.ndarray
    codes: tuple[dict[str, Alignment], ...]
    missing: str = ""


def stage_files(run: RunDirectory) -> dict[tuple[int, str], SessionFile]:
    """(pair, stage) -> session with activity. before: the last before cooperative training; the others as in the report.

    Raises
    ------
    RecordingError
        If a file is no recording.
    """
    found: dict[tuple[int, str], SessionFile] = {}
    for file in run.sessions:
        if file.phase in ("naive", "pretraining") and holds_rates(file.path):
            found[file.pair, BEFORE] = file
    return found | stages_of(run)


def represent(system: System, say: Callable[[str], None]) -> list[Represented]:
    """Every pair and stage of a run, in order of stage and pair. say: is told of each stage.

    Raises
    ------
    UserError
        A recording is damaged.
    """
    files, found = stage_files(system.run), []
    for stage in STAGES:
        of_stage = sorted((pair, file) for (pair, at), file in files.items() if at == stage)
        with threadpool_limits(1, "blas"):
            found += [_represented(system, stage, pair, read_session(file.path)) for pair, file in of_stage]
        say(f"{system.name}, {stage}: representations of {len(of_stage)} pairs")
    return found


def _represented(system: System, stage: str, pair: int, session: Session) -> Represented:
    analysis, seed = system.analysis, system.run.facts["seed"]
    try:
        grams = np.stack([gram(condition_means(session, agent, analysis.compare)) for agent in range(session.n_agents)])
        rngs = [
            np.random.default_rng([seed, pair, session.attributes["session"], agent, STREAM]) for agent in range(session.n_agents)
        ]
        codes = tuple(alignment(session, agent, analysis, rng) for agent, rng in enumerate(rngs))
    except RecordingError as error:
        return Represented(system.side, stage, pair, np.empty((0, 0, 0)), (), str(error))
    return Represented(system.side, stage, pair, grams, codes)
