"""Two systems with all that was read and measured, brought together."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.comparison import differences, similarity
from analysis.comparison.acted_on import Acted, compared_acted, read_acted, refuse_two_of_a_kind
from analysis.comparison.alignment_rows import Table, alignment_table, compared_alignment
from analysis.comparison.claims import ALL_CLAIMS, in_order
from analysis.comparison.described import Line, described
from analysis.comparison.differences import Differences
from analysis.comparison.learning import Learning, learning_of
from analysis.comparison.missing import missing, of_others
from analysis.comparison.representations import represent
from analysis.comparison.rows import Comparison, compared
from analysis.comparison.similarity import Similarity
from analysis.comparison.similarity_rows import compared_similarity
from analysis.comparison.system import SIDES, System, read_system
from analysis.core.run import RunDirectoryError, open_run
from analysis.findings.summary import Verdicts
from params import GridParameters


@dataclass(frozen=True, eq=False)
class Compared:
    """Both systems with all that was read and measured. described: see `described`. verdicts: by side and finding."""

    systems: dict[str, System]
    described: list[Line]
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
        A directory is no run of its side, its report was not made or is damaged, two runs act in the same way on one side, settings of
        the comparison differ, or a recording is damaged.
    """
    _refuse_swapped(acc, marl)
    systems = {side: read_system(path, side) for side, path in zip(SIDES, (acc, marl), strict=True)}
    given = {"acc": ablation_acc, "marl": ablation_marl}
    acted = [read_acted(path, side) for side in SIDES for path in given[side]]
    refuse_two_of_a_kind(acted)
    _refuse_other_settings(systems)
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
        described(systems),
        verdicts,
        rows,
        {side: learning_of(system) for side, system in systems.items()},
        alike,
        table,
        missing(systems, represented) + of_others(systems, acted),
        differences.differences(verdicts["acc"], verdicts["marl"], rows),
    )


def _refuse_swapped(acc: Path, marl: Path) -> None:
    """Raise RunDirectoryError if the runs were given the wrong way round."""
    of_agents = [isinstance(open_run(Path(path)).resolved.params, GridParameters) for path in (acc, marl)]
    if of_agents == [True, False]:
        raise RunDirectoryError(f"{acc} is a run of agents and {marl} one of mice: give them the other way round")


def _refuse_other_settings(systems: dict[str, System]) -> None:
    """Raise RunDirectoryError if the two runs say different things of how they are to be compared."""
    ours, theirs = (systems[side].analysis.compare.model_dump() for side in SIDES)
    for key in ours:
        if ours[key] != theirs[key]:
            raise RunDirectoryError(
                f"analysis.compare.{key} = {ours[key]} in {systems['acc'].run.path} and {theirs[key]} in {systems['marl'].run.path}; "
                "two runs are compared by one number"
            )


def _verdicts(system: System, acted: list[Acted]) -> Verdicts:
    found = dict(system.summary.verdicts)
    for each in acted:
        found |= each.summary.verdicts if each.side == system.side else {}
    return found
