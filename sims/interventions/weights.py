"""How far learning moved the path from the partner to the act: change of every excitatory cell's input and of its readout."""

import numpy as np
import pandas

from acc_model.contract import Brain, parts
from params.schema.mice import Parameters
from sims.interventions.pathway_swap import EVERYWHERE_CM
from worlds.body import ACTIONS
from worlds.senses import partner_fields, sense_constants


def channel_groups(params: Parameters) -> dict[str, np.ndarray]:
    """Channels near_hz: of the partner's place near its ports' end; far_hz: of its other places; own_hz: of own place."""
    constants, edge_cm = sense_constants(params.senses, params.chamber), params.pathways.near_port_end_cm
    near = partner_fields(constants, EVERYWHERE_CM, (0.0, edge_cm))
    fields = partner_fields(constants, EVERYWHERE_CM, EVERYWHERE_CM)
    n_own = len(constants.centre_x_cm) * len(constants.centre_y_cm)
    return {"near_hz": near, "far_hz": np.setdiff1d(fields, near), "own_hz": np.arange(n_own)}


def weight_table(params: Parameters, pair: int, agent: int, base: str, earlier: Brain, later: Brain) -> pandas.DataFrame:
    """A row of `recording.schemas.WEIGHTS` for every excitatory cell: later less earlier. Inputs: summed weight of the channels'
    fibres, Hz of drive; readout: policy weight of two acts, and value."""
    n_exc = params.cells.exc.count
    inputs = {
        name: summed_input(later, channels, n_exc) - summed_input(earlier, channels, n_exc)
        for name, channels in channel_groups(params).items()
    }
    before, now = parts(earlier).readout, parts(later).readout
    policy = now.policy - before.policy
    readout = {name: policy[ACTIONS.index(name)] for name in ("poke", "stay")} | {"value": now.value - before.value}
    return pandas.DataFrame({"pair": pair, "agent": agent, "cell": np.arange(n_exc), "base": base} | inputs | readout)


def summed_input(brain: Brain, channels: np.ndarray, n_exc: int) -> np.ndarray:
    """Weight of some channels' fibres onto each excitatory cell [n_exc]."""
    synapses = parts(brain).afferent
    chosen = np.isin(synapses.pre, channels) & (synapses.post < n_exc)
    return np.bincount(synapses.post[chosen], synapses.weight[chosen], n_exc)
