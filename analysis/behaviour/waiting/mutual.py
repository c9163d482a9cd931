"""Do both animals of a pair wait for each other? What each of them does, to be held against the same animal beside strangers.

An animal that waits for its partner shows three things. It opens a window when its partner is about to answer (`openers`). It holds its
poke back for as long as its partner is late (`contingency`). It sets out and pokes more often while its partner is ready than while it is
not (`release`). None of them alone is proof. An animal whose partner follows it has its windows answered, and one that only follows opens
none.
"""

from typing import NamedTuple

import numpy as np

from analysis.behaviour.conduct import Conduct, Setting
from analysis.behaviour.waiting.contingency import held_by_lateness, held_sums
from analysis.behaviour.waiting.release import AT_PORT, ELSEWHERE, Releases, rate_ratios
from recording.scoring import score

STRONG = 4.0  # ratio of rates


class Mutual(NamedTuple):
    """What is counted of each animal, and can be added up.

    openings : int [agent, 2], windows it opens, and those that are answered
    held : [agent, 7], see `held_sums`
    goings : [agent, place, 5], see `Releases`
    """

    openings: np.ndarray
    held: np.ndarray
    goings: np.ndarray

    def __add__(self, other: "Mutual") -> "Mutual":  # type: ignore[override]
        return Mutual(*(first + second for first, second in zip(self, other, strict=True)))

    def only(self, agent: int) -> "Mutual":
        """The counts of one animal, nothing of the other."""
        kept = np.arange(2) == agent
        return Mutual(*(each * kept.reshape(-1, *[1] * (each.ndim - 1)) for each in self))


def mutual(setting: Setting, first: Conduct, second: Conduct, counts: Releases) -> Mutual:
    """Count two animals of a cooperative session, whether they met or not; counts: their releases."""
    window, end = (round(each / setting.event_step) for each in (setting.window, setting.duration))
    held = [
        held_sums(own.episodes, partner.episodes, partner.poke_tick, window)
        for own, partner in ((first, second), (second, first))
    ]
    return Mutual(score(first.poke_tick, second.poke_tick, window, end).openings, np.array(held), counts.goings)


def per_animal(counts: Mutual) -> dict[str, np.ndarray]:
    """Each measure of each animal [agent], NaN where it cannot be told.

    answered: share of the windows it opens that its partner answers in time. held: rank correlation of its hold with its partner's
    lateness. poking, leaving: ratio of its rates, while the partner is ready over while it is not.
    """
    opened, closed = counts.openings.T
    ratios = rate_ratios(counts.goings)
    return {
        "answered": closed / np.where(opened > 0, opened, np.nan),
        "held": held_by_lateness(counts.held),
        "leaving": ratios[:, ELSEWHERE],
        "poking": ratios[:, AT_PORT],
    }
