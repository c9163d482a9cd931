"""Frozen sessions of changed brains: the same random numbers whatever was changed, and a score from the task's own counts."""

from dataclasses import dataclass, replace

import numpy as np

from acc_model.contract import Brain
from params.schema.mice import Parameters
from params.schema.schedule import Phase
from sims.interventions.doses import TASKS
from sims.loop import closed_loop
from sims.mice.pair import Pair, SessionResult, play
from worlds.chamber import EVENT_NAMES


@dataclass(frozen=True)
class Score:
    """One session in numbers. attempts: corrects and misses; rates and speed (path over time) are means over the mice."""

    correct: int
    attempts: int
    rewards_per_min: float
    pokes_per_min: float
    speed_cm_per_s: float


def frozen_phase(params: Parameters, task: str) -> Phase:
    """The phase of a task ("coop", "solo", "opaque") without plasticity."""
    phase: Phase = getattr(params.schedule, TASKS[task]).model_copy(update={"plastic": False})
    return phase


def play_frozen(pair: Pair, brains: tuple[Brain, ...], task: str, name: tuple[str | int, ...], session_s: float) -> SessionResult:
    """A frozen session of these brains (changed in what a session leaves behind, never in weights) on the streams called `name`."""
    return play(replace(pair, brains=brains), frozen_phase(pair.params, task), name, 0.0, False, session_s, closed_loop.run)


def score(result: SessionResult, mice: tuple[int, ...], session_s: float) -> Score:
    """Score of a session; mice: agents with a brain."""
    own = list(mice)

    def count(kind: str) -> np.ndarray:
        return result.count[:, EVENT_NAMES.index(kind)]

    minutes = session_s / 60
    correct = int(count("correct")[0])
    path_cm = np.linalg.norm(np.diff(result.position.astype(np.float64), axis=0), axis=-1).sum(axis=0)[own]
    return Score(
        correct,
        correct + int(count("miss").sum()),
        float(count("drink")[own].mean()) / minutes,
        float(count("poke")[own].mean()) / minutes,
        float(path_cm.mean()) / session_s,
    )
