"""Every set of cells ablated in a pair, in both tasks: which sessions there are, and a table row for each."""

from collections.abc import Iterator

from acc_model.manipulations import ablate
from params.schema.tools import Ablation
from sims.interventions.ablation.matching import RANKINGS, CellSet, Ranked, cell_set, matched_rows, no_cells
from sims.interventions.frozen import Score, play_frozen, score
from sims.mice.pair import Pair, SessionResult
from sims.randomness import stream

ABLATION_TASKS = ("coop", "solo")
NONE, MATCHED = "none", "matched"


def cell_sets(brains: tuple[Ranked, ...], settings: Ablation, seed: int, pair: int) -> Iterator[CellSet]:
    """Every set of a pair in order: none; then for each count the rankings' first, and the draws matched to the partner's cells.

    Raises
    ------
    UserError
        As `matched_rows`.
    """
    yield no_cells(NONE, len(brains))
    for count in settings.counts:
        target = [brain.first(RANKINGS[0], count) for brain in brains]
        for name in RANKINGS:
            yield cell_set(brains, [brain.first(name, count) for brain in brains], target, name, 0)
        for draw in range(settings.draws):
            rngs = [stream(seed, "pair", pair, "matched", count, draw, agent) for agent in range(len(brains))]
            rows = [
                matched_rows(brain, chosen, settings.neighbours, rng)
                for brain, chosen, rng in zip(brains, target, rngs, strict=True)
            ]
            yield cell_set(brains, rows, target, MATCHED, draw)


def repeats_of(each: CellSet, settings: Ablation) -> list[int]:
    """Sessions of a set in each task, by the names of their random numbers: all of them, or the one that falls to a matched draw."""
    return [each.draw % settings.sessions] if each.name == MATCHED else list(range(settings.sessions))


def play_ablated(pair: Pair, each: CellSet, task: str, repeat: int) -> SessionResult:
    """A frozen session of the pair without these cells; random numbers depend on task and repeat alone, `pair` stays as it is."""
    brains = tuple(ablate(brain, cells) for brain, cells in zip(pair.brains, each.cells, strict=True))
    return play_frozen(pair, brains, task, ("ablation", task, repeat), pair.params.ablation.session_s)


def row_of(pair: Pair, each: CellSet, task: str, repeat: int, result: SessionResult) -> tuple[object, ...]:
    """A row of the table, in the order of `recording.schemas.ABLATION_OF_MICE`."""
    found: Score = score(result, pair.params.mice, pair.params.ablation.session_s)
    counts = (found.correct, found.attempts) if task == "coop" else (None, None)
    success = found.correct / found.attempts if task == "coop" and found.attempts else None
    numbers = (found.rewards_per_min, found.pokes_per_min, found.speed_cm_per_s, each.rate_ratio, each.variance_ratio)
    return (pair.index, each.k, each.name, each.draw, task, repeat, *counts, success, *numbers)
