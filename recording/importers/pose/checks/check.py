"""All checks of positions, one after another."""

from dataclasses import replace

from recording.importers.pose.checks.copies import copies, refuse_copies
from recording.importers.pose.checks.frames import frames
from recording.importers.pose.checks.jumps import jumps
from recording.importers.pose.checks.known import drop_unlikely, missing
from recording.importers.pose.checks.stale import stale
from recording.importers.pose.checks.swaps import swaps
from recording.importers.pose.pose import Pose


def check(pose: Pose, least_likelihood: float | None, jump: float | None, where: str = "pose") -> Pose:
    """The pose with notes on what is odd in it; positions below the least likelihood become missing, and no other is changed.

    Parameters
    ----------
    pose : of the chosen animals
    least_likelihood : points below it become missing; None keeps all
    jump : farthest that a point may move in a frame, in the file's unit of length; None looks for no jumps
    where : the file, for messages

    Raises
    ------
    ImportRefused
        Two animals are the same numbers.
    """
    refuse_copies(pose, where)
    if least_likelihood is not None:
        pose = drop_unlikely(pose, least_likelihood)
    found = [*missing(pose), *frames(pose), *stale(pose), *copies(pose), *swaps(pose)]
    if jump is not None:
        found += jumps(pose, jump)
    return replace(pose, notes=(*pose.notes, *found))
