"""silencing.csv: one row per pair, dose and task of a silencing run."""

import pandas

from analysis.interventions.silencing import Arm
from params.schema.tools import Silencing
from recording.schemas import PAIR
from recording.table import Schema, number, text, whole

SILENCING = Schema(
    "silencing.csv",
    "A pair at one dose in one task, its sessions pooled; rates and speeds are means over the silenced mice (`sims.run --from RUN`).",
    (
        PAIR,
        text("target", "what is silenced"),
        text("when", "when"),
        text("who", "in which mice"),
        number("dose", "dose, 0 to 1"),
        text("task", "coop, solo, or opaque: coop behind the opaque divider"),
        whole("sessions", "sessions pooled"),
        whole("attempts", "correct and missed pokes; none in the solo task, as the next six", empty=True),
        whole("correct", "pokes that the partner answers within the window", empty=True),
        whole("miss", "pokes that it does not", empty=True),
        number("success", "correct over attempts; none without attempts", empty=True),
        number("chance_mean", "success of shifted pokes, mean over shifts", empty=True),
        number("chance_p95", "its 95th percentile", empty=True),
        number("p_value", "how often a shift is as successful", empty=True),
        number("pokes_per_min", "armed pokes", "1/min", empty=True),
        number("solo_pokes_per_min", "the same in the solo task, none in the others", "1/min", empty=True),
        number("rewards_per_min", "rewards", "1/min", empty=True),
        number("speed_cm_per_s", "path over time", "cm/s", empty=True),
        number("moving_cm_per_s", "speed while above the speed of standing", "cm/s", empty=True),
        number("distance_cm_per_min", "path", "cm/min", empty=True),
        number("on_s_per_min", "time that silencing was on", "s/min", empty=True),
    ),
    ("pair", "dose", "task"),
)


def silencing_table(arms: list[Arm], silencing: Silencing) -> pandas.DataFrame:
    """The table; what does not exist (success of a solo session) is missing."""
    return SILENCING.frame(_row(arm, silencing) for arm in arms)


def _row(arm: Arm, silencing: Silencing) -> dict[str, object]:
    """One row, by column."""
    row = {name: getattr(silencing, name) for name in ("target", "when", "who")} | vars(arm.behaviour)
    if arm.evaluation is None:
        return row | {"solo_pokes_per_min": arm.behaviour.pokes_per_min}
    each = arm.evaluation
    row |= {"attempts": each.attempts, "correct": each.correct, "miss": each.attempts - each.correct, "success": each.success}
    return row | {"chance_mean": each.null.mean, "chance_p95": each.null.p95, "p_value": each.p_value}
