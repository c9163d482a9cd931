"""Shadows of a brain: what its network would do had it never sensed the partner, and had the partner reached it through the senses alone.

A shadow runs along with a brain, open loop: it meets what the brain meets and moves nobody. Two shadows and the brain itself part the
response to the partner. Intact less blind is all of it; held less blind is what fibres bring directly; what is left is the network's.
"""

from typing import NamedTuple

import numpy as np

from acc_model.rate import RateNetwork, gather, propagate_recurrent, relax
from compute.kernel import copy_onto, kernel


class Shadow(NamedTuple):
    """Two networks that run along with a brain's.

    blind, held: networks whose weights, background and time constants are the brain's own arrays, so that both change as it does;
    their rates and drives are theirs. partner [k] int64: channels that speak of the partner. unseen [n_channels] float32: the senses
    without them, work space.
    """

    blind: RateNetwork
    held: RateNetwork
    partner: np.ndarray
    unseen: np.ndarray


def shadow_of_network(network: RateNetwork, partner: np.ndarray) -> Shadow:
    """A shadow at rest of a brain's network; partner [k]: the channels that it is not to sense."""
    unseen = np.zeros(len(network.afferent.sign), np.float32)
    return Shadow(_same_weights(network), _same_weights(network), partner.astype(np.int64), unseen)


def _same_weights(network: RateNetwork) -> RateNetwork:
    """A silent network that shares every constant with another, and no state."""
    state = ("rate_hz", "afferent_drive_hz", "drive_hz", "stationary_hz", "mean_rate_hz", "active")
    return network._replace(**{name: np.zeros_like(getattr(network, name)) for name in state})


@kernel
def step_shadow(shadow, senses, noise_hz, n_steps):
    """Advance both networks by `n_steps` steps under the senses and the noise of the brain that they belong to.

    With s~_c = 0 where c speaks of the partner and s_c elsewhere, and the weights W, background b and noise xi of the brain,

        blind:  u_i = b_i + xi_i + sum_c W_ic s~_c + sum_j W_ij r_j
        held:   u_i = b_i + xi_i + sum_c W_ic s_c  + sum_j W_ij r_j(blind)

    and each relaxes to q f(u) by exponential Euler as in `rate.advance`. Both see the recurrent input that blind's rates give at that very
    step, so held differs from blind by what the partner's fibres bring, filtered by the cell itself and by no other cell. It is taken as
    u(blind) less blind's own afferent drive, so held costs no pass over the synapses. Where the partner's channels are all 0 blind goes
    through the brain's own arithmetic and has its bits.

    senses [n_channels] s_c in 0..1; noise_hz [n] xi, Hz. Writes rate_hz (state at the end) and drive_hz (u of the last step) of either
    network, Hz, and not mean_rate_hz.
    """
    blind, held, unseen = shadow.blind, shadow.held, shadow.unseen
    copy_onto(unseen, senses)
    for channel in shadow.partner:
        unseen[channel] = np.float32(0.0)
    gather(blind, unseen, noise_hz)
    gather(held, senses, noise_hz)
    for _ in range(n_steps):
        copy_onto(blind.drive_hz, blind.afferent_drive_hz)
        propagate_recurrent(blind)
        for i in range(held.drive_hz.shape[0]):
            recurrent_hz = blind.drive_hz[i] - blind.afferent_drive_hz[i]
            held.drive_hz[i] = held.afferent_drive_hz[i] + recurrent_hz
        relax(blind)
        relax(held)
