"""Brian2, told the equations once more, fires the spikes of the kernel: every one, at its step."""

from dataclasses import dataclass

import numpy as np
import pytest

from acc_model.brian2.twin import Twin, open_loop
from acc_model.contract import copied
from acc_model.lif import LifNetwork, in_double, integrate
from acc_model.network import rest
from params import Parameters, resolve
from params.errors import UserError
from sims.mice.pair import build_pair, naive_senses
from tests.contract.small import CELLS

pytest.importorskip("brian2", reason="needs the extra brian2")

SMALL = resolve("coop_075s_spiking", [*CELLS, "connectivity.excitation_gain=1.0", "connectivity.inhibition_gain=1.0"]).mouse
SHORT_TERM = resolve(
    "coop_075s_spiking", [*CELLS, "connectivity.excitation_gain=1.0", "lif.short_term.model=tsodyks_markram"]
).mouse
WHOLE = resolve("coop_075s_spiking").mouse


@dataclass(frozen=True)
class Exposure:
    """A calibrated network at rest, in float64, and what it is to meet: senses [T, n_channels], noise [T, n], normal numbers [steps, n]."""

    params: Parameters
    network: LifNetwork
    senses: np.ndarray
    noise_hz: np.ndarray
    normal: np.ndarray

    @property
    def decisions(self) -> int:
        return len(self.senses)

    def kernel(self) -> tuple[np.ndarray, LifNetwork]:
        """Spikes [S, 2] of our kernel, rows of (step, cell), and the network after them."""
        network, steps, spikes = copied(self.network), self.params.time.network_steps_per_decision, []
        for t in range(self.decisions):
            integrate(network, self.senses[t], self.noise_hz[t], self.normal[t * steps : (t + 1) * steps])
            fired = slice(network.spikes.number[0])
            spikes.append(np.column_stack((t * steps + network.spikes.step[fired].astype(int), network.spikes.cell[fired])))
        return np.concatenate(spikes), network

    def brian2(self, params: Parameters | None = None, network: LifNetwork | None = None) -> Twin:
        """The same exposure in Brian2, of another network or under other parameters if there are any."""
        twin = open_loop(network or self.network, params or self.params, self.senses, self.noise_hz, self.normal, target="numpy")
        twin.run(self.decisions * self.params.time.decision_s)
        return twin


def exposure(params: Parameters, seconds: float, push_hz: float = 0.0) -> Exposure:
    """Of the first brain of a naive pair, all its cells under an extra drive."""
    decisions, n, rng = round(seconds / params.time.decision_s), params.cells.total, np.random.default_rng(1)
    network = in_double(build_pair(params, 0, 0).brains[0].network, params)
    rest(network, rng)
    senses = naive_senses(params, decisions, rng)
    normal = rng.standard_normal((decisions * params.time.network_steps_per_decision, n))
    return Exposure(params, network, senses, push_hz + rng.standard_normal((decisions, n)), normal)


@pytest.fixture(scope="module")
def small() -> Exposure:
    """Two seconds of 51 cells that fire a lot."""
    return exposure(SMALL, 2.0, push_hz=30.0)


@pytest.fixture(scope="module")
def expected(small: Exposure) -> np.ndarray:
    """What the kernel fires."""
    return small.kernel()[0]


@pytest.mark.parametrize(
    ("params", "seconds", "least"),
    [(SMALL, 3.0, 100), (SHORT_TERM, 3.0, 100), (WHOLE, 2.0, 1500), pytest.param(WHOLE, 60.0, 60000, marks=pytest.mark.slow)],
    ids=["51 cells, 3 s", "51 cells with short-term plasticity, 3 s", "400 cells, 2 s", "400 cells, 60 s"],
)
def test_every_spike_is_the_kernels(params: Parameters, seconds: float, least: int) -> None:
    met = exposure(params, seconds)
    spikes, network = met.kernel()
    twin = met.brian2()
    assert len(spikes) > least
    np.testing.assert_array_equal(twin.fired(), spikes)
    np.testing.assert_allclose(np.asarray(twin.group.v), network.v, atol=1e-12)


@pytest.mark.parametrize("wrong", ["lif.exc.delay=3 ms", "lif.pv.delay=2 ms", "lif.vip.refractory=3 ms", "lif.nmda_tau=110 ms"])
def test_one_wrong_constant_is_noticed(small: Exposure, expected: np.ndarray, wrong: str) -> None:
    params = resolve("coop_075s_spiking", [*CELLS, wrong]).mouse
    assert not np.array_equal(small.brian2(params).fired(), expected)


def test_one_wrong_synapse_is_noticed(small: Exposure, expected: np.ndarray) -> None:
    network = copied(small.network)
    firing = np.bincount(expected[:, 1], minlength=SMALL.cells.total)
    often = np.argmax(firing[network.recurrent.pre])
    network.recurrent.weight[often] *= 0.9
    assert not np.array_equal(small.brian2(network=network).fired(), expected)


def test_silenced_cells_are_refused(small: Exposure) -> None:
    network = copied(small.network)
    network.excitability[3] = 0.5
    with pytest.raises(UserError, match=r"^cells in Brian2 cannot be silenced; the compiled engine can$"):
        small.brian2(network=network)
