"""Animals in the names of points: one track of "B_Nose", "W_Nose" ... as two animals with a "Nose" each."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from params.numbers import quoted
from recording.errors import ImportRefused
from recording.importers.note import Note
from recording.importers.pose.pose import Pose
from recording.importers.pose.words import listed

PARTING = "_-. "


def split(path: Path, pose: Pose, prefixes: Sequence[str]) -> Pose:
    """The animals that the points of a single track bear in their names, in the order of the prefixes.

    Parameters
    ----------
    path : of the file, for messages
    pose : of one track
    prefixes : beginnings of names, one for each animal, which is called after it

    Raises
    ------
    ImportRefused
        The file tells animals apart itself, or no point begins so.
    """
    if len(pose.animals) > 1:
        raise ImportRefused(f"{path}: tells animals apart itself ({listed(pose.animals)}); leave prefixes away")
    found = {name: _prefix(name, prefixes) for name in pose.points}
    lacking = next((prefix for prefix in prefixes if prefix not in found.values()), None)
    if lacking is not None:
        raise ImportRefused(f"{path}: no point begins with prefixes = {quoted(lacking)}; found: {listed(pose.points)}")
    points = tuple(dict.fromkeys(name.removeprefix(prefix) for name, prefix in found.items() if prefix))
    position = np.full((len(pose.frame), len(prefixes), len(points), 2), np.nan)
    likelihood = np.full(position.shape[:3], np.nan)
    for number, (name, prefix) in enumerate(found.items()):
        if prefix:
            place = prefixes.index(prefix), points.index(name.removeprefix(prefix))
            position[:, *place] = pose.position[:, 0, number]
            likelihood[:, *place] = pose.likelihood[:, 0, number]
    animals = tuple(prefix.rstrip(PARTING) or prefix for prefix in prefixes)
    return replace(
        pose, position=position, likelihood=likelihood, animals=animals, points=points, notes=(*pose.notes, *_left_out(found))
    )


def _prefix(name: str, prefixes: Sequence[str]) -> str | None:
    """The longest prefix with which a name begins and does not end."""
    fitting = [prefix for prefix in prefixes if name.startswith(prefix) and name != prefix]
    return max(fitting, key=len, default=None)


def _left_out(found: dict[str, str | None]) -> list[Note]:
    left = [name for name, prefix in found.items() if prefix is None]
    words = f"points that begin with no prefix are left out: {listed(left)}"
    return [Note("points of no animal", words, len(left))] if left else []


def with_hint(pose: Pose) -> Pose:
    """The pose with a note if the names of a single track's points look like those of several animals."""
    found = seeming(pose.points) if len(pose.animals) == 1 else ()
    if not found:
        return pose
    words = f"names of the {len(pose.points)} points look like {len(found)} animals; say prefixes = {list(found)} if they are"
    return replace(pose, notes=(*pose.notes, Note("prefixes", words, len(found))))


def seeming(points: Sequence[str]) -> tuple[str, ...]:
    """Prefixes that part the names of points into animals with the same points each; none if there are no such."""
    by_prefix: dict[str, list[str]] = defaultdict(list)
    for name in points:
        match = re.match(rf"(.+?[{re.escape(PARTING)}])(.+)", name)
        if match is None:
            return ()
        by_prefix[match[1]].append(match[2])
    sets = {frozenset(rest) for rest in by_prefix.values()}
    return tuple(by_prefix) if len(by_prefix) > 1 and len(sets) == 1 else ()
