"""Two tracks of one animal: the same numbers under two names."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from recording.errors import ImportRefused
from recording.importers.note import Note
from recording.importers.pose.build import places
from recording.importers.pose.pose import Pose
from recording.importers.pose.words import counted

ROUNDING = 1e-6  # relative; a copy may have been written with other digits
TOO_MANY = 0.5  # share of the points known in both animals; more are no two animals


def refuse_copies(pose: Pose, where: str) -> None:
    """Raise ImportRefused if two animals are the same numbers in most points that both have."""
    for names, same, both in _pairs(pose):
        if both.any() and same.sum() > TOO_MANY * both.sum():
            raise ImportRefused(
                f"{where}: {' and '.join(names)} are the same numbers in {same.sum()} of {both.sum()} points: one animal, not two; "
                "give the file of a pair"
            )


def copies(pose: Pose) -> list[Note]:
    """A note on points that two animals have at exactly the same place."""
    notes = []
    for names, same, _ in _pairs(pose):
        if same.any():
            words = f"{' and '.join(names)} have {counted(same.sum(), 'point')} at exactly the same place"
            notes.append(Note("same place", words, int(same.sum()), places(pose.frame, np.flatnonzero(same.any(axis=1)))))
    return notes


def _pairs(pose: Pose) -> Iterator[tuple[tuple[str, str], np.ndarray, np.ndarray]]:
    """Names of every two animals, where their points are at one place [frame, point], and where both are known."""
    for one, other in combinations(range(len(pose.animals)), 2):
        a, b = pose.position[:, one], pose.position[:, other]
        both = ~np.isnan(a + b).any(axis=-1)
        same = (np.abs(a - b) <= ROUNDING * np.abs(a)).all(axis=-1)
        yield (pose.animals[one], pose.animals[other]), same & both, both
