"""Brains whose cells live in Brian2, decision by decision; all else of them is their own."""

from collections.abc import Callable, Sequence

import numpy as np

from acc_model.brain import CorticalBrain, thought_of
from acc_model.brian2.library import brian2
from acc_model.brian2.neuron import LIF, Neuron
from acc_model.brian2.twin import Twin
from acc_model.contract import Thought
from acc_model.lif import LifNetwork, begin_decision, end_decision
from acc_model.network import calibration
from acc_model.noise import fill_noise
from acc_model.rate import gather
from params.schema.mice import Parameters

Met = tuple[np.ndarray, np.ndarray]  # senses [n_channels], noise_hz [n]


class LiveCells:
    """The cells of some brains in Brian2, in place of `acc_model.network.advance`.

    After a decision a network holds what its kernel would have left there for others: v, rates, slope and spikes. The noise is drawn from
    the network's own streams, as the kernel draws it.

    Parameters
    ----------
    brains, params
        The brains, with networks of acc_model/lif.py, and what they were built from.
    neuron : Neuron
        Model of every cell.
    target : str, optional
        As of `Twin`.
    """

    def __init__(
        self, brains: Sequence[CorticalBrain], params: Parameters, neuron: Neuron = LIF, target: str | None = None
    ) -> None:
        self.brains = brains
        self._networks: list[LifNetwork] = [brain.network for brain in brains]
        self._params, self._steps = params, params.time.network_steps_per_decision
        self._own = [slice(k * params.cells.total, (k + 1) * params.cells.total) for k in range(len(brains))]
        self._twin = Twin(self._networks, params, neuron, target=target)
        of = self._twin.group.variables
        self._steady, self._noise, self._slope, self._v = (of[name].get_value() for name in ("steady", "noise", "slope", "v"))
        self._rows = np.zeros((self._steps, len(brains) * params.cells.total))
        self._twin.network.add(brian2().NetworkOperation(self._before_step, clock=self._twin.clock))
        self._twin.network.store()
        self.rest()

    def rest(self) -> None:
        """Put all cells at rest, as `acc_model.network.rest` does."""
        self._twin.network.restore()
        self._decisions, self._seen = 0, 0
        self.weights_changed()

    def weights_changed(self) -> None:
        """Take over the recurrent weights of the brains as they now are."""
        self._twin.set_weights(self._networks)

    def run(self, decisions: int, meet: Callable[[int], list[Met]], after: Callable[[int, list[Thought]], None]) -> None:
        """Run the cells for some decisions: `meet(t)` says what each brain meets in decision t, `after(t, thoughts)` hears what came of
        it."""
        self._meet, self._after, self._t, self._step = meet, after, -1, self._steps
        self._twin.run(decisions * self._params.time.decision_s)
        self._end()

    def _before_step(self) -> None:
        if self._step == self._steps:
            if self._t >= 0:
                self._end()
            self._begin()
        self._noise[:] = self._rows[self._step]
        self._step += 1

    def _begin(self) -> None:
        """What drives the cells in the next decision, and its noise."""
        self._t, self._step = self._t + 1, 0
        self._met = self._meet(self._t)
        for network, own, (senses, noise_hz) in zip(self._networks, self._own, self._met, strict=True):
            gather(network, senses, noise_hz)
            self._steady[own] = network.afferent_drive_hz
            fill_noise(network.lanes, network.constants.noise_hz, network.noise)
            self._rows[:, own] = network.noise[: self._steps]
            begin_decision(network, self._steps)
        self._slope[:] = 0

    def _end(self) -> None:
        """Leave in the networks what the decision brought."""
        step, cell = self._fired()
        for network, own in zip(self._networks, self._own, strict=True):
            mine, spikes = (cell >= own.start) & (cell < own.stop), network.spikes
            number = spikes.number[0] = np.count_nonzero(mine)
            spikes.step[:number], spikes.cell[:number] = step[mine], cell[mine] - own.start
            network.slope[:], network.v[:] = self._slope[own], self._v[own]
            end_decision(network, self._steps)
        self._decisions += 1
        thoughts = [thought_of(brain, senses) for brain, (senses, _) in zip(self.brains, self._met, strict=True)]
        self._after(self._t, thoughts)

    def _fired(self) -> tuple[np.ndarray, np.ndarray]:
        """Step within the decision, and cell, of its spikes in order of time."""
        monitor = self._twin.spikes.variables
        first, self._seen = self._seen, monitor["N"].get_value().item()
        time_s, cell = (monitor[name].get_value()[first : self._seen] for name in ("t", "i"))
        step = np.rint(time_s / self._params.time.network_step_s).astype(np.int64)
        return step - self._decisions * self._steps, cell


def calibrate(cells: LiveCells, senses: np.ndarray, noise_hz: np.ndarray) -> None:
    """Find the background drive of one brain's cells, whatever their equations, as `acc_model.calibration.set_resting_rates` does.

    senses [T, n_channels], noise_hz [T, n]: what a naive animal meets. Cost: some 16 T decisions in Brian2.
    """
    brain = cells.brains[0]
    network, search = brain.network, calibration(brain.network)
    sums = np.zeros((2, len(network.background_hz)))

    def after(t: int, thoughts: list[Thought]) -> None:
        sums[0] += network.mean_rate_hz
        sums[1] += network.slope

    for gain in search.gains:
        sums[:] = 0
        cells.run(len(senses), lambda t: [(senses[t], noise_hz[t])], after)
        rate, slope = sums / len(senses)
        network.background_hz[:] += gain * (brain.rest_rate_hz - rate) / np.maximum(slope, search.least_slope)
    network.rate_hz[:] = 0
