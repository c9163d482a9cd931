"""What can be done to a brain: silencing, ablation, drive and lesions, each as a changed copy of it.

Two factors per cell say all of silencing: q_i on the rate its drive would give (`Parts.excitability`), and o_i on what its
axon delivers, to other cells and to the readout. The second is a factor on outgoing weights, so a manipulation that lasts a whole
session is a changed brain and costs nothing in the loop. The brain it is made from, and its checkpoint, stay as they are.
"""

import numpy as np

from acc_model.contract import Brain, copied, editing

Cells = slice | np.ndarray  # which cells: a class's slice, or indices


def at_dose(full_gain: float, dose: float) -> float:
    """Factor at a dose in 0..1: 1 untouched, `full_gain` at full dose, 1 - dose (1 - full_gain) between."""
    return 1.0 - dose * (1.0 - full_gain)


def silence(brain: Brain, cells: Cells, rate_gain: float, release_gain: float) -> Brain:
    """Cells at `rate_gain` of the rate their drive would give, whose axons deliver `release_gain` of what they did.

    The two effects of hM4Di [fncel2019]: q_i <- rate_gain q_i; w_ji, A_ki, v_i <- release_gain times themselves.
    """
    changed = copied(brain)
    with editing(changed) as parts:
        parts.excitability[cells] *= np.float32(rate_gain)
        release = np.ones_like(parts.excitability)
        release[cells] = release_gain
        parts.recurrent.weight[:] *= release[parts.recurrent.pre]
        of_exc = release[: parts.readout.value.size]
        parts.readout.policy[:] *= of_exc
        parts.readout.value[:] *= of_exc
    return changed


def ablate(brain: Brain, cells: Cells) -> Brain:
    """Cells that fire no more and deliver nothing."""
    return silence(brain, cells, 0.0, 0.0)


def add_drive(brain: Brain, cells: Cells, drive_hz: float) -> Brain:
    """Cells under a constant extra drive, Hz."""
    changed = copied(brain)
    with editing(changed) as parts:
        parts.background_hz[cells] += np.float32(drive_hz)
    return changed


def lesion_afferents(brain: Brain, channels: np.ndarray, left: float) -> Brain:
    """Sensory fibres of some channels [k] (indices) left with a share of their weight: 0 cuts them."""
    changed = copied(brain)
    with editing(changed) as parts:
        share = np.ones(len(parts.afferent.sign), np.float32)
        share[channels] = left
        parts.afferent.weight[:] *= share[parts.afferent.pre]
    return changed
