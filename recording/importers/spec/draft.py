"""A draft of a specification: what the files say is written, what they leave open is marked, and nothing else."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from params.schema.table import Table
from recording.errors import ImportRefused
from recording.importers.activity.read import sniff as sniff_activity
from recording.importers.events.options import EventOptions
from recording.importers.events.read import read_events
from recording.importers.events.read import sniff as sniff_events
from recording.importers.pose.choose import frames_seen
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.read import read_pose
from recording.importers.pose.sniff import sniff as sniff_pose
from recording.importers.spec.contents import Contents, read_contents
from recording.importers.spec.missing import Missing, Tree, find_missing, table_of, tables_of, toml_key, toml_text
from recording.importers.spec.spec import Spec

FILL_IN = "FILL IN"
_SHOWN = 12
HEAD = """\
# A session for python -m recording.import_session. Lines marked FILL IN must be told: remove the # before the key and write your value.
# Values carry their unit. Points are in the tracks' own units, pixels as a rule. Paths are relative to this file.
# A table of a file may be left out. Files that one device has timed have the same clock; each clock but session.clock needs a table
# [clocks.NAME], with offset and rate, or pulses and session_pulses. All keys: docs/reference/import.md
"""


def draft(files: Sequence[Path], folder: Path) -> str:
    """The text of a draft.

    Parameters
    ----------
    files : to look at
    folder : that the draft is written to, and its paths are relative to

    Raises
    ------
    ImportRefused
        A file is of no known format.
    """
    tree: Tree = {}
    for file in files:
        _add(tree, file, folder)
    contents = read_contents(tree, folder)
    found = find_missing(tree, contents, Spec)
    notes = _notes(contents)
    return HEAD + "\n".join(_lines(Spec, tree, found, notes, ())) + "\n"


def _add(tree: Tree, file: Path, folder: Path) -> None:
    """Put a file into the tables that its content belongs to."""
    if not os.path.exists(file):  # noqa: PTH110  a path may raise on a name that no file can have
        raise ImportRefused(f"{file}: no such file")
    formats = _formats(file)
    if not formats:
        raise ImportRefused(f"{file}: is of no format that is known here; docs/reference/import.md lists them")
    for table, form in formats.items():
        named = tree.setdefault(table, {})
        named[_name(file, named)] = {"file": _relative(file, folder), "read": {"format": form}}


def _formats(file: Path) -> dict[str, str]:
    """Format of a file by the table that it belongs to. An NWB file may hold positions, activity or both; a .mat file that is not Bpod's is
    taken for an array."""
    found = {"tracks": sniff_pose(file), "activity": sniff_activity(file)}
    if found["tracks"] == found["activity"] == "nwb" and not _reads(lambda: read_pose(file, PoseOptions(format="nwb"))):
        del found["tracks"]
    if not any(found.values()):
        found = {"events": sniff_events(file)}
        if (
            found["events"] == "bpod"
            and file.suffix == ".mat"
            and not _reads(lambda: read_events(file, EventOptions(format="bpod")))
        ):
            found = {"activity": "arrays"}
    return {table: form for table, form in found.items() if form is not None}


def _reads(read: Callable[[], object]) -> bool:
    try:
        read()
    except ImportRefused:
        return False
    return True


def _name(file: Path, taken: Tree) -> str:
    """A name for a file's table: its stem, as one word."""
    word = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in file.stem)[:40].strip("_") or "file"
    word = word if word[0].isalpha() else f"file_{word}"
    return next(each for each in (word, *(f"{word}_{number}" for number in range(2, 1000))) if each not in taken)


def _relative(file: Path, folder: Path) -> str:
    return Path(os.path.relpath(file.absolute(), folder.absolute())).as_posix()


def _notes(contents: Contents) -> dict[tuple[str, ...], list[str]]:
    """What was found in each file, in lines for its table; and what a reader refused."""
    notes: dict[tuple[str, ...], list[str]] = {}
    for name, pose in contents.poses.items():
        tracks = ", ".join(
            f"{toml_text(each)} in {seen}" for each, seen in zip(pose.animals[:_SHOWN], frames_seen(pose), strict=False)
        )
        lines = [f"{len(pose.frame)} frames; tracks, and in how many frames: {tracks}{_more(pose.animals)}"]
        lines.append(f"points: {', '.join(toml_text(each) for each in pose.points[:_SHOWN])}{_more(pose.points)}")
        lines.append(_likelihoods(pose.likelihood))
        lines.append("the file has no times: frame_rate, or times, must be told" if pose.time_s is None else _rate(pose.time_s))
        notes["tracks", name] = lines + [note.words for note in pose.notes]
    for name, log in contents.logs.items():
        starts = log.rows["start"]
        span = f"{starts.min():.6g} to {log.rows['stop'].max():.6g} {log.unit or '(unit not said)'}" if len(starts) else "none"
        notes["events", name] = [f"{len(starts)} events, {span}"] + [note.words for note in log.notes]
    for name, cells in contents.cells.items():
        lines = [f"{len(cells.cells)} cells, {cells.signal}"]
        lines += [f"{len(cells.traces)} samples"] if cells.traces is not None else []
        lines += [_rate(cells.time_s)] if cells.time_s is not None else []
        notes["activity", name] = lines + [note.words for note in cells.notes]
    for refused in contents.refused:
        place, _, words = refused.partition(": ")
        notes[tuple(place.split(".", 1))] = [f"{FILL_IN} before it can be read: {words}"]
    return notes


def _more(names: Sequence[str]) -> str:
    return f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""


def _likelihoods(likelihood: np.ndarray) -> str:
    if np.isnan(likelihood).all():
        return "the file has no likelihoods: least_likelihood = 0.0 keeps all"
    return f"likelihoods: median {np.nanmedian(likelihood):.3g}, lowest {np.nanmin(likelihood):.3g}"


def _rate(time_s: np.ndarray) -> str:
    steps = np.diff(time_s)
    return f"times from {time_s[0]:.6g} to {time_s[-1]:.6g} s, one every {np.median(steps):.6g} s" if len(steps) else "one time"


Notes = dict[tuple[str, ...], list[str]]


def _lines(schema: type[Table], tree: Any, found: list[Missing], notes: Notes, place: tuple[str, ...]) -> Iterator[str]:
    """Lines of a table and those within it, in the order of the schema."""
    own = [each for each in found if each.place[: len(place)] == place]
    if place and (tree or own):
        yield ""
        yield f"[{'.'.join(map(toml_key, place))}]"
        yield from (f"# {' '.join(line.split())}" for line in notes.get(place, ()))
    inner: list[tuple[tuple[str, ...], type[Table]]] = []
    for field in schema.model_fields.values():
        key = str(field.alias)
        if (table := table_of(field)) is not None:
            inner.append(((*place, key), table))
        elif (table := tables_of(field)) is not None:
            names = dict.fromkeys(
                [*tree.get(key, {}), *(each.place[len(place) + 1] for each in own if each.place[len(place)] == key)]
            )
            inner += [((*place, key, name), table) for name in names]
        elif key in tree:
            yield f"{toml_key(key)} = {toml_text(tree[key])}"
        else:
            yield from (_asked(each) for each in own if each.place == (*place, key))
    for name in ("kinds", "subjects"):
        mapped = [each for each in own if each.place[:-1] == (*place, name)]
        if mapped and name in schema.model_fields:
            yield from ("", f"[{'.'.join(map(toml_key, (*place, name)))}]", *map(_asked, mapped))
    for below, table in inner:
        yield from _lines(table, _within(tree, below[len(place) :]), found, notes, below)


def _asked(missing: Missing) -> str:
    return f"# {toml_key(missing.place[-1])} = {missing.example}  # {FILL_IN}: {missing.words}"


def _within(tree: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        tree = tree.get(key, {}) if isinstance(tree, dict) else {}
    return tree
