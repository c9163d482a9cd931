"""How the cells of every pair fire, in every session that a pair is compared in and whose spikes were kept."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from threadpoolctl import threadpool_limits

from analysis.core.run import RunDirectory, SessionFile
from analysis.core.statistics import Estimate, median_over_pairs
from analysis.neural.firing.firing import Firing, distribution, firing_of
from analysis.neural.inputs.stages import EARLY, LATE, OPAQUE, SOCIAL, SOLO, stages_of
from compute.threads import in_threads
from params.schema.grid import GridParameters
from params.schema.measures import Firing as Settings
from recording import RecordingError, Session, holds_spikes, read_session

SHOWN = (LATE, SOCIAL, EARLY, SOLO, OPAQUE)  # the first stage that is there stands for the run
NUMBERS = ("rate", "log_rate_sd", "cv", "cv2", "fano", "correlation")


@dataclass(frozen=True, eq=False)
class StageFiring:
    """One pair in one stage. agents: of each animal, None of one that does not fire, or too short a time."""

    pair: int
    stage: str
    session: int
    phase: str
    agents: tuple[Firing | None, ...]

    @property
    def by_agent(self) -> list[tuple[int, Firing]]:
        return [(agent, firing) for agent, firing in enumerate(self.agents) if firing is not None]


@dataclass(frozen=True, eq=False)
class FiringCohort:
    """measures: in order of pair and stage, not empty. settings: they were made with."""

    measures: list[StageFiring]
    settings: Settings

    @cached_property
    def stage(self) -> str:
        """The stage that is shown."""
        there = {each.stage for each in self.measures}
        return next(stage for stage in SHOWN if stage in there)

    @cached_property
    def shown(self) -> list[StageFiring]:
        """The pairs in that stage."""
        return [each for each in self.measures if each.stage == self.stage]

    @property
    def animals(self) -> list[Firing]:
        """Of that stage."""
        return [firing for each in self.shown for _, firing in each.by_agent]

    @cached_property
    def classes(self) -> list[str]:
        """Classes of cells in that stage, in the order of the recordings."""
        return list(dict.fromkeys(name for firing in self.animals for name in firing.names))

    def estimate(self, number: str, cell_class: str) -> Estimate:
        """One of `NUMBERS` in that stage: the median over pairs of the mean of a pair's animals."""
        return median_over_pairs(
            np.array([_mean([number_of(firing, number, cell_class) for _, firing in each.by_agent]) for each in self.shown])
        )


def number_of(firing: Firing, number: str, cell_class: str) -> float:
    """One of `NUMBERS` of an animal's cells of a class: their median; of log rates the standard deviation, of correlations within the
    class the mean."""
    if number == "log_rate_sd":
        return distribution(firing.of("log_rate", cell_class)).sd
    if number == "correlation":
        return distribution(firing.correlations(cell_class, cell_class)).mean
    return distribution(firing.of(number, cell_class)).median


def cortex_of(settings: Settings, number: str, cell_class: str) -> tuple[float, float] | None:
    """Range of one of `NUMBERS` that recordings of cortex show, or None."""
    cortex = settings.cortex.model_dump()
    unit = "_hz" if number == "rate" else ""
    for name in (f"{cell_class}_{number}", number):
        if f"{name}_low{unit}" in cortex:
            return cortex[f"{name}_low{unit}"], cortex[f"{name}_high{unit}"]
    return None


def _mean(values: list[float]) -> float:
    finite = [each for each in values if not np.isnan(each)]
    return float(np.mean(finite)) if finite else float("nan")


def measure_firing(run: RunDirectory, workers: int | None) -> FiringCohort | None:
    """How the cells of every pair and stage fire; None of a run without spikes. The same whatever the number of workers.

    Raises
    ------
    UserError
        A recording is damaged.
    """
    if isinstance(run.resolved.params, GridParameters):
        return None
    settings = run.resolved.params.analysis.firing
    tasks = [(place, file) for place, file in stages_of(run).items() if holds_spikes(file.path)]

    def measure(task: tuple[tuple[int, str], SessionFile]) -> StageFiring:
        (pair, stage), file = task
        session = read_session(file.path)
        agents = tuple(_attempted(session, agent, settings) for agent in range(session.n_agents))
        return StageFiring(pair, stage, file.session, file.phase, agents)

    with threadpool_limits(1, "blas"):  # more threads sum in an order that depends on the number of cores
        found = [each for each in in_threads(measure, tasks, workers) if each.by_agent]
    return FiringCohort(found, settings) if found else None


def _attempted(session: Session, agent: int, settings: Settings) -> Firing | None:
    try:
        return firing_of(session, agent, settings)
    except RecordingError:
        return None
