"""From all tracks of a file to the animals of a session: named by a person, in the order asked, never picked by the program."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from params.numbers import quoted
from recording.errors import ImportRefused
from recording.importers.note import Note
from recording.importers.pose.pose import Pose
from recording.importers.pose.words import counted, listed


def choose(
    pose: Pose, animals: Sequence[str], tracks: Sequence[str] = (), points: Sequence[str] = (), where: str = "pose"
) -> Pose:
    """The animals asked for, in the order asked, under their own names.

    Parameters
    ----------
    pose : of any number of tracks
    animals : names that the animals shall have
    tracks : the track of each; may be left away where the file has as many tracks as there are animals
    points : the points to keep, in this order; all unless given
    where : the file, for messages

    Returns
    -------
    pose : with notes on tracks and points that are left out

    Raises
    ------
    ImportRefused
        A track or point is not there or named twice; a track is never seen; more or fewer tracks than animals and none named.
    """
    told = bool(tracks)
    tracks = tracks or _all_tracks(pose, animals, where)
    if len(tracks) != len(animals):
        named = f"{counted(len(tracks), 'track')} named for {counted(len(animals), 'animal')}"
        raise ImportRefused(f"{where}: {named}; name one for each")
    rows = [_place(name, pose.animals, "track", _tracks(pose), where) for name in tracks]
    columns = [_place(name, pose.points, "point", f"found: {listed(pose.points)}", where) for name in points or pose.points]
    for names, noun in ((tracks, "track"), (points, "point"), (animals, "animal")):
        if len(set(names)) < len(names):
            raise ImportRefused(f"{where}: one {noun} is named twice ({', '.join(names)})")
    chosen = replace(
        pose,
        position=pose.position[:, rows][:, :, columns],
        likelihood=pose.likelihood[:, rows][:, :, columns],
        animals=tuple(animals),
        points=tuple(pose.points[column] for column in columns),
        notes=(*pose.notes, *_taken(animals, tracks, told), *_left_out(pose, rows, columns)),
    )
    for name, track, seen in zip(animals, tracks, frames_seen(chosen), strict=True):
        if not seen:
            raise ImportRefused(f"{where}: track {quoted(track)}, named for {name}, is seen in no frame; {_tracks(pose)}")
    return chosen


def frames_seen(pose: Pose) -> np.ndarray:
    """In how many frames at least one point is known [animal]."""
    return (~np.isnan(pose.position[..., 0])).any(axis=2).sum(axis=0)


def _all_tracks(pose: Pose, animals: Sequence[str], where: str) -> tuple[str, ...]:
    if len(pose.animals) == len(animals):
        return pose.animals
    why = "say which track is which animal" if len(pose.animals) > len(animals) else "give a file that holds as many"
    held = f"{counted(len(pose.animals), 'track')} for {counted(len(animals), 'animal')}"
    raise ImportRefused(f"{where}: holds {held}; {why}; {_tracks(pose)}")


def _taken(animals: Sequence[str], tracks: Sequence[str], told: bool) -> list[Note]:
    """Which track became which animal, where nobody said it."""
    if told or len(animals) == 1 or tuple(animals) == tuple(tracks):
        return []
    pairs = ", ".join(f"{animal} is {track}" for animal, track in zip(animals, tracks, strict=True))
    return [Note("tracks in order", f"nobody said which track is which animal; in the file's order {pairs}", len(animals))]


def _tracks(pose: Pose) -> str:
    """Tracks and in how many frames each is seen, the most seen first."""
    seen = frames_seen(pose)
    order = np.argsort(-seen, kind="stable")
    return f"tracks and their frames, of {len(pose.frame)}: {listed([f'{pose.animals[each]} ({seen[each]})' for each in order])}"


def _place(name: str, names: Sequence[str], noun: str, found: str, where: str) -> int:
    if name not in names:
        raise ImportRefused(f"{where}: has no {noun} {quoted(name)}; {found}")
    return names.index(name)


def _left_out(pose: Pose, rows: list[int], columns: list[int]) -> list[Note]:
    notes = []
    others = [pose.animals[each] for each in range(len(pose.animals)) if each not in rows]
    if others:
        notes.append(Note("other tracks", f"{counted(len(others), 'track')} left out: {listed(others)}", len(others)))
    unused = [pose.points[each] for each in range(len(pose.points)) if each not in columns]
    if unused:
        notes.append(Note("other points", f"{counted(len(unused), 'point')} left out: {listed(unused)}", len(unused)))
    if columns != sorted(columns):
        words = f"points are in another order than asked for, {listed(pose.points)}: taken by name"
        notes.append(Note("order of points", words, len(columns)))
    return notes
