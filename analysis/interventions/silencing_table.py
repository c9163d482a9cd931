"""silencing.csv: one row per pair, dose and task of a silencing run."""

import csv
import io
import math

from analysis.interventions.silencing import Arm
from params.tools import Silencing

COLUMNS = (
    "pair", "target", "when", "who", "dose", "task", "sessions", "attempts", "correct", "miss", "success",
    "chance_mean", "chance_p95", "p_value", "pokes_per_min", "solo_pokes_per_min", "rewards_per_min",
    "speed_cm_per_s", "moving_cm_per_s", "distance_cm_per_min", "on_s_per_min",
)  # fmt: skip
_BEHAVIOUR = (
    "pair", "dose", "task", "sessions", "pokes_per_min", "rewards_per_min", "speed_cm_per_s", "moving_cm_per_s",
    "distance_cm_per_min", "on_s_per_min",
)  # fmt: skip


def as_csv(arms: list[Arm], silencing: Silencing) -> str:
    """The table as text; a number that does not exist (success of a solo session) is an empty cell. task: coop, solo, or opaque."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(row[column]) for column in COLUMNS] for row in (table_row(arm, silencing) for arm in arms))
    return text.getvalue()


def table_row(arm: Arm, silencing: Silencing) -> dict[str, object]:
    """One row, by column."""
    row: dict[str, object] = dict.fromkeys(COLUMNS, float("nan"))
    row |= {name: getattr(silencing, name) for name in ("target", "when", "who")}
    row |= {name: getattr(arm.behaviour, name) for name in _BEHAVIOUR}
    if arm.evaluation is None:
        return row | {"solo_pokes_per_min": arm.behaviour.pokes_per_min}
    each = arm.evaluation
    row |= {"attempts": each.attempts, "correct": each.correct, "miss": each.attempts - each.correct, "success": each.success}
    return row | {"chance_mean": each.null.mean, "chance_p95": each.null.p95, "p_value": each.p_value}


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.6g}"
    return str(value)
