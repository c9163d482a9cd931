"""Findings on trained pairs that are acted on: silencing (F7) and ablation (F9) of either system, read from their own reports.

Success of mice and corrects an episode of agents have no common unit; the share of its own that a pair keeps has: water drunk together
and alone, without the units over with all of them. It is read pair by pair from ablation.csv, the mean over draws and sessions.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas

from analysis.comparison.readers import Cell
from analysis.comparison.rows import Comparison
from analysis.comparison.system import SIDES, open_side
from analysis.core.run import RunDirectory, RunDirectoryError
from analysis.core.statistics import Estimate, median_over_pairs
from analysis.findings.summary import AblationSummary, GridAblationSummary, SilencingSummary, read_summary
from params.command import command_line
from recording.schemas import ABLATION_OF_GRID, ABLATION_OF_MICE
from recording.table import read_table

SILENCING, ABLATION = "silencing", "ablation"
NOT_COMPARED = {"pathways": "swaps pathways", "shadow": "lets shadows run along and changes no brain"}
KEYS = ("pair", "k", "set", "draw", "task")  # columns that every row of ablation.csv is found by
DRINKS = {"acc": "rewards_per_min", "marl": "drinks"}  # columns of ablation.csv
SETS = {"cooperation": "cooperation-selective", "partner": "partner-tuned", "self": "self-tuned", "matched": "matched random"}
SETS |= {"random": "random"}
TASKS = {"coop": "together", "solo": "alone"}


@dataclass(frozen=True, eq=False)
class Acted:
    """Silencing or an ablation. kind: `SILENCING` or `ABLATION`. table: ablation.csv, None of silencing."""

    side: str
    kind: str
    run: RunDirectory
    summary: SilencingSummary | AblationSummary | GridAblationSummary
    table: pandas.DataFrame | None


def read_acted(path: Path, side: str) -> Acted:
    """Read a run of silencing or of ablation that its report has been made of.

    Raises
    ------
    UserError
        No run or one of the other side, a run that silences and ablates nothing, or no report yet, or a damaged one.
    """
    run, wanted = open_side(path, side), f"--ablation-{side} takes runs of sims.run --from and of sims.ablate"
    if "source" not in run.facts:
        raise RunDirectoryError(f"{path}: acts on no trained pair; {wanted}")
    if (does := NOT_COMPARED.get(run.facts["condition"])) is not None:
        raise RunDirectoryError(f"{path}: {does}; {wanted}")
    if run.facts["condition"] != ABLATION:
        return Acted(side, SILENCING, run, read_summary(run, SilencingSummary), None)
    summary = read_summary(run, AblationSummary) if side == "acc" else read_summary(run, GridAblationSummary)
    schema = (ABLATION_OF_MICE if side == "acc" else ABLATION_OF_GRID).part((*KEYS, DRINKS[side]))
    table = read_table(run.path / "ablation.csv", schema, command_line("analysis.report", run.path))
    return Acted(side, ABLATION, run, summary, table)


def refuse_two_of_a_kind(found: list[Acted]) -> None:
    """Raise RunDirectoryError if two runs of one side are of silencing, or of ablation: they would give one line two numbers."""
    seen: dict[tuple[str, str], Acted] = {}
    for each in found:
        other = seen.setdefault((each.side, each.kind), each)
        if other is not each:
            raise RunDirectoryError(
                f"--ablation-{each.side}: {other.run.path} and {each.run.path} are both of kind {each.kind}; give one"
            )


def compared_acted(found: list[Acted]) -> list[Comparison]:
    """Lines of F7 and F9."""
    lines: dict[tuple[str, str, str], dict[str, Cell]] = {}
    for each in found:
        of_kind = _silenced(each.summary) if isinstance(each.summary, SilencingSummary) else _ablated(each)
        for key, cell in of_kind.items():
            lines.setdefault(key, {})[each.side] = cell
    nothing = {side: Cell(missing=f"not given: --ablation-{side}") for side in SIDES}
    return [Comparison(*key, *((nothing | cells)[side] for side in SIDES)) for key, cells in lines.items()]


def _silenced(summary: SilencingSummary) -> dict[tuple[str, str, str], Cell]:
    highest = summary.doses[-1].effect
    what = f"{summary.target}, {summary.when.replace('_', ' ')}, {summary.who}, dose {highest.dose:g}"
    wanted = {
        f"success kept ({what})": highest.success_of_own,
        f"solo pokes kept ({what})": highest.solo_pokes,
        f"solo speed kept ({what})": highest.solo_speed,
    }
    return {("F7", text, "share of own"): Cell(estimate, 1.0) for text, estimate in wanted.items()}


def _ablated(acted: Acted) -> dict[tuple[str, str, str], Cell]:
    count = acted.run.resolved.simulated.ablation.judged_count
    table = acted.table
    assert table is not None
    drunk = table.groupby(["set", "k", "task", "pair"])[DRINKS[acted.side]].agg(
        lambda each: each.mean()
    )  # over draws and sessions
    return {
        ("F9", f"water drunk {said} without {count} {SETS[name]} units", "share of own"): Cell(
            _kept(drunk, name, count, task), 1.0
        )
        for name in SETS
        if (table["set"] == name).any()
        for task, said in TASKS.items()
    }


def _kept(drunk: pandas.Series, name: str, count: int, task: str) -> Estimate:
    """drunk: mean by set, count, task and pair."""
    pairs = drunk.index.unique("pair").sort_values()
    places = (pandas.MultiIndex.from_product([[of], [k], [task], pairs]) for of, k in (("none", 0), (name, count)))
    own, without = (drunk.reindex(each).to_numpy() for each in places)
    return median_over_pairs(without / np.where(own > 0, own, np.nan))
