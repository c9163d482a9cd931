"""The room that a pair lives in, as far as whoever draws it has to know."""

from typing import NamedTuple


class Room(NamedTuple):
    """Lowest and highest coordinate of tracks, in the recording's unit of space; x across the divider, which is at 0, y along it."""

    x: tuple[float, float]
    y: tuple[float, float]
