"""From the tracks' own units to the global frame: divider on x = 0, agent 0 at x < 0, the ports' end at y = 0, in cm.

The divider's two points give the axis along it; the scale gives lengths; agent 0's port gives the sign of x. So a picture that is turned or
mirrored, by the camera or by an axis that grows downwards, makes no difference to the result.
"""

from dataclasses import dataclass

import numpy as np

from recording.errors import ImportRefused
from recording.importers.note import Note
from recording.importers.spec.facts import Animals, Experiment, Space
from recording.importers.spec.told import AGENTS

DISAGREE = 0.15  # of a length that is told twice
MARGIN_CM = 2.0  # outside the chamber by which a tracked nose is no mistake: lenses bend, noses lean
ODD_SHARE = 0.5  # of samples that would have to be wrong


@dataclass(frozen=True)
class Frame:
    """x = direction . (pixel - origin) * scale, cm. along, across: unit vectors in the tracks' units. mirrored: agent 0 is on the right of
    the picture, seen with the ports' end at the bottom."""

    origin: np.ndarray
    along: np.ndarray
    across: np.ndarray
    cm_per_pixel: float
    mirrored: bool

    @property
    def notes(self) -> list[Note]:
        """One on a mirrored picture."""
        words = "agent_0 is on the right of the picture, seen with the ports' end at the bottom; its side is x < 0 all the same"
        return [Note("mirrored", words, 1)] if self.mirrored else []

    def to_cm(self, points: np.ndarray) -> np.ndarray:
        """Points [..., 2] in the global frame."""
        away = np.asarray(points, np.float64) - self.origin
        return np.stack([away @ self.across, away @ self.along], axis=-1) * self.cm_per_pixel


def frame_of(space: Space, animals: Animals, experiment: Experiment) -> Frame:
    """The global frame in the tracks' units.

    Parameters
    ----------
    space : scale, divider, which way y grows
    animals : whose ports say which side is whose
    experiment : how large the chamber is

    Raises
    ------
    ImportRefused
        The divider is not as long as the chamber; ports on one side, on the divider, or outside the chamber; spouts likewise.
    """
    first, last = (np.array(each, float) for each in space.divider)
    length = float(np.linalg.norm(last - first))
    scale = space.pixel_size_cm or _scale(space)
    along = (last - first) / length
    across = np.array([along[1], -along[0]])
    port = (np.array(animals.agent_0.port) - first) @ across
    across = -across if port > 0 else across
    _refuse_other_length(length * scale, experiment.length_cm)
    turn = float(along[0] * across[1] - along[1] * across[0])  # -1 where x, y are right-handed in the tracks' axes
    frame = Frame(first, along, across, scale, mirrored=(turn > 0) == (space.y == "up"))
    for key in ("port", "spout"):
        places = frame.to_cm(np.array([getattr(getattr(animals, agent), key) for agent in AGENTS]))
        _refuse_misplaced(key, places, experiment)
    return frame


def _scale(space: Space) -> float:
    assert space.scale_points is not None
    assert space.scale_distance_cm is not None
    one, other = space.scale_points
    return space.scale_distance_cm / float(np.linalg.norm(np.subtract(one, other)))


def _refuse_other_length(found_cm: float, told_cm: float) -> None:
    if abs(found_cm / told_cm - 1) > DISAGREE:
        raise ImportRefused(
            f"space.divider is {found_cm:.3g} cm long by the scale told, but experiment.length = {told_cm:g} cm; "
            "one of divider, scale and length is wrong"
        )


def _refuse_misplaced(key: str, places: np.ndarray, experiment: Experiment) -> None:
    for agent, (x, y) in zip(AGENTS, places, strict=True):
        where = f"animals.{agent}.{key} lies at x = {x:.3g} cm, y = {y:.3g} cm of the chamber"
        if (x < 0) != (agent == "agent_0") or x == 0:
            side = "on the divider" if x == 0 else f"{'on' if x < 0 else 'across the divider from'} the side of agent_0's port"
            raise ImportRefused(f"{where}, {side}; each animal has its own side of the divider")
        if abs(x) > experiment.width_cm + MARGIN_CM or not -MARGIN_CM <= y <= experiment.length_cm + MARGIN_CM:
            size = f"{experiment.width_cm:g} cm wide and {experiment.length_cm:g} cm long"
            raise ImportRefused(f"{where}, outside of it (compartments are {size}); is it in the tracks' units?")


def check_sides(tracks: np.ndarray, animals: Animals, experiment: Experiment, time_s: np.ndarray) -> list[Note]:
    """Notes on samples across the divider and outside the chamber.

    Parameters
    ----------
    tracks : [T, agent, space] cm
    animals : whose they are
    experiment : size of the chamber
    time_s : [T] on the session's clock

    Raises
    ------
    ImportRefused
        An animal is mostly there.
    """
    notes = []
    width, length = experiment.width_cm + MARGIN_CM, experiment.length_cm + MARGIN_CM
    for index, agent in enumerate(AGENTS):
        x, y = tracks[:, index].T
        animal = getattr(animals, agent)
        over = x > 0 if index == 0 else x < 0
        outside = (np.abs(x) > width) | (y < -MARGIN_CM) | (y > length)
        for kind, odd, hint in (
            ("wrong side", over, f"is animals.{agent}.track = {animal.track!r} the other animal, or a port on the other side?"),
            ("outside the chamber", outside, "are scale, divider and size of the chamber right?"),
        ):
            share = float(odd.mean())
            where = (
                f"{animal.name} ({agent}) is {'across the divider' if kind == 'wrong side' else kind} in {share:.1%} of samples"
            )
            if share > ODD_SHARE:
                raise ImportRefused(f"{where}; {hint}")
            if odd.any():
                notes.append(Note(kind, f"{where}; positions are kept", int(odd.sum()), places_of(odd, time_s)))
    return notes


def places_of(odd: np.ndarray, time_s: np.ndarray, most: int = 5) -> tuple[str, ...]:
    """The first times at which something is odd, each where a run of samples begins."""
    begins = np.flatnonzero(odd & ~np.concatenate([[False], odd[:-1]]))
    return tuple(f"{time_s[each]:.3f} s" for each in begins[:most])
