"""What a world must offer the closed loop: two kernels beside the NamedTuple of its constants, found by it (`compute.dispatch`).

Worlds today: `worlds.chamber`, two mice; `worlds.signal`, one mouse and a recorded one.
"""

from compute.dispatch import by_class


@by_class
def step(world, state, actions, draws, t, log):
    """One decision under actions [2], with row t of the draws. Rewards earned are in state.reward afterwards; events are added to `log`."""


@by_class
def perceive(world, state, agent, noise, cues, out):
    """Senses [n_channels] of one mouse now; noise [2] standard normal; cues [5] is work space."""
