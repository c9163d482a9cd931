"""How much of what an agent's units do is due to its partner, beyond the agent's own doing."""

import numpy as np

from analysis.neural.decoding.blocked_ridge import held_out, standardised
from analysis.neural.inputs.activity import changing
from analysis.neural.inputs.observation import own_places, partner_places
from analysis.neural.inputs.own_behaviour import own_behaviour
from params.schema.measures import Analysis
from recording import Session


def partner_variance(session: Session, agent: int, analysis: Analysis) -> float:
    """Share of the variance of an agent's units, all together, that the partner's cell and port explain beyond own behaviour.

    Units are regressed on own behaviour and on all else that the agent sees of its own half, with and without the partner's cell and
    port, and predicted on held-out blocks of time. The share is the fall in squared error over the units' variance, summed over units,

        unique = (sum (x - own)^2 - sum (x - own and partner)^2) / sum (x - mean)^2.

    Where the measures of what cells tell of the partner ask whether it can be read at all, which noiseless units allow however little
    of them it is, this asks how large a part it is. It is a little below 0 where there is none.

    Raises
    ------
    UserError
        No units, none that changes, or a session too short for its blocks.
    """
    units = changing(session, agent).astype(np.float64)
    own = own_behaviour(session, agent, analysis.decoding, analysis.ethogram.speed_baseline_s)
    nuisance = standardised(np.hstack([own, own_places(session, agent)]))
    partner, fell = partner_places(session, agent), 0.0
    for fold in held_out(partner, units.astype(np.float32), nuisance, session.time, analysis.decoding):
        actual = units[fold.frames]
        fell += ((actual - fold.baseline) ** 2).sum() - ((actual - fold.predicted) ** 2).sum()
    return float(fell / ((units - units.mean(axis=0)) ** 2).sum())
