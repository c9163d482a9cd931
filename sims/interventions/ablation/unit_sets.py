"""Which sets of hidden units are ablated in a pair on the grid, and in which batches of games."""

from collections.abc import Iterator

import numpy as np

from params.schema.grid import GridAblation
from sims.interventions.ablation.matching import CellSet, Ranked, cell_set, matched_rows, no_cells
from sims.randomness import stream

TASKS = ("coop", "solo")
RANKINGS = ("partner", "cooperation", "self")
JUDGED = "partner"  # the ranking whose first units others are matched to
NONE, NO_RECURRENCE, RANDOM, MATCHED = "none", "no_recurrence", "random", "matched"
DRAWN = (RANDOM, MATCHED)


def unit_sets(brains: tuple[Ranked, ...], settings: GridAblation, seed: int, pair: int) -> Iterator[CellSet]:
    """Every set of a pair in order: none, and none without recurrence; for each count the first of every ranking, then the draws.

    random: any of the units with equal chances. matched: none of the most partner-tuned, but alike in mean and variance
    (`sims.interventions.ablation.matching`).

    Raises
    ------
    UserError
        As `matched_rows`, or a count exceeds the units.
    """
    yield no_cells(NONE, len(brains))
    yield no_cells(NO_RECURRENCE, len(brains))
    for count in settings.counts:
        target = [brain.first(JUDGED, count) for brain in brains]
        for name in RANKINGS:
            yield cell_set(brains, [brain.first(name, count) for brain in brains], target, name, 0)
        for name in DRAWN:
            for draw in range(settings.draws):
                rngs = [stream(seed, "pair", pair, name, count, draw, agent) for agent in range(2)]
                rows = [
                    _drawn(name, brain, chosen, settings.neighbours, rng)
                    for brain, chosen, rng in zip(brains, target, rngs, strict=True)
                ]
                yield cell_set(brains, rows, target, name, draw)


def _drawn(name: str, brain: Ranked, chosen: np.ndarray, neighbours: int, rng: np.random.Generator) -> np.ndarray:
    if name == MATCHED:
        return matched_rows(brain, chosen, neighbours, rng)
    return rng.choice(len(brain.cell), len(chosen), replace=False)


def batches_of(each: CellSet, settings: GridAblation) -> list[int]:
    """Batches of games of a set in each task, by the names of their luck: all of them, or the one that falls to a random draw."""
    return [each.draw % settings.batches] if each.name in DRAWN else list(range(settings.batches))


def batches(settings: GridAblation) -> int:
    """Sets of units that a pair plays, batch by batch, in both tasks together."""
    ranked = (2 + len(RANKINGS) * len(settings.counts)) * settings.batches
    return len(TASKS) * (ranked + len(DRAWN) * len(settings.counts) * settings.draws)
