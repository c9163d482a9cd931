"""A whole spiking network against plain NumPy, spike for spike; what it makes of its spikes; and what keeps it in its bounds."""

import numpy as np
import pytest

from acc_model import brain as cortex
from acc_model.calibration import set_resting_rates
from acc_model.cells import CellTable, class_slices
from acc_model.contract import copied
from acc_model.lif import LifNetwork, advance, calibration, in_double, rest, with_precision
from params import Parameters, resolve
from sims.mice.pair import naive_senses
from tests.acc_model.spiking import CALM, PlainLif, decision, network_of, params_of
from tests.contract.small import CELLS
from worlds import body, senses

STRONG = ("connectivity.excitation_gain=1.0", "connectivity.inhibition_gain=1.0")


def built(params: Parameters, push_hz: float = 25.0, moments: int = 8) -> tuple[LifNetwork, np.ndarray, CellTable]:
    """A network with graphs as a brain draws them, its background raised, and moments of a naive mouse's life."""
    rng, known = np.random.default_rng(1), senses.sense_constants(params.senses, params.chamber)
    brain, table = cortex.build(params, senses.n_channels(known), np.arange(0), len(body.ACTIONS), rng)
    brain.network.background_hz[:] += push_hz
    return brain.network, naive_senses(params, moments, rng), table


@pytest.mark.parametrize("step_ms", ["1", "0.5"])
def test_every_spike_is_that_of_plain_numpy(step_ms: str) -> None:
    """Five seconds, 51 cells, thousands of spikes, in float64; and what the rule learns from, after each decision."""
    params = resolve("coop_075s_spiking", [*CELLS, *STRONG, f"time.network_step={step_ms} ms"]).mouse
    single, life, _ = built(params)
    network = in_double(single, params)
    plain, steps, width = PlainLif(network, params), params.time.network_steps_per_decision, params.lif.pseudo_width
    rng, number = np.random.default_rng(2), 0
    for t in range(40):
        normal = rng.standard_normal((steps, len(network.v)))
        found, expected, slope = decision(network, normal, life[t % 8]), [], np.zeros(len(network.v))
        for k in range(steps):
            expected += [(k, cell) for cell in plain.step(life[t % 8], normal[k])]
            slope += np.maximum(0, 1 - np.abs(plain.highest - 1) / width) / steps
        np.testing.assert_array_equal(found, np.array(expected).reshape(-1, 2))
        np.testing.assert_allclose(network.slope, slope, rtol=1e-6, atol=1e-9)
        number += len(found)
    np.testing.assert_allclose(network.v, plain.v, rtol=1e-6, atol=1e-9)
    assert number > 1_500


def test_float32_follows_float64_until_a_spike_falls_into_another_step() -> None:
    """For more than a second, and after that at the same rates, within 3 % of the spikes."""
    params = resolve("coop_075s_spiking", [*CELLS, *STRONG]).mouse
    single, life, _ = built(params)
    double, rng = in_double(single, params), np.random.default_rng(2)
    equal_s, count = 0.0, np.zeros(2)
    for t in range(240):
        normal = rng.standard_normal((125, len(single.v))).astype(np.float32)
        spikes = [decision(network, normal, life[t % 8]) for network in (single, double)]
        if equal_s == t * params.time.decision_s and np.array_equal(*spikes):
            equal_s += params.time.decision_s
        count += [len(each) for each in spikes]
    assert 1.0 < equal_s < 30.0
    assert abs(count[0] / count[1] - 1) < 0.03


def test_where_a_decision_ends_changes_no_spike() -> None:
    params = resolve("coop_075s_spiking", [*CELLS, *STRONG]).mouse
    single, life, _ = built(params)
    normal = np.random.default_rng(2).standard_normal((120, len(single.v)))
    whole, halves = in_double(single, params), in_double(single, params)
    at_once = decision(whole, normal, life[0])
    in_parts = [decision(halves, normal[k : k + 24], life[0], k) for k in range(0, 120, 24)]
    np.testing.assert_array_equal(np.concatenate(in_parts), at_once)
    np.testing.assert_allclose(halves.v, whole.v, rtol=1e-12)
    np.testing.assert_allclose(halves.rate_hz, whole.rate_hz, rtol=1e-12)


def test_rates_are_sums_over_the_spikes() -> None:
    """r after step k: sum over spikes of step s <= k of exp(-(k - s) dt / tau) (1 - exp(-dt / tau)) / dt; and its mean over a decision."""
    params = resolve("coop_075s_spiking", [*CELLS, *STRONG]).mouse
    single, life, _ = built(params)
    network, rng, n, steps = in_double(single, params), np.random.default_rng(2), len(single.v), 125
    counts, fade = np.zeros((6 * steps, n)), np.exp(-0.001 / params.lif.filter_tau_s)
    rate, after = np.zeros(n), np.zeros((6 * steps, n))
    for t in range(6):
        step, cell = decision(network, rng.standard_normal((steps, n)), life[t]).T
        np.add.at(counts, (t * steps + step, cell), 1)
        for k in range(t * steps, (t + 1) * steps):
            rate = fade * rate + (1 - fade) / 0.001 * counts[k]
            after[k] = rate
        np.testing.assert_allclose(network.rate_hz, after[(t + 1) * steps - 1], rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(network.mean_rate_hz, after[t * steps : (t + 1) * steps].mean(axis=0), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("excitability", "low", "high"), [(0.0, 0, 0), (0.5, 0.46, 0.54), (1.0, 1, 1), (1.5, 1.46, 1.54), (7.0, 2, 2)]
)
def test_excitability_thins_and_doubles_what_a_cell_sends(excitability: float, low: float, high: float) -> None:
    """The cells themselves go on as they did; two spikes a step are the most."""
    params = params_of(50, CALM, "lif.sst.adaptation=0 Hz")
    changed, alone = (network_of(params, np.linspace(60, 120, 53)) for _ in range(2))
    changed.excitability[:] = excitability
    calm, sent, fired = np.zeros((125, 53)), 0, 0
    for _ in range(8):
        spikes, own = decision(changed, calm), decision(alone, calm)
        sent, fired = sent + len(spikes), fired + len(own)
        assert set(map(tuple, spikes)) <= set(map(tuple, own))
    np.testing.assert_array_equal(changed.v, alone.v)
    assert fired > 2_000
    assert low <= sent / fired <= high


def test_a_doublet_delivers_twice() -> None:
    params = params_of(5, CALM)
    weights = np.zeros((8, 8))
    weights[1, 0] = 0.25
    for excitability, delivered in ((0.0, 0.0), (1.0, 0.25), (2.0, 0.5)):
        network = network_of(params, 0.0, weights)
        network.excitability[:] = excitability
        network.v[1] = 100.0
        assert len(decision(network, np.zeros((3, 8)))) == excitability
        assert network.ampa[0] == delivered


def test_random_releases_change_nothing_of_cells_left_alone() -> None:
    params = resolve("coop_075s_spiking", list(CELLS)).mouse
    network, life, _ = built(params)
    other = copied(network)
    other.lanes[:, -1] += np.uint32(1)
    for t in range(8):
        for each in (network, other):
            advance(each, life[t], np.zeros(len(each.v), np.float32), 125)
        assert network.rate_hz.any()
        np.testing.assert_array_equal(network.rate_hz, other.rate_hz)
        np.testing.assert_array_equal(network.v, other.v)


def test_a_network_without_input_comes_to_exact_rest() -> None:
    """Every state is zero in the end, and none is denormal on the way: both cost an active network's time, and no more."""
    params = resolve("coop_075s_spiking", [*CELLS, *STRONG, "lif.noise=0"]).mouse
    network, life, _ = built(params)
    calm = np.zeros(len(network.v), np.float32)
    for t in range(8):
        advance(network, life[t], calm, 125)
    state = (network.v, network.ampa, network.nmda, network.gaba, network.adaptation_hz, network.rate_hz)
    assert all(each.any() for each in state)
    network.background_hz[:] = 0
    for _ in range(96):
        advance(network, 0 * life[0], calm, 125)
        for each in state:
            assert not ((each != 0) & (np.abs(each) < np.finfo(np.float32).tiny)).any()
    assert not any(each.any() for each in (*state, network.mean_rate_hz))


def test_same_seed_same_bits_from_rest() -> None:
    """Whatever it did before; and another seed gives other noise."""
    params = resolve("coop_075s_spiking", list(CELLS)).mouse
    network, life, _ = built(params)
    other = copied(network)
    advance(other, life[3], np.ones(len(other.v), np.float32), 125)
    found = []
    for each, seed in ((network, 5), (other, 5), (other, 6)):
        rest(each, np.random.default_rng(seed))
        for t in range(8):
            advance(each, life[t], np.zeros(len(each.v), np.float32), 125)
        found.append((each.v.tobytes(), each.rate_hz.tobytes(), each.nmda.tobytes(), each.slope.tobytes()))
    assert found[0] == found[1]
    assert not set(found[1]) & set(found[2])


def test_precision_is_of_every_array_of_numbers() -> None:
    network = network_of(params_of(5))
    for precision in (np.float32, np.float64):
        changed = with_precision(network, precision)
        assert {each.dtype for each in (changed.v, changed.recurrent.weight, changed.constants.leak, changed.noise)} == {
            np.dtype(precision)
        }
        assert changed.recurrent.post.dtype == np.uint16


def test_calibration_brings_each_class_to_its_resting_rate() -> None:
    """Under the moments it was calibrated on, and other noise: class means within 0.15 Hz for excitatory and 0.4 Hz for other cells, single
    cells within 0.15 and 0.5 Hz in the median."""
    params = resolve("coop_075s_spiking").mouse
    network, moments, table = built(params, 0.0, 600)
    calm, rate = np.zeros((600, params.cells.total), np.float32), np.zeros(params.cells.total)
    set_resting_rates(network, table.rest_rate_hz.astype(np.float32), moments, calm, 125, calibration(network))
    for moment in moments:
        advance(network, moment, calm[0], 125)
        rate += network.mean_rate_hz / len(moments)
    for name, cells in class_slices(params.cells).items():
        error, allowed = rate[cells] - table.rest_rate_hz[cells], (0.15, 0.15) if name == "exc" else (0.4, 0.5)
        assert abs(error.mean()) < allowed[0], (name, error.mean())
        assert np.median(np.abs(error)) < allowed[1], (name, np.median(np.abs(error)))
