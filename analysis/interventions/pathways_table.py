"""pathways.csv: one row per pair, trial and task of a pathways run."""

import pandas

from analysis.interventions.pathways import Trial
from recording.schemas import PAIR
from recording.table import Schema, number, text, whole

PATHWAYS = Schema(
    "pathways.csv",
    "A pair under one trial of one base, its sessions pooled (`python -m sims.pathways --from RUN`).",
    (
        PAIR,
        text("base", "the earlier state"),
        text("variant", "which brains were put together, or map: a block of the partner's places cut"),
        text("block", "ACROSS_ALONG, the block that was cut; else empty"),
        text("task", "coop or solo"),
        whole("attempts", "correct and missed pokes; 0 in the solo task"),
        number("success", "correct over attempts, 0 without attempts; none in the solo task", empty=True),
        number("chance", "success of shifted pokes, mean over shifts; none without attempts", empty=True),
        number("wait_s_per_min", "time standing while armed, mean of the two mice", "s/min", empty=True),
        number("contingency", "rank correlation of a poke's delay with the partner's lateness, -1 to 1", empty=True),
        number("pokes_per_min", "armed pokes of a mouse, mean of the two", "1/min", empty=True),
    ),
    ("pair", "base", "variant", "block", "task"),
)


def pathways_table(found: list[Trial]) -> pandas.DataFrame:
    """The table; a number that does not exist is missing."""
    return PATHWAYS.frame(vars(each) | {"chance": _chance(each)} for each in found)


def _chance(trial: Trial) -> float | None:
    return trial.evaluation.null.mean if trial.evaluation and trial.attempts else None
