"""A small pair in a small room, for whichever brain and rule."""

import numpy as np

from acc_model.contract import parts
from params import Resolved, resolve
from sims.mice.checkpoint import brain_arrays
from sims.mice.pair import Pair, SessionResult, run_session

CELLS = ("cells.exc.count=40", "cells.pv.count=4", "cells.sst.count=4", "cells.vip.count=3")
ROOM = ("chamber.length=12 cm", "chamber.width=6 cm", "chamber.spout_from_divider=5 cm")
MINUTE_S, HOUR_S = 60.0, 3600.0


def small(*overrides: str) -> Resolved:
    condition = "coop_075s_spiking" if "brain.model=lif" in overrides else "coop_075s"
    return resolve(condition, [*CELLS, *ROOM, "connectivity.excitation_gain=0.5", *overrides], quick=True)


def live(pair: Pair, session: int, duration_s: float = MINUTE_S, learning_rate: float = 1.0) -> SessionResult:
    """A session of the solo task, in which naive mice drink."""
    return run_session(pair, pair.params.schedule.pretraining, session, learning_rate, True, duration_s)


def bits(pair: Pair, result: SessionResult) -> dict[str, bytes]:
    found = {"position": result.position, "action": result.action, "events": result.events, "rates": result.rate_hz}
    return {name: np.asarray(array).tobytes() for name, array in (found | brain_arrays(pair)).items()}


def weights(pair: Pair) -> dict[str, np.ndarray]:
    """Everything that learning leaves, copied."""
    found: dict[str, np.ndarray] = {}
    for agent, brain in enumerate(pair.brains):
        of = parts(brain)
        arrays = (of.recurrent.weight, of.afferent.weight, of.readout.policy, of.readout.value, of.habit.weight, of.background_hz)
        found |= {f"{agent} {place}": array.copy() for place, array in enumerate(arrays)}
    return found


def assert_signs(pair: Pair) -> None:
    """Dale: no synapse has the other sign than its axon."""
    for brain in pair.brains:
        for graph in (parts(brain).recurrent, parts(brain).afferent):
            assert (graph.weight * graph.sign[graph.pre] >= 0).all()


def changed(pair: Pair, before: dict[str, np.ndarray]) -> set[str]:
    """What learning has moved since."""
    return {name for name, array in weights(pair).items() if not np.array_equal(array, before[name])}
