"""What can be done to a brain: silencing, ablation, drive and lesions, each as a changed copy of it.

Two factors per cell say all of silencing: q_i on the rate its drive would give (`RateNetwork.excitability`), and o_i on what its
axon delivers, to other cells and to the readout. The second is a factor on outgoing weights, so a manipulation that lasts a whole
session is a changed brain and costs nothing in the loop. The brain it is made from, and its checkpoint, stay as they are.
"""

from typing import Any

import numpy as np

from acc_model.brain import Brain

Cells = slice | np.ndarray  # which cells: a class's slice, or indices


def copied(brain: Brain) -> Brain:
    """A brain that shares no array with the original."""
    return _copied(brain)


def _copied(state: Any) -> Any:
    if isinstance(state, np.ndarray):
        return state.copy()
    return type(state)(*(_copied(field) for field in state))


def at_dose(full_gain: float, dose: float) -> float:
    """Factor at a dose in 0..1: 1 untouched, `full_gain` at full dose, 1 - dose (1 - full_gain) between."""
    return 1.0 - dose * (1.0 - full_gain)


def silence(brain: Brain, cells: Cells, rate_gain: float, release_gain: float) -> Brain:
    """Cells at `rate_gain` of the rate their drive would give, whose axons deliver `release_gain` of what they did.

    The two effects of hM4Di [fncel2019]: q_i <- rate_gain q_i; w_ji, A_ki, v_i <- release_gain times themselves.
    """
    changed = copied(brain)
    network, readout = changed.network, changed.readout
    network.excitability[cells] *= np.float32(rate_gain)
    release = np.ones(len(network.rate_hz), np.float32)
    release[cells] = release_gain
    network.recurrent.weight[:] *= release[network.recurrent.pre]
    of_exc = release[: readout.value.size]
    readout.policy[:] *= of_exc
    readout.value[:] *= of_exc
    return changed


def ablate(brain: Brain, cells: Cells) -> Brain:
    """Cells that fire no more and deliver nothing."""
    return silence(brain, cells, 0.0, 0.0)


def add_drive(brain: Brain, cells: Cells, drive_hz: float) -> Brain:
    """Cells under a constant extra drive, Hz."""
    changed = copied(brain)
    changed.network.background_hz[cells] += np.float32(drive_hz)
    return changed


def lesion_afferents(brain: Brain, channels: np.ndarray, left: float) -> Brain:
    """Sensory fibres of some channels [k] (indices) left with a share of their weight: 0 cuts them."""
    changed = copied(brain)
    afferent = changed.network.afferent
    share = np.ones(len(afferent.sign), np.float32)
    share[channels] = left
    afferent.weight[:] *= share[afferent.pre]
    return changed
