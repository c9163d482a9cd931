"""learning.csv: one row per pair and session. The first columns are a contract; further ones may be added at the end.

`_s` is the recording's own unit of time; the time in a strategy is given for a minute, or for 100 steps. never_met, shifted: what two
animals do that have nothing to do with each other (`analysis.behaviour.strangers`). waiting: `analysis.behaviour.release`.
"""

import csv
import io
import math
from collections.abc import Iterable

from analysis.behaviour.release import waiting
from analysis.behaviour.session import SessionMeasures

COLUMNS = (
    "pair", "session", "phase", "window_s", "divider", "attempts", "correct", "miss", "success",
    "chance_mean", "chance_p95", "p_value", "approach_s", "wait_s", "interaction_s",
    "contact_s", "pokes_0", "pokes_1", "success_final_window", "chance_final_window",
    "wait_at_port_s", "wait_contingency", "drinks_0", "drinks_1",
    "waiting", "approach_never_met_s", "interaction_never_met_s", "waiting_never_met",
    "approach_shifted_s", "interaction_shifted_s", "waiting_shifted",
)  # fmt: skip


def as_csv(measures: Iterable[SessionMeasures]) -> str:
    """The table as text; a number that does not exist (success of a solo session) is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(row[column]) for column in COLUMNS] for row in map(table_row, measures))
    return text.getvalue()


def table_row(measures: SessionMeasures) -> dict[str, object]:
    """One session's row, by column. In the solo task attempts are pokes and there is no success."""
    row: dict[str, object] = dict.fromkeys(COLUMNS, float("nan"))
    row |= {name: getattr(measures, name) for name in ("pair", "session", "phase", "window_s", "divider")}
    row |= {f"{name}_s": value for name, value in measures.strategy_s.items()}
    row["wait_contingency"] = measures.wait_contingency
    if measures.seen is not None:
        row["waiting"] = waiting(measures.seen.releases, measures.seen.step)
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


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.6g}"
    return str(value)
