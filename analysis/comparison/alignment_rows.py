"""Alignment of own and partner codes of a system, over pairs: by stage, against random axes, early against late."""

from dataclasses import dataclass

import numpy as np

from analysis.comparison.alignment import CODES
from analysis.comparison.effects import paired_effect
from analysis.comparison.readers import Cell
from analysis.comparison.representations import BEFORE, STAGES, Represented
from analysis.comparison.rows import STANDARD, Comparison
from analysis.comparison.system import SIDES, System
from analysis.core.nulls import one_sided_p
from analysis.core.statistics import NOT_MEASURED, Estimate, median_over_pairs
from analysis.neural.inputs.stages import EARLY, LATE, OPAQUE, SOCIAL

WORDS = {"place": "place", "at_port": "being at the port", "about_to_poke": "being about to poke"}
SHOWN = (BEFORE, EARLY, LATE, SOCIAL, OPAQUE)


@dataclass(frozen=True, eq=False)
class Aligned:
    """One code of one system in one stage. values [pairs]: overlap, mean of a pair's animals; estimates over pairs: of overlap, of the
    signed cosine, of reliability; chance: median over pairs of the mean of random axes; p_value: of the cohort's median."""

    pairs: list[int]
    values: np.ndarray
    overlap: Estimate
    cosine: Estimate
    reliability: Estimate
    chance: float
    p_value: float


def aligned(found: list[Represented], side: str, stage: str, code: str, system: System) -> Aligned | None:
    """Reduce the pairs of one stage; None without any."""
    here = [each for each in found if each.side == side and each.stage == stage and each.codes]
    if not here:
        return None
    columns = {
        name: np.array([_mean([getattr(codes[code], name) for codes in each.codes]) for each in here])
        for name in ("overlap", "cosine", "reliability")
    }
    measured = np.isfinite(columns["overlap"])
    nulls = np.array(
        [
            np.nanmean([codes[code].null for codes in each.codes if np.isfinite(codes[code].overlap)], axis=0)
            for each in _only(here, measured)
        ]
    )

    estimate = median_over_pairs(columns["overlap"])
    chance = float(np.median(nulls.mean(axis=1))) if len(nulls) else float("nan")
    p_value = one_sided_p(estimate.value, np.median(nulls, axis=0)) if len(nulls) else float("nan")
    pairs = [each.pair for each in here]
    return Aligned(
        pairs,
        columns["overlap"],
        estimate,
        median_over_pairs(columns["cosine"]),
        median_over_pairs(columns["reliability"]),
        chance,
        p_value,
    )


def _only(found: list[Represented], kept: np.ndarray) -> list[Represented]:
    return [each for each, keep in zip(found, kept, strict=True) if keep]


def _mean(values: list[float]) -> float:
    finite = [each for each in values if np.isfinite(each)]
    return float(np.mean(finite)) if finite else float("nan")


Table = dict[tuple[str, str, str], Aligned | None]  # (side, stage, code)


def alignment_table(found: list[Represented], systems: dict[str, System]) -> Table:
    """Every code of every stage of both systems."""
    return {
        (side, stage, code): aligned(found, side, stage, code, systems[side])
        for side in SIDES
        for stage in STAGES
        for code in CODES
    }


def compared_alignment(table: Table) -> list[Comparison]:
    """Lines of the comparison: overlap with its chance, the signed cosine, and the effect of training."""
    rows = []
    for code in CODES:
        for stage in SHOWN:
            both = [table[side, stage, code] for side in SIDES]
            rows.append(
                Comparison("alignment", f"overlap of own and partner's {WORDS[code]}, {stage}", "cos²", *map(_overlap, both))
            )
            if code != "place":
                text = f"cosine of own and partner's {WORDS[code]}, {stage}"
                rows.append(
                    Comparison("alignment", text, "cos", *(_cell(each.cosine if each else NOT_MEASURED, 0.0) for each in both))
                )
        text = f"overlap of own and partner's {WORDS[code]}"
        for first, named in ((EARLY, text), (BEFORE, f"{text}, from before training")):
            rows.append(Comparison("alignment", named, STANDARD, *(_effect(table, side, code, first) for side in SIDES)))
    return [row for row in rows if row.acc.estimate.n or row.marl.estimate.n]


def _overlap(each: Aligned | None) -> Cell:
    return _cell(each.overlap, each.chance) if each else _cell(NOT_MEASURED, 0.0)


def _cell(estimate: Estimate, chance: float) -> Cell:
    return (
        Cell(estimate, chance) if estimate.n else Cell(missing="no recording of this stage holds activity in which both change")
    )


def _effect(table: Table, side: str, code: str, first: str) -> Cell:
    early, late = (table[side, stage, code] for stage in (first, LATE))
    if early is None or late is None:
        return Cell(missing=f"no session {first} or late with activity")
    pairs = [pair for pair in early.pairs if pair in late.pairs]
    values = (each.values[[each.pairs.index(pair) for pair in pairs]] for each in (early, late))
    estimate = paired_effect(*values)
    return Cell(estimate, 0.0, "" if estimate.n else "fewer than three pairs with both, or no spread between them")
