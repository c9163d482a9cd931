"""The third factor: a temporal-difference error, scaled, broadcast to every plastic synapse."""

import numpy as np

from compute.kernel import kernel


@kernel
def td_error(reward, value, previous_value, discount):
    """d(t) = R(t) + g V(t) - V(t-1), the dopamine-like error for the decision before this one [fremaux2013]."""
    return reward + discount * value - previous_value


@kernel
def scaled(error, mean_square, forgetting, floor, clip):
    """Error in units of its own running root mean square (never less than `floor`), bounded to +-clip.

    Updates mean_square[0] (an average, not a sum). Without the floor an animal that is never rewarded would amplify noise.
    """
    mean_square[0] += forgetting * (error * error - mean_square[0])
    scale = max(np.sqrt(mean_square[0]), floor)
    return min(max(error / scale, -clip), clip)
