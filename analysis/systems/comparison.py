"""Two systems with all that was read and measured, brought together."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.systems import differences, similarity
from analysis.systems.acted_on import Acted, compared_acted, read_acted
from analysis.systems.alignment_rows import Table, alignment_table, compared_alignment
from analysis.systems.claims import ALL_CLAIMS
from analysis.systems.differences import Differences, Verdicts, in_order
from analysis.systems.learning import Learning, learning_of
from analysis.systems.missing import missing, of_others
from analysis.systems.representations import represent
from analysis.systems.rows import Comparison, compared
from analysis.systems.similarity import Similarity
from analysis.systems.similarity_rows import compared_similarity
from analysis.systems.system import SIDES, System, read_system


@dataclass(frozen=True, eq=False)
class Compared:
    """Both systems with all that was read and measured. verdicts: by side and finding."""

    systems: dict[str, System]
    verdicts: dict[str, Verdicts]
    rows: list[Comparison]
    courses: dict[str, Learning]
    similarity: Similarity
    alignment: Table
    missing: list[str]
    differences: Differences


def compare(
    acc: Path, marl: Path, ablation_acc: list[Path], ablation_marl: list[Path], say: Callable[[str], None] = print
) -> Compared:
    """Read two runs as their reports left them, measure what needs both, and write nothing.

    ablation_*: runs that silence or ablate trained pairs of either.

    Raises
    ------
    UserError
        A directory is no run of its side, its report was not made, or a recording is damaged.
    """
    systems = {side: read_system(path, side) for side, path in zip(SIDES, (acc, marl), strict=True)}
    given = {"acc": ablation_acc, "marl": ablation_marl}
    acted = [read_acted(path, side) for side in SIDES for path in given[side]]
    represented = [each for system in systems.values() for each in represent(system, say)]
    settings, seed = systems["acc"].analysis.compare, systems["acc"].run.facts["seed"]
    alike = similarity.similarity(represented, settings, seed)
    table = alignment_table(represented, systems)
    rows = [*compared(systems["acc"], systems["marl"]), *compared_acted(acted)]
    rows = sorted(rows, key=lambda row: in_order(row.finding)[0] if row.finding in ALL_CLAIMS else math.inf)
    rows += [*compared_similarity(alike), *compared_alignment(table)]
    verdicts = {side: _verdicts(system, acted) for side, system in systems.items()}
    return Compared(
        systems,
        verdicts,
        rows,
        {side: learning_of(system) for side, system in systems.items()},
        alike,
        table,
        missing(systems, represented) + of_others(systems, acted),
        differences.differences(verdicts["acc"], verdicts["marl"], rows),
    )


def _verdicts(system: System, acted: list[Acted]) -> Verdicts:
    found = dict(system.summary["verdicts"])
    for each in acted:
        found |= each.verdicts if each.side == system.side else {}
    return found
