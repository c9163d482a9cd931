"""Everything the report needs from the cells of one session, for every session that a pair is compared in."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import count

import numpy as np
from threadpoolctl import threadpool_limits

from analysis.core.measure import Measures, absent
from analysis.core.run import RunDirectory, SessionFile
from analysis.core.units import clock_of
from analysis.neural.decoding.hidden_variable import NAMES as HIDDEN_NAMES
from analysis.neural.decoding.hidden_variable import hidden_variable
from analysis.neural.decoding.measures import NAMES as PARTNER_NAMES
from analysis.neural.decoding.measures import course_edges_s, outcome, partner
from analysis.neural.groups.measures import NAMES as GROUP_NAMES
from analysis.neural.groups.measures import Grouped, grouping
from analysis.neural.inputs.frames import event_counts
from analysis.neural.inputs.signals import SIGNALS, Signal
from analysis.neural.inputs.stages import COMPARED_IN_TUNING, SOLO, STAGES, TRAINING, stages_of
from analysis.neural.shared.measures import NAMES as SHARED_NAMES
from analysis.neural.shared.measures import sharing
from analysis.neural.tuning.matched_counts import matched_counts
from analysis.neural.tuning.measures import NAMES as TUNING_NAMES
from analysis.neural.tuning.measures import tuning
from compute.threads import in_threads
from params.schema.measures import Analysis
from recording import Session, read_session

Rng = Callable[[int, int], np.random.Generator]  # of (animal, kind of measure)
Untuned = tuple[list[Measures], Measures, np.ndarray, tuple[Grouped | None, ...]]  # of each animal, of the pair; course; groups
BOTH = -1  # in place of an agent: of the pair


@dataclass(frozen=True, eq=False)
class StageMeasures:
    """One pair in one of `analysis.neural.inputs.stages.STAGES`, by one signal.

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


def measure_stage(session: Session, stage: str, signal: str, analysis: Analysis, seed: int, most: np.ndarray) -> StageMeasures:
    """All measures of one session whose `rates` are the signal; what cannot be measured is absent, with the reason.

    Tuning and groups are claims about training: in the evaluations they would take a fifth of the time, and no verdict asks for
    them. Of the solo task only tuning is asked. Every animal and kind of measure draws from a generator of its own, so that none
    depends on whether another was measured.

    Parameters
    ----------
    session : rates [T, agent, unit] are the signal
    stage : one of `STAGES`
    signal : its name
    analysis : parameters
    seed : the run's
    most : int64 [agent, behaviour]
        Events that tuning is measured at, from `matched_counts`.
    """
    few, attributes = with_draws_of_report(analysis), session.attributes

    def rng(agent: int, kind: int) -> np.random.Generator:
        return np.random.default_rng([seed, attributes["pair"], attributes["session"], agent, kind])

    tunings = _tunings(session, stage, few, rng, most)
    others, together, course, groups = _solo(session, few) if stage == SOLO else _with_partner(session, stage, few, rng)
    return StageMeasures(
        pair=attributes["pair"],
        session=attributes["session"],
        phase=attributes["phase"],
        stage=stage,
        signal=signal,
        agents=tuple(tuned | other for tuned, other in zip(tunings, others, strict=True)),
        together=together,
        course=course,
        groups=groups,
    )


def _tunings(session: Session, stage: str, analysis: Analysis, rng: Rng, most: np.ndarray) -> list[Measures]:
    agents = range(session.n_agents)
    if stage not in COMPARED_IN_TUNING:
        return [_absent(TUNING_NAMES, f"tuning is measured in {_listed(COMPARED_IN_TUNING)} sessions only") for _ in agents]
    return [tuning(session, agent, analysis, rng(agent, 0), most[agent]) for agent in agents]


def _solo(session: Session, analysis: Analysis) -> Untuned:
    reason, n = "in the solo task only tuning is measured", session.n_agents
    names = (*PARTNER_NAMES, "outcome", *GROUP_NAMES, *(HIDDEN_NAMES if clock_of(session).square else ()))
    course = np.full((n, len(course_edges_s(analysis.report)) - 1), np.nan)
    return [_absent(names, reason) for _ in range(n)], _absent(SHARED_NAMES, reason), course, (None,) * n


def _with_partner(session: Session, stage: str, analysis: Analysis, rng: Rng) -> Untuned:
    agents = range(session.n_agents)
    partners = [partner(session, agent, analysis, rng(agent, 1)) for agent in agents]
    groups = [_grouping(session, stage, agent, analysis, rng) for agent in agents]
    measures = [
        partners[agent][0]
        | outcome(session, agent, analysis, rng(agent, 2))
        | groups[agent][0]
        | (hidden_variable(session, agent, analysis, rng(agent, 5)) if clock_of(session).square else {})
        for agent in agents
    ]
    together, course = sharing(session, analysis, rng(2, 4)), np.stack([course for _, course in partners])
    return measures, together, course, tuple(picture for _, picture in groups)


def _grouping(session: Session, stage: str, agent: int, analysis: Analysis, rng: Rng) -> tuple[Measures, Grouped | None]:
    if stage not in TRAINING:
        return _absent(GROUP_NAMES, f"groups are measured in {_listed(TRAINING)} sessions only"), None
    return grouping(session, agent, analysis, rng(agent, 3))


def _absent(names: Collection[str], reason: str) -> Measures:
    return dict.fromkeys(names, absent(reason))


def _listed(stages: Collection[str]) -> str:
    *first, last = stages
    return f"{', '.join(first)} and {last}"


def measure_cells(
    run: RunDirectory,
    workers: int | None,
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
    files = stages_of(run)
    tasks = [(place, file) for place, file in files.items() if place[1] in stages]
    params, seed = run.resolved.params, run.facts["seed"]
    done = count(1)
    compared = [file for (_, stage), file in files.items() if stage in COMPARED_IN_TUNING]

    def events(file: SessionFile) -> np.ndarray:
        return event_counts(read_session(file.path, rates=False), params.analysis)

    def measure(task: tuple[tuple[int, str], SessionFile]) -> list[StageMeasures]:
        (pair, stage), file = task
        begun = time.monotonic()
        session = read_session(file.path)
        found = [
            measure_stage(change(session, params), stage, name, params.analysis, seed, most[pair])
            for name, change in signals.items()
        ]
        took = f"{time.monotonic() - begun:.0f} s, {next(done)} of {len(tasks)}"
        say(f"cells of pair {pair}, {stage} (session {file.session}, {file.phase}): {took}")
        return found

    # one BLAS thread a worker: more would wait for each other, and sum in an order that depends on the number of cores
    with threadpool_limits(1, "blas"):
        counts = list(zip((file.pair for file in compared), in_threads(events, compared, workers), strict=True))
        fewest = params.analysis.selectivity.min_events
        most = {pair: matched_counts((each for own, each in counts if own == pair), fewest) for pair, _ in files}
        return [each for found in in_threads(measure, tasks, workers) for each in found]
