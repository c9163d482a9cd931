"""How much a mouse explores: more while it earns less than it is used to [astonjones2005].

    w = w_0 (1 + k s),      s = max(0, 1 - r_recent / r_usual)

w_0: weight of the entropy bonus; k: gain; s, the shortfall, from 0 to 1; r_recent, r_usual: running averages of the reward per decision
over a short and a long time. The noradrenaline of the locus coeruleus is thought to do this: its tonic activity rises when a task pays less
than it did, and behaviour becomes more random. Only water counts, whatever was done for it.
"""

from typing import NamedTuple

import numpy as np

from compute.kernel import kernel


class Earnings(NamedTuple):
    """One-element arrays: running averages of the reward per decision, over a short and over a long time."""

    recent: np.ndarray
    usual: np.ndarray


def no_earnings_yet() -> Earnings:
    """Of a mouse that was never rewarded."""
    return Earnings(np.zeros(1, np.float32), np.zeros(1, np.float32))


@kernel
def note_reward(earnings, reward, recent_forgetting, usual_forgetting):
    """Take one decision's reward into both averages."""
    earnings.recent[0] += recent_forgetting * (reward - earnings.recent[0])
    earnings.usual[0] += usual_forgetting * (reward - earnings.usual[0])


@kernel
def exploration(earnings, gain):
    """Factor on the weight of the entropy bonus, 1 + k s; 1 of a mouse that earns as usual, or never earned anything."""
    if earnings.usual[0] <= np.float32(0.0):
        return np.float32(1.0)
    return np.float32(1.0) + gain * max(np.float32(0.0), np.float32(1.0) - earnings.recent[0] / earnings.usual[0])
