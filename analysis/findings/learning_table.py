"""learning.csv: one row per pair and session.

never_met, shifted: what two independent animals do (`analysis.behaviour.strangers`).
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas

from analysis.behaviour.session import SessionMeasures
from analysis.behaviour.waiting.mutual import Mutual, per_animal
from analysis.behaviour.waiting.release import waiting
from recording.schemas import PAIR, PHASE
from recording.table import Column, Schema, number, text, whole


def _may_lack(name: str, words: str, unit: str = "", make: Any = number) -> Column:
    column: Column = make(name, words, unit, empty=True, later=True)
    return column


def _time(name: str, words: str) -> Column:
    return _may_lack(name, words, "s/min, or step/100 step")


LEARNING = Schema(
    "learning.csv",
    "A session of a pair. `_s` is the recording's own unit of time: seconds of mice, steps of agents.",
    (
        PAIR,
        whole("session", "session of the pair, from 0"),
        PHASE,
        _may_lack("window_s", "window of the rule in force", "s or step"),
        text("divider", "transparent or opaque", later=True),
        _may_lack("attempts", "correct and missed pokes; in the solo task armed pokes of both", make=whole),
        _may_lack(
            "correct", "pokes that the partner answers within the window; none in the solo task, as the next five", make=whole
        ),
        _may_lack("miss", "pokes that it does not", make=whole),
        _may_lack("success", "correct over attempts; none without attempts"),
        _may_lack("chance_mean", "success of shifted pokes, mean over shifts"),
        _may_lack("chance_p95", "its 95th percentile"),
        _may_lack("p_value", "how often a shift is as successful"),
        _time("approach_s", "time approaching the partner, mean of the two animals"),
        _time("wait_s", "time standing while armed, mean of the two animals"),
        _time("interaction_s", "time in interaction"),
        _time("contact_s", "time in contact"),
        *(_may_lack(f"pokes_{agent}", f"armed pokes of animal {agent}", make=whole) for agent in range(2)),
        _may_lack("success_final_window", "success of the same pokes under the run's final window"),
        _may_lack("chance_final_window", "its chance, mean over shifts"),
        _time("wait_at_port_s", "time standing at the port, mean of the two animals"),
        _may_lack("wait_contingency", "rank correlation of a poke's delay with the partner's lateness, -1 to 1"),
        *(_may_lack(f"drinks_{agent}", f"drinks of earned water of animal {agent}", make=whole) for agent in range(2)),
        _may_lack("waiting", "waiting for the partner (`analysis.behaviour.waiting.release`)", "1/s, or 1/step"),
        _time("approach_never_met_s", "approach of strangers: each animal beside one of another pair"),
        _time("interaction_never_met_s", "interaction of strangers"),
        _may_lack("waiting_never_met", "waiting of strangers", "1/s, or 1/step"),
        _time("approach_shifted_s", "approach of the pair, one animal shifted in time"),
        _time("interaction_shifted_s", "interaction of the pair, one animal shifted in time"),
        _may_lack("waiting_shifted", "waiting of the pair, one animal shifted in time", "1/s, or 1/step"),
        *(_may_lack(f"openings_{agent}", f"windows that animal {agent} opens", make=whole) for agent in range(2)),
        *(_may_lack(f"answered_{agent}", "those of them that its partner answers in time", make=whole) for agent in range(2)),
        *(
            _may_lack(
                f"held_{agent}",
                f"rank correlation of hold and the partner's lateness of animal {agent}, partner-led pokes left out",
            )
            for agent in range(2)
        ),
        *(
            _may_lack(f"{name}_ratio_{agent}", f"rate at which animal {agent} {words}, partner ready over not ready")
            for name, words in (("leaving", "sets out for its port"), ("poking", "pokes at its port"))
            for agent in range(2)
        ),
    ),
    ("pair", "session"),
)


def learning_table(measures: Iterable[SessionMeasures]) -> pandas.DataFrame:
    """The table; what does not exist (success of a solo session) is missing."""
    return LEARNING.frame(map(_row, measures))


def _row(measures: SessionMeasures) -> dict[str, object]:
    """One session's row, by column. In the solo task attempts are pokes and there is no success."""
    row: dict[str, object] = {name: getattr(measures, name) for name in ("pair", "session", "phase", "window_s", "divider")}
    row |= {f"{name}_s": value for name, value in measures.strategy_s.items()}
    row["wait_contingency"] = measures.wait_contingency
    if measures.seen is not None:
        row["waiting"] = waiting(measures.seen.releases, measures.seen.step)
        row |= {
            f"{name}_{agent}": value
            for name, both in _per_animal(measures.seen.mutual).items()
            for agent, value in enumerate(both)
        }
    for name, strangers in (("never_met", measures.never_met), ("shifted", measures.shifted)):
        if strangers is not None:
            row |= {f"{strategy}_{name}_s": strangers.time_s[strategy] for strategy in ("approach", "interaction")}
            row[f"waiting_{name}"] = waiting(strangers.releases, strangers.step)
    row |= {"pokes_0": measures.pokes[0], "pokes_1": measures.pokes[1], "attempts": sum(measures.pokes)}
    row |= {"drinks_0": measures.drinks[0], "drinks_1": measures.drinks[1]}
    if measures.trained is not None and measures.common is not None:
        score, null = measures.trained.score, measures.trained.null
        row |= {"attempts": score.attempts, "correct": len(score.correct), "miss": len(score.miss), "success": score.success}
        row |= {"chance_mean": null.mean, "chance_p95": null.p95, "p_value": measures.trained.p_value}
        row |= {"success_final_window": measures.common.score.success, "chance_final_window": measures.common.null.mean}
    return row


def _per_animal(counts: Mutual) -> dict[str, np.ndarray]:
    found = per_animal(counts)
    return {
        "openings": counts.openings[:, 0],
        "answered": counts.openings[:, 1],
        "held": found["held"],
        "leaving_ratio": found["leaving"],
        "poking_ratio": found["poking"],
    }
