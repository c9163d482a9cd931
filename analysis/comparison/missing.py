"""What two runs lack for a full comparison, and what limits it, said in words."""

from analysis.comparison.acted_on import Acted
from analysis.comparison.learning import learning_of
from analysis.comparison.representations import Represented
from analysis.comparison.system import System


def missing(systems: dict[str, System], represented: list[Represented]) -> list[str]:
    """Notes on cells, stages and recordings that are not there, each with the name of its system. systems: by side."""
    notes = [f"{system.name}: {system.lacks_cells}" for system in systems.values() if system.lacks_cells]
    notes += [f"{system.name}: {note}" for system in systems.values() for note in system.summary.missing]
    notes += [f"{systems[e.side].name}, {e.stage}, pair {e.pair}: {e.missing}" for e in represented if e.missing]
    for system in systems.values():
        if not any(each.side == system.side and each.stage == "before" for each in represented):
            notes.append(f"{system.name}: no recording before cooperative training holds activity; recording.rates keeps it")
        course = learning_of(system)
        if len(course.fraction) and course.half.value <= course.fraction[0]:
            notes.append(
                f"{system.name}: the first recorded session of cooperative training already has half of the late success above chance; "
                "early to late misses most of what was learned"
            )
    return notes


def of_others(systems: dict[str, System], acted: list[Acted]) -> list[str]:
    """Silencing and ablations of pairs that another run trained: their numbers are shown, and that is said."""
    return [
        f"{each.run.path}: acts on pairs of another run ({', '.join(f'{key} {source[key]}' for key in keys)}), not on those compared"
        for each in acted
        for keys, source in [(("condition", "seed", "digest"), each.run.facts["source"])]
        if any(source[key] != systems[each.side].run.facts[key] for key in keys)
    ]
