"""The chamber's layout in a mouse's own frame: x = distance from the divider, y = distance from the port's end (cm).

Both compartments are mirror images, so both mice share one frame; the distance between them is (x_0 + x_1, y_0 - y_1).
"""

import numpy as np

from compute.kernel import kernel
from params.schema.world import Chamber


def port_position(chamber: Chamber) -> np.ndarray:
    """Own-frame position of the poke port [2] cm."""
    return np.array([chamber.port_from_divider_cm, 0.0])


def spout_position(chamber: Chamber) -> np.ndarray:
    """Own-frame position of the water spout [2] cm."""
    return np.array([chamber.spout_from_divider_cm, chamber.length_cm])


def to_global(own: np.ndarray) -> np.ndarray:
    """Own-frame positions [..., agent, 2] in one frame: divider on x = 0, agent 0 at x < 0, agent 1 at x > 0."""
    return own * np.array([[-1.0, 1.0], [1.0, 1.0]])


@kernel
def within(position, target, reach_cm):
    """Whether a nose at `position` [2] is within reach of `target` [2]."""
    return (position[0] - target[0]) ** 2 + (position[1] - target[1]) ** 2 <= reach_cm * reach_cm


@kernel
def partner_distance(position, agent):
    """Distance from an agent's nose to its partner's across the divider; position [2, 2] own frames, cm."""
    other = 1 - agent
    across = position[agent, 0] + position[other, 0]
    along = position[agent, 1] - position[other, 1]
    return np.sqrt(across * across + along * along)
