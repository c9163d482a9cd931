"""The reference of a specification from its schema: `python -m recording.importers.spec.reference > docs/reference/import.md`."""

import sys
from collections.abc import Iterator

from params.command import Parser, guarded
from params.schema.table import Table
from recording.importers.spec.missing import table_of, tables_of
from recording.importers.spec.spec import Spec
from recording.importers.spec.told import Told

HEAD = """# Import of a session

`python -m recording.import_session SPEC.toml -o DIR` makes one recording of the files of a session. The TOML names the files and tells what
they do not say. [How to import your data](../how-to/import-your-data.md) goes through it step by step.

Nothing is guessed. A key that is missing is asked for, all missing ones in one message, each with an example. What contradicts something
else is refused in one line. What is odd, and every value that was changed, stands in the import report with its count and places.

- **Values.** A number with its unit is a text: `"0.75 s"`. Points are two numbers, `[x, y]`, in the tracks' own units.
- **Paths** are relative to the TOML.
- **Times.** Every file has a clock. Each is brought to `session.clock` by its table in `[clocks]`. Start and stop are on that clock.
- **Positions.** The nose at each sample lies on the straight line between the frames around it. A nose that is missing for up to
  `longest_gap`, from the last frame with it to the next, is filled so; `observed` is False there.
- **Frame of reference.** The divider is x = 0, agent 0 has x < 0, the ports' end is y = 0. The divider's two points, the scale and agent
  0's port fix it. A picture that is turned or mirrored gives the same positions.
- **Outcomes.** Correct and miss follow from the armed pokes by the rule of the task (`recording/scoring.py`). In the solo task every armed
  poke is a correct. An outcome of a file within 0.1 s of the rule's is the same.
- **Events** are at whole steps of `event_step`. What begins outside the session is left out and counted.
- **Activity** at each sample lies on the straight line between the frames around it. Spikes are kept, and give rates: spikes of a sample
  over its length.

## What it writes

DIR is opened by the analysis like a run: `python -m analysis.report DIR`. Further sessions of the experiment are added to it.

| file | what |
|---|---|
| `params.toml` | `base = "experiment"`: chamber, final window, and `[analysis]`, which is the mice's; change thresholds here |
| `run.json` | name of the experiment, pairs, and the facts of every session that others must agree with |
| `sessions/pairPP_sSSS_PHASE.h5` | the [recordings](recording.md); the attribute `provenance` holds the TOML and a digest of every file |
| `imports/pairPP_sSSS.html`, `.json` | the report of each import: tracks over the chamber, coverage, notes, clock fits, events |

A session that is there is imported again with `--replace`. A session is written last: an import that is stopped leaves the directory as it
was, and can be made again.

Sessions of one experiment agree on `[experiment]`; those of a pair on its animals; those of a phase on task, window and divider.
Phases have the names of the model's, because the findings ask for them: `pretraining` (solo), `coop_...` (training, any name), and
`evaluation_social`, `evaluation_opaque`, `evaluation_solo`, the sessions that are judged. Animals go on learning in them, which the model
does not.

## Keys
"""
BOTH_ANIMALS = "animals.agent_0 and animals.agent_1"
READ = {
    "tracks": "Options of the reader: [files of positions](import-pose.md).",
    "events": "Options of the reader: [files of events](import-events.md).",
    "activity": "Options of the reader: `recording/importers/activity/options.py`.",
}
CLOCKS = "How pulses are paired and fitted: [clocks](clocks.md)."


def page() -> str:
    """docs/reference/import.md."""
    return "\n".join([HEAD, *_sections(Spec, ())])


def _sections(schema: type[Table], place: tuple[str, ...]) -> Iterator[str]:
    """A section for every table of the specification; the readers' own tables have pages of their own."""
    own = [field for field in schema.model_fields.values() if table_of(field) is None and tables_of(field) is None]
    if place and own:
        yield f"### [{BOTH_ANIMALS if place[0] == 'animals' else '.'.join(place)}]\n"
        yield f"{' '.join((schema.__doc__ or '').split())}\n"
        yield "| key | told | example | what it is |\n|---|---|---|---|"
        for field in own:
            needed = "always" if field.is_required() else "if needed"
            example = "" if not field.examples else f"`{field.examples[0]}`"
            yield f"| `{field.alias}` | {needed} | {example} | {field.description} |"
        yield ""
    for field in schema.model_fields.values():
        key, table = str(field.alias), table_of(field) or tables_of(field)
        if table is None or (place == ("animals",) and key == "agent_1"):
            continue
        if not issubclass(table, Told):
            yield f"`[{'.'.join((*place, key))}]`: {READ[place[0]]}\n"
            continue
        yield from _sections(table, (*place, key) if table_of(field) else (*place, key, "NAME"))
    if place[:1] == ("clocks",):
        yield f"{CLOCKS}\n"


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code, as of `guarded`."""

    def command() -> None:
        Parser(prog="python -m recording.importers.spec.reference", description="Print docs/reference/import.md.").parse_args(
            arguments
        )
        print(page(), end="")

    return guarded(command)


if __name__ == "__main__":
    sys.exit(main())
