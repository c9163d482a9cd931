"""The closed loop with a shadow beside either brain: what shadows do is recorded, and nothing in the session hears of them."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from acc_model.contract import model_of, step_shadow
from compute.kernel import copy_onto, kernel
from params.schema.schedule import Phase
from params.units import n_steps
from sims.interventions.pathway_swap import partner_channels
from sims.loop import closed_loop
from sims.mice.pair import Pair, SessionResult, play


@dataclass(frozen=True, eq=False)
class ShadowedSession:
    """What a session left, and the rates [T, 2, n] float32 Hz of either shadow at every decision."""

    result: SessionResult
    blind_hz: np.ndarray
    held_hz: np.ndarray


def play_with_shadows(pair: Pair, phase: Phase, name: tuple[str | int, ...], duration_s: float) -> ShadowedSession:
    """A frozen session of a pair on the streams called `name`, with rates, and what its shadows did meanwhile.

    Shadows share the brains' weights, so they follow a brain that learns too; here none does.

    Raises
    ------
    NonFiniteError
        As `sims.mice.pair.play`.
    UserError
        Brains of this model have no shadows.
    """
    params = pair.params
    decisions = n_steps(duration_s, params.time.decision_s, "shadow.session")
    channels = partner_channels(params)
    shadows = tuple(model_of(brain).shadow_of(brain, channels) for brain in pair.brains)
    blind_hz, held_hz = np.zeros((2, decisions, 2, params.cells.total), np.float32)
    result = play(pair, phase, name, 0.0, True, duration_s, partial(run, shadows, blind_hz, held_hz))
    return ShadowedSession(result, blind_hz, held_hz)


@kernel
def run(shadows, blind_hz, held_hz, brains, learning, learning_rates, constants, loop, room, state, draws, log, trace):
    """`closed_loop.run` with a shadow of each brain: after every decision it meets the senses and the noise that the brain met.

    shadows: two `Shadow`. blind_hz, held_hz [T, 2, n]: their rates at every decision of the session, the record.
    """
    for t in range(learning_rates.shape[0]):
        now = loop.decision[0]
        closed_loop.decide(brains, learning, learning_rates[t], constants, loop, room, state, draws, log, trace, t)
        for agent in range(2):
            shadow = shadows[agent]
            step_shadow(shadow, loop.senses[agent], draws.cell_noise_hz[t, agent], constants.network_steps)
            copy_onto(blind_hz[now, agent], shadow.blind.rate_hz)
            copy_onto(held_hz[now, agent], shadow.held.rate_hz)
