"""What a specification still has to tell: every key at once, each with an example, whether the schema or a file leaves it open."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, get_args, get_origin

import tomli_w
from pydantic.fields import FieldInfo

from params.schema.table import Table
from recording.errors import ImportRefused
from recording.importers.events.log import EventLog
from recording.importers.spec.contents import Contents, counts
from recording.importers.spec.facts import Facts
from recording.importers.spec.files import IGNORE, UNITS_S, Events
from recording.importers.spec.told import AGENTS, Told

Tree = dict[str, Any]
Place = tuple[str, ...]
NOSES = ("nose", "snout", "nosetip", "nose_tip")


@dataclass(frozen=True)
class Missing:
    """A key that must be told. example: of its value, as TOML. words: what it is."""

    place: Place
    example: str
    words: str

    @property
    def key(self) -> str:
        """As TOML writes it, dotted."""
        return ".".join(map(toml_key, self.place))


def toml_key(name: str) -> str:
    """A key as TOML writes it, in quotes where it must."""
    return tomli_w.dumps({name: 0}).partition(" = ")[0]


def find_missing(tree: Tree, contents: Contents, schema: type[Table]) -> list[Missing]:
    """Everything that is missing, in the order of the schema."""
    found = [*_of_table(schema, tree, ()), *_of_outcomes(tree), *_of_clocks(tree), *_of_files(tree, contents)]
    return [_with_names(each, contents) for each in {each.place: each for each in found}.values()]


def _with_names(missing: Missing, contents: Contents) -> Missing:
    """With the names of the first file of positions as examples of what an animal's keys may say."""
    if missing.place[0] != "animals" or not contents.poses:
        return missing
    table, pose = next(iter(contents.poses.items()))
    agent, key = AGENTS.index(missing.place[1]), missing.place[2]
    nose = next((point for point in pose.points if point.lower() in NOSES), pose.points[0])
    names = {"tracks": table, "track": pose.animals[min(agent, len(pose.animals) - 1)], "point": nose}
    return replace(missing, example=toml_text(names[key])) if key in names else missing


def toml_text(value: Any) -> str:
    """A value as TOML writes it."""
    return tomli_w.dumps({"k": value}).removeprefix("k = ").strip()


def refuse_missing(where: str, found: list[Missing], refused: list[str]) -> None:
    """Ask for all that is missing, in one line. refused: what else stands in the way.

    Raises
    ------
    ImportRefused
        If anything is.
    """
    if found:
        keys = "; ".join(f"{each.key} = {each.example}" for each in found)
        also = "".join(f"; also: {each}" for each in refused)
        many = "key is" if len(found) == 1 else "keys are"
        raise ImportRefused(
            f"{where}: {len(found)} {many} missing, for example {keys}{also}; docs/reference/import.md says what each is"
        )


def table_of(field: FieldInfo) -> type[Table] | None:
    """The table that a field is, or None."""
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, Table) else None


def tables_of(field: FieldInfo) -> type[Table] | None:
    """The table of which a field holds several by name, or None."""
    kind = field.annotation
    if get_origin(kind) is not dict:
        return None
    value = get_args(kind)[1]
    return value if isinstance(value, type) and issubclass(value, Table) else None


def _of_table(schema: type[Table], values: Any, place: Place) -> Iterator[Missing]:
    if not isinstance(values, dict):
        return  # the check of values says what is wrong
    asked = schema.asks(values) if issubclass(schema, Told) else []
    for field in schema.model_fields.values():
        key = str(field.alias)
        if (table := table_of(field)) is not None:
            if key in values or field.is_required():
                yield from _of_table(table, values.get(key, {}), (*place, key))
        elif (table := tables_of(field)) is not None:
            named = values.get(key, {} if not field.is_required() else {"top": {}})
            for name, each in named.items() if isinstance(named, dict) else ():
                yield from _of_table(table, each, (*place, key, name))
        elif key not in values and (field.is_required() or key in asked):
            example = field.examples[0] if field.examples else _EXAMPLES.get((place[0], key), '"..."')
            yield Missing((*place, key), str(example), field.description or _WORDS.get(key, key))


_EXAMPLES = {  # of the readers' own options
    ("tracks", "format"): '"deeplabcut"',
    ("events", "format"): '"boris"',
    ("activity", "format"): '"suite2p"',
    ("activity", "signal"): '"dff"',
}
_WORDS = {"format": "format of the file", "signal": "what the traces are"}


def _of_outcomes(tree: Tree) -> Iterator[Missing]:
    """Which corrects and misses are kept where the files hold some."""
    kinds = [str(kind) for told in tree.get("events", {}).values() for kind in told.get("kinds", {}).values()]
    if any(kind.split()[-1:] in (["correct"], ["miss"]) for kind in kinds) and "outcomes" not in tree.get("session", {}):
        field = Facts.model_fields["outcomes"]
        yield Missing(("session", "outcomes"), '"derived"', str(field.description))


def _of_clocks(tree: Tree) -> Iterator[Missing]:
    """Clocks that something is timed on and that nothing brings to the session's."""
    told, session = tree.get("clocks", {}), tree.get("session", {})
    if not isinstance(told, dict) or not isinstance(session, dict):
        return
    for table in ("tracks", "events", "activity"):
        for name in _clocks_of(tree.get(table, {})):
            if name not in told and "clock" in session and name != session["clock"]:
                words = (
                    "time of the session's clock when this one shows 0; or pulses and session_pulses, files of both clocks' times"
                )
                yield Missing(("clocks", name, "offset"), '"15.358 s"', words)
                yield Missing(("clocks", name, "rate"), "1.0", "seconds of the session's clock in a second of this one")


def _clocks_of(tables: Any) -> list[str]:
    named = tables.values() if isinstance(tables, dict) else ()
    return [each["clock"] for each in named if isinstance(each, dict) and isinstance(each.get("clock"), str)]


def _of_files(tree: Tree, contents: Contents) -> Iterator[Missing]:
    """What the files that could be read leave open."""
    timed = {("tracks", name): pose.time_s is not None for name, pose in contents.poses.items()}
    timed |= {("activity", name): cells.time_s is not None or cells.traces is None for name, cells in contents.cells.items()}
    for (table, name), has_times in timed.items():
        if not has_times and not {"frame_rate", "times"} & tree[table][name].keys():
            words = "frames a second, as measured; or times, a file with the time of every frame"
            yield Missing((table, name, "frame_rate"), '"30 Hz"', words)
    for name, log in contents.logs.items():
        yield from _of_log(name, tree["events"][name], log)


def _of_log(name: str, values: Tree, log: EventLog) -> Iterator[Missing]:
    """Labels and subjects that nobody has said the meaning of."""
    kinds, subjects = values.get("kinds", {}), values.get("subjects", {})
    if log.unit not in UNITS_S:
        key, example = ("tick", '"2 ms"') if log.unit == "tick" else ("time_unit", '"s"')
        yield Missing(("events", name, "read", key), example, "unit of the file's times")
    for label, count in counts(log, "label").items():
        if label not in kinds:
            yield Missing(("events", name, "kinds", label), '"poke"', f"{count} in the file; {Events.VOCABULARY}")
    for subject, count in counts(log, "subject").items():
        labels = log.rows["label"][log.rows["subject"] == subject].unique()
        settled = all(label in kinds and (kinds[label] == IGNORE or len(kinds[label].split()) > 1) for label in labels)
        if subject not in subjects and not settled:
            yield Missing(
                ("events", name, "subjects", subject), '"agent_0"', f"{count} in the file; agent_0, agent_1, both or ignore"
            )
