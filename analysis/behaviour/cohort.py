"""All pairs of a run together: who did what in which phase, one number per pair."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.behaviour.session import SessionMeasures, shortest_bout_s
from analysis.core.nulls import Null, one_sided_p
from analysis.core.units import Clock, common_clock
from params.schema.measures import Analysis
from recording.scoring import success_rate

SOCIAL, OPAQUE = "evaluation_social", "evaluation_opaque"  # phases, as recordings call them


@dataclass(frozen=True)
class Evaluation:
    """A pair in one phase, its sessions pooled."""

    pair: int
    correct: int
    attempts: int
    null: Null

    @property
    def success(self) -> float:
        return success_rate(self.correct, self.attempts)

    @property
    def p_value(self) -> float:
        return self.null.p_value(self.success)

    @property
    def excess(self) -> float:
        """Success above the mean of chance."""
        return self.success - self.null.mean


@dataclass(frozen=True)
class Cohort:
    """Measures of every session, in order of pair and session."""

    measures: list[SessionMeasures]

    @cached_property
    def clock(self) -> Clock:
        """The clock of all sessions."""
        return common_clock([each.clock for each in self.measures])

    @cached_property
    def pairs(self) -> list[int]:
        return sorted({each.pair for each in self.measures})

    @cached_property
    def training_phases(self) -> list[str]:
        """Phases of cooperative training in the order they were run."""
        return list(dict.fromkeys(each.phase for each in self.measures if each.is_training))

    def sessions(self, pair: int, phase: str | None = None) -> list[SessionMeasures]:
        """A pair's sessions, of one phase or of all."""
        return [each for each in self.measures if each.pair == pair and phase in (None, each.phase)]

    def training(self, pair: int) -> list[SessionMeasures]:
        """A pair's sessions of cooperative training."""
        return [each for each in self.sessions(pair) if each.is_training]

    @cached_property
    def slots(self) -> list[tuple[str, int]]:
        """Cooperative sessions that any pair had, as (phase, which one of it), in the order they were run. Pairs line up here
        even if pre-training took them different numbers of sessions."""
        in_turn = sorted(self.measures, key=lambda each: each.session)
        order = {phase: place for place, phase in enumerate(dict.fromkeys(each.phase for each in in_turn))}
        found = {slot for pair in self.pairs for slot in self._by_slot(pair)}
        return sorted(found, key=lambda slot: (order[slot[0]], slot))

    def matrix(self, value: Callable[[SessionMeasures], float]) -> np.ndarray:
        """A number of every cooperative session [pairs, slots]; NaN where a pair did not have it."""
        rows = [self._by_slot(pair) for pair in self.pairs]
        return np.array([[value(row[slot]) if slot in row else np.nan for slot in self.slots] for row in rows], float)

    def _by_slot(self, pair: int) -> dict[tuple[str, int], SessionMeasures]:
        seen: dict[str, int] = {}
        by_slot = {}
        for each in self.sessions(pair):
            if each.task == "coop":
                seen[each.phase] = seen.get(each.phase, -1) + 1
                by_slot[each.phase, seen[each.phase]] = each
        return by_slot

    def evaluations(self, phase: str) -> list[Evaluation]:
        """Every pair that had a phase, under that phase's window."""
        found = [pool(self.sessions(pair, phase)) for pair in self.pairs]
        return [each for each in found if each is not None]


def pool(sessions: list[SessionMeasures], common_window: bool = False) -> Evaluation | None:
    """Cooperative sessions of one pair as one, under their own window or the run's final one; None if there are none."""
    scored = [each.common if common_window else each.trained for each in sessions]
    kept = [each for each in scored if each is not None]
    if not kept:
        return None
    return Evaluation(
        pair=sessions[0].pair,
        correct=sum(len(each.score.correct) for each in kept),
        attempts=sum(each.score.attempts for each in kept),
        null=Null(sum_rows([each.null.correct for each in kept]), sum_rows([each.null.attempts for each in kept])),
    )


def sum_rows(rows: list[np.ndarray]) -> np.ndarray:
    """Draw by draw; as many draws as the shortest row has."""
    shortest = min(len(row) for row in rows)
    return np.sum([row[:shortest] for row in rows], axis=0)


def cohort_p_value(evaluations: list[Evaluation]) -> float:
    """How often chance gives a median over pairs at least as high as seen; NaN without an attempt or draws."""
    evaluations = [each for each in evaluations if each.attempts]
    if not evaluations:
        return float("nan")
    shortest = min(len(each.null.success) for each in evaluations)
    draws = np.median([each.null.success[:shortest] for each in evaluations], axis=0)
    return one_sided_p(float(np.median([each.success for each in evaluations])), draws)


def thirds(sessions: list[SessionMeasures]) -> tuple[list[SessionMeasures], list[SessionMeasures]]:
    """First and last third, each at least one session; both empty if there are fewer than two."""
    size = max(1, len(sessions) // 3)
    return (sessions[:size], sessions[-size:]) if len(sessions) > 1 else ([], [])


def growth(cohort: Cohort, strategy: str, analysis: Analysis) -> np.ndarray:
    """Late over early time in a strategy [pairs]: last against first third of the sessions of cooperative training.

    A first third without any bout counts as one of the shortest that could be seen, so that the ratio is finite and no larger
    than the truth. NaN for a pair that never did it, or has fewer than two sessions.
    """
    return np.array([_growth(cohort.training(pair), strategy, shortest_bout_s(strategy, analysis)) for pair in cohort.pairs])


def _growth(training: list[SessionMeasures], strategy: str, shortest_s: float) -> float:
    early, late = thirds(training)
    if not early:
        return float("nan")
    early_s, late_s = (float(np.mean([each.strategy_s[strategy] for each in third])) for third in (early, late))
    if early_s == late_s == 0:
        return float("nan")
    least_s = early[0].clock.per * shortest_s / sum(each.duration_s for each in early)
    return late_s / max(early_s, least_s)


def early_contingency(cohort: Cohort) -> list[float]:
    """Contingency of waiting in the first third of cooperative training, mean over its sessions [pairs]."""
    return [mean_contingency(thirds(cohort.training(pair))[0]) for pair in cohort.pairs]


def late_contingency(cohort: Cohort) -> list[float]:
    """The same in the last third."""
    return [mean_contingency(thirds(cohort.training(pair))[1]) for pair in cohort.pairs]


def mean_contingency(sessions: list[SessionMeasures]) -> float:
    """Mean over the sessions of a pair that have one; NaN if none has."""
    measured = [each.wait_contingency for each in sessions if not np.isnan(each.wait_contingency)]
    return float(np.mean(measured)) if measured else float("nan")


def social_over_opaque(social: list[Evaluation], opaque: list[Evaluation]) -> np.ndarray:
    """Success with sight of the partner over success without [pairs that had both].

    An opaque session without any success counts as one, so that the ratio is finite and no larger than the truth.
    """
    hidden = {each.pair: each for each in opaque}
    both = [(each, hidden[each.pair]) for each in social if each.pair in hidden]
    return np.array([seen.success / success_rate(max(blind.correct, 1), blind.attempts) for seen, blind in both])
