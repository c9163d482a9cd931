"""Time in each strategy of cooperation and counts of release, of two animals in one session: a pair, strangers, or one of them shifted."""

from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np

from analysis.behaviour.bouts import time_in
from analysis.behaviour.conduct import Conduct, Setting
from analysis.behaviour.ethogram import Ethogram, ethogram_of
from analysis.behaviour.waiting.mutual import Mutual, mutual
from analysis.behaviour.waiting.release import Releases, releases

STRATEGIES = ("approach", "wait", "interaction", "contact", "wait_at_port")


@dataclass(frozen=True)
class Strategies:
    """time_s: in each of `STRATEGIES` for every unit `clock.per` of time, approach and both waits as the mean of the two animals.
    releases: how often animals that hold go (`analysis.behaviour.waiting.release`), counted at every `step`. mutual: what each does if it
    waits for the other."""

    time_s: dict[str, float]
    releases: Releases
    mutual: Mutual
    step: float


def strategies_of(setting: Setting, first: Conduct, second: Conduct, bouts: Ethogram | None = None) -> Strategies:
    """Strategies of two animals in the cooperative task, whether they met or not. bouts: theirs, if known already."""
    bouts = bouts or ethogram_of(setting, first, second)
    counts = releases(setting, first, second)
    times = strategy_times(bouts, setting.duration, setting.per)
    return Strategies(times, counts, mutual(setting, first, second, counts), setting.step)


def strategy_times(bouts: Ethogram, duration_s: float, per_s: float) -> dict[str, float]:
    """Time in each of `STRATEGIES` for every `per_s`."""

    def mean(of_agents: tuple[np.ndarray, ...]) -> float:
        return sum(time_in(each, duration_s, per_s) for each in of_agents) / len(of_agents)

    return {
        "approach": mean(bouts.approach),
        "wait": mean(bouts.wait),
        "interaction": time_in(bouts.interaction, duration_s, per_s),
        "contact": time_in(bouts.contact, duration_s, per_s),
        "wait_at_port": mean(bouts.wait_at_port),
    }


def mean_strategies(found: list[Strategies]) -> Strategies:
    """Mean times of sessions, the rest counted together."""
    times = {name: float(np.mean([each.time_s[name] for each in found])) for name in STRATEGIES}
    counts, both = reduce(add, (each.releases for each in found)), reduce(add, (each.mutual for each in found))
    return Strategies(times, counts, both, found[0].step)
