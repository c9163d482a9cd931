"""Spikes of a session, gathered stretch by stretch."""

import numpy as np

from params.errors import UserError
from params.schema.mice import Parameters
from recording.session import SPIKE_DTYPE
from sims.loop.closed_loop import SpikeLog

MOST_HZ = 100.0  # mean over the cells of a brain that there is room for; a cortex that fires so much is a seizure


class SpikeKeeper:
    """A log for the loop to write to, and the table of what it has held.

    Parameters
    ----------
    params
        Of the pair.
    stretch : int
        Most decisions between two calls of `take`; 0 where no spikes are kept.
    """

    def __init__(self, params: Parameters, stretch: int) -> None:
        self._step_s = params.time.network_step_s
        room = int(np.ceil(MOST_HZ * params.cells.total * stretch * params.time.decision_s))
        self.log = SpikeLog(np.empty((2, room), np.uint16), np.empty((2, room), np.int32), np.zeros(2, np.int64))
        self._taken: list[np.ndarray] = []

    def take(self, first_step: int) -> None:
        """Empty the log into the table; first_step: of the stretch, in network steps of the session.

        Raises
        ------
        UserError
            There were more spikes than the log has room for.
        """
        for mouse, count in enumerate(self.log.number):
            if count > self.log.cell.shape[1]:
                raise UserError(
                    f"cells of mouse {mouse} fire more than {MOST_HZ:g} Hz on average, {count} spikes in a stretch; "
                    "lower connectivity.excitation_gain or the learning rates in [plasticity]"
                )
        number = self.log.number
        agent = np.repeat([0, 1], number)
        step, cell = (np.concatenate([rows[each, : number[each]] for each in (0, 1)]) for rows in (self.log.step, self.log.cell))
        order = np.argsort(step, kind="stable")
        rows = np.empty(len(order), SPIKE_DTYPE)
        rows["agent"], rows["unit"] = agent[order], cell[order]
        rows["time"] = (first_step + step[order].astype(np.int64)) * self._step_s
        self._taken.append(rows)
        number[:] = 0

    def table(self) -> np.ndarray:
        """All spikes taken, in order of time."""
        return np.concatenate(self._taken or [np.empty(0, SPIKE_DTYPE)])
