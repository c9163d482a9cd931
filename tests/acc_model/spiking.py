"""Small spiking networks written down by hand, and the same equations in plain NumPy, float64, a step at a time."""

from functools import cache

import numpy as np

from acc_model.cells import class_slices, draw_cells
from acc_model.lif import LifNetwork, build_network, in_double, integrate
from params import Parameters, resolve
from params.schema.brain import CELL_CLASSES
from tests.acc_model.networks import dense_of, synapses_of

NOTHING = np.zeros(1, np.float32)  # the senses of a network that has one silent channel
CALM = "lif.exc.adaptation=0 Hz"


@cache
def params_of(exc: int, *overrides: str) -> Parameters:
    """So many excitatory cells and one of each inhibitory class."""
    others = [f"cells.{name}.count=1" for name in CELL_CLASSES[1:]]
    return resolve("coop_075s_spiking", [f"cells.exc.count={exc}", *others, *overrides]).mouse


def network_of(params: Parameters, background_hz: float | np.ndarray = 0.0, weights: np.ndarray | None = None) -> LifNetwork:
    """A float64 network from a matrix [n_pre, n_post], one silent sensory channel, at rest."""
    n, n_exc = params.cells.total, params.cells.exc.count
    sign = np.where(np.arange(n) < n_exc, 1.0, -1.0)
    recurrent = synapses_of(np.zeros((n, n)) if weights is None else weights, n_exc, sign)
    afferent, rng = synapses_of(np.zeros((1, n)), n_exc), np.random.default_rng(0)
    network = in_double(build_network(params, draw_cells(params.cells, rng), recurrent, afferent, rng), params)
    network.background_hz[:] = background_hz
    return network


def decision(network: LifNetwork, normal: np.ndarray, senses: np.ndarray = NOTHING, first_step: int = 0) -> np.ndarray:
    """Run as many steps as normal [steps, n] has rows, and return spikes [S, 2], rows of (step, cell); steps count from `first_step`."""
    integrate(network, senses, np.zeros(len(network.v), np.float32), normal)
    fired = slice(network.spikes.number[0])
    return np.column_stack((first_step + network.spikes.step[fired].astype(int), network.spikes.cell[fired]))


def watch(network: LifNetwork, steps: int) -> dict[str, np.ndarray]:
    """Run without noise, step by step: v and currents [steps, n], each as it stands after a step, and spikes [S, 2]."""
    names, calm = ("v", "ampa", "nmda", "gaba", "adaptation_hz"), np.zeros((1, len(network.v)))
    seen: dict[str, list[np.ndarray]] = {name: [] for name in (*names, "spikes")}
    for step in range(steps):
        seen["spikes"].append(decision(network, calm, first_step=step))
        for name in names:
            seen[name].append(getattr(network, name).copy())
    return {name: np.concatenate(found) if name == "spikes" else np.array(found) for name, found in seen.items()}


def fire(network: LifNetwork, cell: int) -> None:
    """Have a cell spike in the next step."""
    network.v[cell] = 100.0


def by_cell(params: Parameters, field: str) -> np.ndarray:
    """A value of [lif] for every cell, by its class."""
    values, slices = np.empty(params.cells.total), class_slices(params.cells)
    for name in CELL_CLASSES:
        values[slices[name]] = getattr(getattr(params.lif, name), field)
    return values


class PlainLif:
    """Cells and currents, all in Hz but v. `step` moves them; `highest` is v as it was looked at, before the reset."""

    def __init__(self, network: LifNetwork, params: Parameters) -> None:
        n, self.dt = len(network.v), params.time.network_step_s
        self.lif, self.weights, self.fibres = params.lif, dense_of(network.recurrent, n), dense_of(network.afferent, n)
        self.excites, self.background = network.recurrent.sign > 0, network.background_hz.astype(float)
        self.tau, self.adaptation = by_cell(params, "tau_s"), by_cell(params, "adaptation_hz")
        self.refractory, self.delay = (np.rint(by_cell(params, each) / self.dt) for each in ("refractory_s", "delay_s"))
        self.v, self.ampa, self.nmda, self.gaba, self.a = np.zeros((5, n))
        self.highest, self.free_from, self.now = self.v, np.zeros(n), 0
        self.sent: list[tuple[int, int]] = []  # (step, cell) of spikes under way

    def step(self, senses: np.ndarray, normal: np.ndarray) -> np.ndarray:
        """One step; returns the cells that fired."""
        leak = np.exp(-self.dt / self.tau)
        u = self.background + self.fibres @ senses + self.ampa + self.nmda + self.gaba - self.a
        moved = leak * self.v + (1 - leak) * self.tau * u + self.lif.noise * np.sqrt(1 - leak**2) * normal
        self.v = np.where(self.now < self.free_from, 0.0, moved)
        self.a = self._fading(self.a, self.lif.adaptation_tau_s)
        self.ampa, self.nmda = self._fading(self.ampa, self.lif.ampa_tau_s), self._fading(self.nmda, self.lif.nmda_tau_s)
        self.gaba = self._fading(self.gaba, self.lif.gaba_tau_s)
        self.highest, fired = self.v.copy(), np.flatnonzero(self.v > 1)
        self.sent += [(self.now, cell) for cell in fired]
        self._arrive()
        self.v[fired] = 0.0
        self.a[fired] += self.adaptation[fired]
        self.free_from[fired] = self.now + self.refractory[fired]
        self.now += 1
        return fired

    def _fading(self, current: np.ndarray, tau_s: float) -> np.ndarray:
        return current * np.exp(-self.dt / tau_s)

    def _peak(self, tau_s: float) -> float:
        """A current's height, Hz, that has a charge of 1 when it is sampled at every step."""
        return (1 - np.exp(-self.dt / tau_s)) / self.dt

    def _arrive(self) -> None:
        due = [cell for step, cell in self.sent if step + self.delay[cell] == self.now]
        self.sent = [(step, cell) for step, cell in self.sent if step + self.delay[cell] > self.now]
        for cell in due:
            charge = self.weights[:, cell]
            if self.excites[cell]:
                self.ampa = self.ampa + charge * (1 - self.lif.nmda_share) * self._peak(self.lif.ampa_tau_s)
                self.nmda = self.nmda + charge * self.lif.nmda_share * self._peak(self.lif.nmda_tau_s)
            else:
                self.gaba = self.gaba + charge * self._peak(self.lif.gaba_tau_s)
