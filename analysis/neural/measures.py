"""Everything the report needs from the cells of one session, for every session that a pair is compared in."""

import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from analysis.clock import clock_of
from analysis.neural.grouping_measures import NAMES, Grouped, grouping
from analysis.neural.hidden_variable import hidden_variable
from analysis.neural.measure import Measures, absent
from analysis.neural.partner_measures import outcome, partner
from analysis.neural.sharing_measures import sharing
from analysis.neural.signals import SIGNALS, Signal
from analysis.neural.stages import EARLY, LATE, STAGES, stages_of
from analysis.neural.tuning_measures import NAMES as TUNING_NAMES
from analysis.neural.tuning_measures import tuning
from analysis.run_directory import RunDirectory, SessionFile
from params.measures import Analysis
from recording import Session, read_session

# tuning and groups are claims about training; in the evaluations they would take a fifth of the time and no verdict asks for them
IN_TRAINING = (EARLY, LATE)
BOTH = -1  # in place of an agent: of the pair


@dataclass(frozen=True, eq=False)
class StageMeasures:
    """One pair in one of `analysis.neural.stages.STAGES`, by one signal.

    agents: measures of each animal, by name. together: those of the pair. course [agent, bins]: net score of the partner's place
    around a closing poke. groups: of each animal, for the figure; None where not measured.
    """

    pair: int
    session: int
    phase: str
    stage: str
    signal: str
    agents: tuple[Measures, ...]
    together: Measures
    course: np.ndarray
    groups: tuple[Grouped | None, ...]

    def values(self, name: str) -> list[float]:
        """Value of one measure, of each animal or of the pair."""
        return [each[name].value for each in self._holding(name)]

    def excesses(self, name: str) -> list[float]:
        """Value less chance, of each animal or of the pair."""
        return [each[name].excess for each in self._holding(name)]

    def chances(self, name: str) -> list[float]:
        """Chance of one measure, of each animal or of the pair."""
        return [each[name].chance for each in self._holding(name)]

    def _holding(self, name: str) -> list[Measures]:
        return [self.together] if name in self.together else list(self.agents)

    @property
    def by_agent(self) -> list[tuple[int, Measures]]:
        """(agent, its measures), the pair's last under `BOTH`."""
        return [*enumerate(self.agents), (BOTH, self.together)]


def with_draws_of_report(analysis: Analysis) -> Analysis:
    """The parameters of single estimates with as many draws as `[analysis.report]` says."""
    few = analysis.report
    return analysis.model_copy(
        update={
            "decoding": analysis.decoding.model_copy(update={"null_draws": few.decoding_null_draws}),
            "groups": analysis.groups.model_copy(update={"shifts": few.group_shifts, "surrogates": few.group_surrogates}),
            "shared_space": analysis.shared_space.model_copy(
                update={"shifts": few.shared_shifts, "subsamples": few.shared_subsamples}
            ),
        }
    )


def measure_stage(session: Session, stage: str, signal: str, analysis: Analysis, seed: int) -> StageMeasures:
    """All measures of one session whose `rates` are the signal; what cannot be measured is absent, with the reason.

    Every animal and kind of measure draws from a generator of its own, so that none depends on whether another was measured.
    """
    few, attributes = with_draws_of_report(analysis), session.attributes

    def rng(agent: int, kind: int) -> np.random.Generator:
        return np.random.default_rng([seed, attributes["pair"], attributes["session"], agent, kind])

    agents = range(session.n_agents)
    partners = [partner(session, agent, few, rng(agent, 1)) for agent in agents]
    tunings, groups = _of_training(session, few, rng) if stage in IN_TRAINING else _not_measured(agents)
    measures = [
        tunings[agent]
        | partners[agent][0]
        | outcome(session, agent, few, rng(agent, 2))
        | groups[agent][0]
        | (hidden_variable(session, agent, few, rng(agent, 5)) if clock_of(session).square else {})
        for agent in agents
    ]
    return StageMeasures(
        pair=attributes["pair"],
        session=attributes["session"],
        phase=attributes["phase"],
        stage=stage,
        signal=signal,
        agents=tuple(measures),
        together=sharing(session, few, rng(2, 4)),
        course=np.stack([course for _, course in partners]),
        groups=tuple(picture for _, picture in groups),
    )


def _of_training(
    session: Session, analysis: Analysis, rng: Callable[[int, int], np.random.Generator]
) -> tuple[list[Measures], list[tuple[Measures, Grouped | None]]]:
    """Tuning and groups of every animal; rng of (animal, kind of measure)."""
    agents = range(session.n_agents)
    groups = [grouping(session, agent, analysis, rng(agent, 3)) for agent in agents]
    return [tuning(session, agent, analysis, rng(agent, 0)) for agent in agents], groups


def _not_measured(agents: range) -> tuple[list[Measures], list[tuple[Measures, Grouped | None]]]:
    nothing = absent(f"tuning and groups are measured in {' and '.join(IN_TRAINING)} sessions only")
    return [dict.fromkeys(TUNING_NAMES, nothing) for _ in agents], [(dict.fromkeys(NAMES, nothing), None) for _ in agents]


def measure_cells(
    run: RunDirectory,
    workers: int,
    signals: Mapping[str, Signal] = SIGNALS,
    say: Callable[[str], None] = print,
    stages: Collection[str] = STAGES,
) -> list[StageMeasures]:
    """Measures of every pair, stage and signal whose rates were kept, in this order; the same whatever the number of workers.

    say: is told each session as it is done. A worker holds up to about 0.5 GB for a session of 30 min and twice 400 cells.

    Raises
    ------
    UserError
        A recording is damaged.
    """
    tasks = [(place, file) for place, file in stages_of(run).items() if place[1] in stages]
    params, seed = run.resolved.params, run.facts["seed"]

    def measure(task: tuple[tuple[int, str], SessionFile]) -> list[StageMeasures]:
        (pair, stage), file = task
        begun = time.monotonic()
        session = read_session(file.path)
        found = [measure_stage(change(session, params), stage, name, params.analysis, seed) for name, change in signals.items()]
        say(f"cells of pair {pair + 1}, {stage} (session {file.session}, {file.phase}): {time.monotonic() - begun:.0f} s")
        return found

    # one BLAS thread a worker: more would wait for each other, and sum in an order that depends on the number of cores
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(max_workers=workers) as pool:
        return [each for found in pool.map(measure, tasks) for each in found]
