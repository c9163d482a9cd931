"""Brains put together from what two states of one animal had learned: one pathway's weights from the later, another's from the earlier.

| pathway | arrays |
|---|---|
| readout | policy and value |
| habit | what is usual where a mouse stands |
| partner | sensory fibres of the partner: its place channels, and the cues of seeing and touching it |
| own | all other sensory fibres: own place, own cues |
| recurrent | synapses between cells |
| excitability | background drive, which intrinsic homeostasis moves while synapses change |

Together they are all that learning leaves in a frozen brain.
"""

from dataclasses import dataclass

import numpy as np

from acc_model.contract import Brain, Parts, copied, editing, parts
from params.schema.mice import Parameters
from worlds.senses import partner_cues, partner_fields, sense_constants

PATHWAYS = ("readout", "habit", "partner", "own", "recurrent", "excitability")
EVERYWHERE_CM = (0.0, float("inf"))


@dataclass(frozen=True)
class Variant:
    """A brain put together: `learned` names the pathways of the later state, the others are of the earlier one."""

    name: str
    learned: frozenset[str]


def variants() -> list[Variant]:
    """Everything and nothing learned; all but one pathway; one alone; the readout and one other."""
    every = frozenset(PATHWAYS)
    others = [name for name in PATHWAYS if name != "readout"]
    return [
        Variant("learned", every),
        Variant("earlier", frozenset()),
        *(Variant(f"without_{name}", every - {name}) for name in PATHWAYS),
        *(Variant(f"only_{name}", frozenset({name})) for name in PATHWAYS),
        *(Variant(f"readout_and_{name}", frozenset({"readout", name})) for name in others),
    ]


def partner_channels(params: Parameters) -> np.ndarray:
    """Indices of all channels that speak of the partner."""
    constants = sense_constants(params.senses, params.chamber)
    return np.concatenate([partner_fields(constants, EVERYWHERE_CM, EVERYWHERE_CM), partner_cues(constants)])


def put_together(earlier: Brain, later: Brain, learned: frozenset[str], partner: np.ndarray) -> Brain:
    """A new brain; partner: `partner_channels`. Graphs of the two must be one, as they are in two states of one animal."""
    brain, before = copied(later), parts(earlier)
    with editing(brain) as now:
        of_partner = np.isin(now.afferent.pre, partner)
        for name, fibres in (("partner", of_partner), ("own", ~of_partner)):
            if name not in learned:
                now.afferent.weight[fibres] = before.afferent.weight[fibres]
        for name, arrays in _whole_pathways(now).items():
            if name not in learned:
                for array, old in zip(arrays, _whole_pathways(before)[name], strict=True):
                    array[:] = old
    return brain


def _whole_pathways(of: Parts) -> dict[str, tuple[np.ndarray, ...]]:
    """Arrays of the pathways that are swapped as a whole."""
    return {
        "readout": (of.readout.policy, of.readout.value),
        "habit": (of.habit.weight,),
        "recurrent": (of.recurrent.weight,),
        "excitability": (of.background_hz,),
    }
