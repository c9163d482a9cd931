"""Spikes of one decision, as a network leaves them."""

from typing import NamedTuple

import numpy as np


class Spikes(NamedTuple):
    """The first number[0] entries count, in order of time: cell that fired, and network step of the decision, counted from 0.

    cell, step: uint16 [room]. number: int64 [1].
    """

    cell: np.ndarray
    step: np.ndarray
    number: np.ndarray


def spike_room(room: int) -> Spikes:
    """Room for so many spikes of a decision; 0 of a network that has none."""
    return Spikes(np.zeros(room, np.uint16), np.zeros(room, np.uint16), np.zeros(1, np.int64))
