"""What brains put together from learned and unlearned pathways do, what cutting places of the partner takes, and how weights moved.

Rules fixed before any of it was run. With S the success of a pair (its sessions together; 0 without attempts),

    kept = (S - S_earlier) / (S_learned - S_earlier),

a pathway's learning is *necessary* if without it kept has its 95 % interval over pairs below 1/2, and *sufficient*, given the readout's
learning, if readout and pathway alone have it above 1/2. Between is between; on fewer than `FEWEST_PAIRS` nothing is said. What is
dispensable is so under the rates of learning and gains that the pairs had. Pairs in which learning added less than `LEAST_GAIN` do not
count. Solo pokes a minute, over the pair's own learned ones, say whether a brain is broken or merely unskilled.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from pydantic import computed_field

from analysis.behaviour.cohort import Evaluation, cohort_p_value, pool
from analysis.behaviour.session import SessionMeasures
from analysis.core.document import Array, Number
from analysis.core.statistics import FEWEST_PAIRS, Estimate, median_over_pairs

LEARNED, EARLIER, MAP = "learned", "earlier", "map"
LEAST_GAIN = 0.1
HALF = 0.5


@dataclass(frozen=True)
class Trial:
    """A pair under one trial of one base, all sessions together. block: "" or "ACROSS_ALONG". success: NaN in the solo task."""

    pair: int
    base: str
    variant: str
    block: str
    task: str
    evaluation: Evaluation | None
    attempts: int
    success: float
    wait_s_per_min: float
    contingency: float
    pokes_per_min: float

    @property
    def key(self) -> tuple[str, str, str]:
        """base, variant and block."""
        return self.base, self.variant, self.block


@dataclass(frozen=True)
class VariantEffect:
    """All pairs with one brain put together. lost: success of the pair's own learned brain, less success. p: success against chance. kept:
    see the module. attempts: of a pair; a success of few says little. solo_pokes: over the pair's own learned."""

    base: str
    variant: str
    success: Estimate
    lost: Estimate
    chance: Estimate
    p: Number
    kept: Estimate
    wait: Estimate
    contingency: Estimate
    attempts: Estimate
    solo_pokes: Estimate

    @computed_field  # type: ignore[prop-decorator]
    @property
    def verdict(self) -> str:
        """necessary, sufficient, neither of them, not measured on too few pairs, or nothing to say."""
        below, above = self.kept.high < HALF, self.kept.low > HALF
        if self.variant.startswith("without_"):
            found = "necessary" if below else "dispensable" if above else "between"
        elif self.variant.startswith(("readout_and_", "only_")):
            found = "sufficient" if above else "not sufficient" if below else "between"
        else:
            return ""
        return found if self.kept.n >= FEWEST_PAIRS else "not measured"


def trials(measured: list[tuple[SessionMeasures, dict[str, str]]]) -> list[Trial]:
    """Sessions and what was done in each (base, variant, block), pooled by pair and trial, in order of first appearance."""
    grouped: dict[tuple[int, str, str, str, str], list[SessionMeasures]] = {}
    for each, what in measured:
        grouped.setdefault((each.pair, what["base"], what["variant"], what["block"], each.task), []).append(each)
    return [_trial(*key, sessions) for key, sessions in grouped.items()]


def _trial(pair: int, base: str, variant: str, block: str, task: str, sessions: list[SessionMeasures]) -> Trial:
    evaluation = pool(sessions)
    attempts = evaluation.attempts if evaluation else 0
    success = float("nan") if evaluation is None else evaluation.success if attempts else 0.0
    contingency = [each.wait_contingency for each in sessions if not np.isnan(each.wait_contingency)]
    return Trial(
        pair,
        base,
        variant,
        block,
        task,
        evaluation,
        attempts,
        success,
        float(np.mean([each.strategy_s["wait"] for each in sessions])),
        float(np.mean(contingency)) if contingency else float("nan"),
        float(np.mean([sum(each.pokes) / 2 / (each.duration_s / 60) for each in sessions])),
    )


class Trials:
    """Trials by what was done, and estimates over pairs from them."""

    def __init__(self, found: list[Trial]) -> None:
        self.found = found
        self._by = {(each.pair, *each.key, each.task): each for each in found}
        self.pairs = sorted({each.pair for each in found})

    def column(self, key: tuple[str, str, str], task: str, value: Callable[[Trial], float]) -> np.ndarray:
        """A value of every pair [pairs]; NaN where it was not played."""
        cells = [self._by.get((pair, *key, task)) for pair in self.pairs]
        return np.array([np.nan if cell is None else value(cell) for cell in cells])

    def median(self, values: np.ndarray) -> Estimate:
        """Over pairs."""
        return median_over_pairs(values)

    def kept(self, base: str, variant: str) -> np.ndarray:
        """Share of what learning added that a brain keeps [pairs]; see the module."""
        ours, learned, earlier = (
            self.column((base, name, ""), "coop", lambda trial: trial.success) for name in (variant, LEARNED, EARLIER)
        )
        gain = learned - earlier
        return np.where(gain >= LEAST_GAIN, (ours - earlier) / np.where(gain >= LEAST_GAIN, gain, 1), np.nan)

    def effect(self, base: str, variant: str) -> VariantEffect:
        """All pairs with one brain put together."""
        key = (base, variant, "")
        evaluations = [each.evaluation for each in self.found if each.key == key and each.evaluation]
        success, learned = (self.column((base, name, ""), "coop", lambda trial: trial.success) for name in (variant, LEARNED))
        pokes, own = (self.column((base, name, ""), "solo", lambda trial: trial.pokes_per_min) for name in (variant, LEARNED))
        return VariantEffect(
            base,
            variant,
            self.median(success),
            self.median(learned - success),
            self.median(np.array([each.null.mean if each.attempts else np.nan for each in evaluations])),
            cohort_p_value(evaluations),
            self.median(self.kept(base, variant)),
            self.median(self.column(key, "coop", lambda trial: trial.wait_s_per_min)),
            self.median(self.column(key, "coop", lambda trial: trial.contingency)),
            self.median(self.column(key, "coop", lambda trial: float(trial.attempts))),
            self.median(pokes / np.where(own > 0, own, np.nan)),
        )

    def effects(self) -> list[VariantEffect]:
        """Every base and variant, in the order played."""
        keys = dict.fromkeys((each.base, each.variant) for each in self.found if each.base != MAP)
        return [self.effect(*key) for key in keys]


@dataclass(frozen=True, eq=False)
class PlaceMap:
    """Change by cutting the partner's place channels in one block after another, [across, along] medians over pairs of cut less uncut:
    success; wait s per min. low, high: interval over pairs of the first."""

    success: Array
    low: Array
    high: Array
    wait: Array
    n: int


def place_map(found: Trials, across: int, along: int) -> PlaceMap:
    """The map of a grid of this size."""
    whole = (MAP, MAP, "")
    success, low, high, wait = (np.full((across, along), np.nan) for _ in range(4))
    for row, column in np.ndindex(across, along):
        key = (MAP, MAP, f"{row}_{column}")
        change = found.column(key, "coop", lambda trial: trial.success) - found.column(whole, "coop", lambda trial: trial.success)
        estimate = found.median(change)
        success[row, column], low[row, column], high[row, column] = estimate.value, estimate.low, estimate.high
        waits = [found.column(each, "coop", lambda trial: trial.wait_s_per_min) for each in (key, whole)]
        wait[row, column] = found.median(waits[0] - waits[1]).value
    return PlaceMap(success, low, high, wait, len(found.pairs))
