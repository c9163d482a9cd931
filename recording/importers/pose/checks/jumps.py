"""Points that move farther than an animal can, above all onto the other animal."""

from dataclasses import dataclass

import numpy as np

from recording.importers.note import Note
from recording.importers.pose.checks.known import known
from recording.importers.pose.pose import Pose
from recording.importers.pose.words import times

NEAR = 0.25  # of the jump's length: a point that lands so near the other animal's has gone over to it
SHOWN = 5


@dataclass(frozen=True, eq=False)
class Moves:
    """A point's moves from each known position to the next. start, stop: rows. distance: length. speed: length per frame."""

    start: np.ndarray
    stop: np.ndarray
    distance: np.ndarray
    speed: np.ndarray


def jumps(pose: Pose, jump: float) -> list[Note]:
    """A note for each point that moves farther than `jump` per frame, with how often it lands on the other animal's.

    A point that is missing for a while is held against the time it had: its move is divided by the number of frames.
    """
    notes = []
    for animal, name in enumerate(pose.animals):
        for point, part in enumerate(pose.points):
            moves = _moves(pose, animal, point)
            far = moves.speed > jump
            if not far.any():
                continue
            over = _onto_others(pose, animal, point, moves)[far].sum()
            words = (
                f"{part} of {name} moves more than {jump:g} in a frame {times(far.sum())}, at most {moves.speed[far].max():.1f}"
            )
            words += f"; {times(over)} it lands where {part} of another animal was" if over else ""
            steps = zip(moves.start[far], moves.stop[far], moves.distance[far], strict=True)
            where = tuple(f"frame {pose.frame[a]} to {pose.frame[b]}: {length:.1f}" for a, b, length in list(steps)[:SHOWN])
            notes.append(Note("jump", words, int(far.sum()), where))
    return notes


def _moves(pose: Pose, animal: int, point: int) -> Moves:
    rows = np.flatnonzero(known(pose)[:, animal, point])
    start, stop = rows[:-1], rows[1:]
    distance = np.linalg.norm(pose.position[stop, animal, point] - pose.position[start, animal, point], axis=-1)
    between = np.maximum(pose.frame[stop] - pose.frame[start], 1)
    return Moves(start, stop, distance, distance / between)


def _onto_others(pose: Pose, animal: int, point: int, moves: Moves) -> np.ndarray:
    """Which moves end near the place that the same point of another animal had before."""
    over = np.zeros(len(moves.start), bool)
    for other in range(len(pose.animals)):
        if other != animal:
            gap = pose.position[moves.stop, animal, point] - pose.position[moves.start, other, point]
            over |= np.linalg.norm(gap, axis=-1) < NEAR * moves.distance  # False where the other is missing
    return over
