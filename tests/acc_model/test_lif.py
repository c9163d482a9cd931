"""One cell and one synapse against what is known of them: exact in steps, and within a stated error in continuous time."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import erfcx

from acc_model.lif import advance, with_precision
from params import Parameters
from tests.acc_model.spiking import CALM, NOTHING, by_cell, decision, fire, network_of, params_of, watch

STEPS_MS = ("1", "0.5", "0.1")
EXC, PV, SST, VIP = 4, 5, 6, 7  # the last excitatory cell and the inhibitory ones, of networks with five
KINDS = {"ampa": (EXC, "lif.nmda_share=0"), "nmda": (EXC, "lif.nmda_share=1"), "gaba": (PV, "lif.nmda_share=0")}


@pytest.fixture(params=STEPS_MS)
def params(request: pytest.FixtureRequest) -> Parameters:
    return params_of(5, CALM, "lif.sst.adaptation=0 Hz", f"time.network_step={request.param} ms")


def step_of(params: Parameters) -> float:
    return params.time.network_step_s


def tau_of(params: Parameters) -> np.ndarray:
    return by_cell(params, "tau_s")


def test_membrane_follows_a_step_of_current(params: Parameters) -> None:
    """v(t) = tau u (1 - exp(-t / tau)): exponential Euler is exact while u is constant."""
    tau, u = tau_of(params), 0.9 / tau_of(params)
    v = watch(network_of(params, u), 400)["v"]
    t = step_of(params) * np.arange(1, 401)[:, None]
    np.testing.assert_allclose(v, tau * u * -np.expm1(-t / tau), rtol=1e-12)


@pytest.mark.parametrize("above", [1.05, 1.5, 4.0])
def test_rate_under_a_steady_drive(params: Parameters, above: float) -> None:
    """An interval is the R - 1 steps of a refractory cell and the fewest steps after which (1 - leak^m) tau u > 1. In continuous time it
    is R + tau ln(tau u / (tau u - 1)), which is longer by less than a step."""
    dt, tau = step_of(params), tau_of(params)
    refractory_s = by_cell(params, "refractory_s")
    spikes = watch(network_of(params, above / tau), round(0.25 / dt))["spikes"]
    to_threshold = -tau * np.log1p(-1 / above)
    for cell in range(len(tau)):
        interval = np.diff(spikes[spikes[:, 1] == cell, 0])
        expected = round(refractory_s[cell] / dt) - 1 + np.floor(to_threshold[cell] / dt) + 1
        assert set(interval) == {expected}
        assert -dt <= dt * expected - (refractory_s[cell] + to_threshold[cell]) <= 1e-12


def test_no_interval_is_shorter_than_the_refractory_time(params: Parameters) -> None:
    spikes = watch(network_of(params, 1e6), 300)["spikes"]
    for cell, refractory_s in enumerate(by_cell(params, "refractory_s")):
        assert set(np.diff(spikes[spikes[:, 1] == cell, 0])) == {round(refractory_s / step_of(params))}


def siegert(mean: float, sd: float, threshold: float, tau_s: float, refractory_s: float) -> float:
    """Rate of a LIF cell under white noise: mean and sd of its free membrane; reset 0; Hz."""
    low, high = (-mean / (np.sqrt(2) * sd), (threshold - mean) / (np.sqrt(2) * sd))
    return 1 / (refractory_s + tau_s * np.sqrt(np.pi) * quad(lambda x: erfcx(-x), low, high)[0])


@pytest.mark.parametrize(("step_ms", "seconds", "uncorrected"), [("1", 200, 0.4), ("0.1", 40, 0.12)])
def test_rate_under_noise_is_siegerts(step_ms: str, seconds: int, uncorrected: float) -> None:
    """A threshold that is looked at in steps is missed at times: as if it stood 0.583 of a step's standard deviation higher (Broadie,
    Glasserman and Kou 1997). With that the rate is Siegert's within 4 %; without, within `uncorrected`."""
    means = np.repeat([0.75, 0.9, 1.0, 1.3], 100)
    params = params_of(400, CALM, f"time.network_step={step_ms} ms")
    dt, tau, noise = step_of(params), params.lif.exc.tau_s, params.lif.noise
    network = with_precision(network_of(params, np.append(means / tau, [0, 0, 0])), np.float32)
    count, calm = np.zeros(400), np.zeros(403, np.float32)
    for _ in range(seconds * 8):
        advance(network, NOTHING, calm, params.time.network_steps_per_decision)
        count += np.bincount(network.spikes.cell[: network.spikes.number[0]], minlength=403)[:400]
    missed = 0.5826 * noise * np.sqrt(-np.expm1(-2 * dt / tau))
    refractory = params.lif.exc.refractory_s - dt
    for mean in np.unique(means):
        rate = count[means == mean].mean() / seconds
        assert rate == pytest.approx(siegert(mean, noise, 1 + missed, tau, refractory), rel=0.04), mean
        assert rate == pytest.approx(siegert(mean, noise, 1, tau, refractory), rel=uncorrected), mean


def synapse(params: Parameters, pre: int, weight: float) -> np.ndarray:
    """One synapse, onto cell 0."""
    weights = np.zeros((params.cells.total, params.cells.total))
    weights[pre, 0] = weight
    return weights


@pytest.mark.parametrize("step_ms", STEPS_MS)
@pytest.mark.parametrize("kind", KINDS)
def test_membrane_follows_a_spike(kind: str, step_ms: str) -> None:
    """A current of charge w that fades with tau_s moves v by w tau / (tau - tau_s) (exp(-t / tau) - exp(-t / tau_s)): exact in steps with
    the sum of the sampled exponential, in continuous time within 0.7 dt / tau_s of the highest."""
    pre, share = KINDS[kind]
    params = params_of(5, CALM, share, f"time.network_step={step_ms} ms")
    dt, tau, tau_s = step_of(params), params.lif.exc.tau_s, getattr(params.lif, f"{kind}_tau_s")
    w, delay = (0.25, 2) if pre == EXC else (-0.25, 1)
    network = network_of(params, 0.0, synapse(params, pre, w))
    fire(network, pre)
    first = round(delay * 1e-3 / dt) + 1  # the first step in which the current is there
    v = watch(network, first + round(0.3 / dt))["v"][:, 0]
    assert not v[:first].any()
    m = np.arange(1, len(v) - first + 1)
    leak, decay = np.exp(-dt / tau), np.exp(-dt / tau_s)
    exact = w * (1 - decay) / dt * tau * (1 - leak) * (leak**m - decay**m) / (leak - decay)
    np.testing.assert_allclose(v[first:], exact, rtol=1e-9, atol=1e-15)
    smooth = w * tau / (tau - tau_s) * (np.exp(-m * dt / tau) - np.exp(-m * dt / tau_s))
    assert np.abs(v[first:] - smooth).max() < 0.7 * dt / tau_s * np.abs(smooth).max()


@pytest.mark.parametrize("step_ms", STEPS_MS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_spike_brings_its_whole_weight(kind: str, step_ms: str) -> None:
    """The drive it makes sums to w Hz s, whatever the step: integral of (v / tau + dv/dt)."""
    pre, share = KINDS[kind]
    params = params_of(5, CALM, share, f"time.network_step={step_ms} ms")
    w = 0.25 if pre == EXC else -0.25
    network = network_of(params, 0.0, synapse(params, pre, w))
    fire(network, pre)
    v = watch(network, round(15 * getattr(params.lif, f"{kind}_tau_s") / step_of(params)))["v"][:, 0]
    leak = np.exp(-step_of(params) / params.lif.exc.tau_s)
    drive = (v[1:] - leak * v[:-1]) / (params.lif.exc.tau_s * (1 - leak))
    assert drive.sum() * step_of(params) == pytest.approx(w, rel=1e-6)


def test_half_of_an_excitatory_charge_is_nmda(params: Parameters) -> None:
    network = network_of(params, 0.0, synapse(params, EXC, 0.25))
    fire(network, EXC)
    seen, gain = watch(network, round(1.0 / step_of(params))), network.constants.gain_hz
    charges = [gain[place] * seen[kind][:, 0].sum() * step_of(params) for place, kind in enumerate(("ampa", "nmda", "gaba"))]
    np.testing.assert_allclose(charges, [0.125, 0.125, 0.0], rtol=1e-4)


def test_each_class_has_its_delay(params: Parameters) -> None:
    """A spike of step k arrives, undecayed, at the end of step k + d."""
    for pre, name in ((EXC, "exc"), (PV, "pv"), (SST, "sst"), (VIP, "vip")):
        kind, w = ("ampa", 0.25) if pre == EXC else ("gaba", -0.25)
        network = network_of(params, 0.0, synapse(params, pre, w))
        fire(network, pre)
        current = watch(network, 40)[kind][:, 0]
        arrival = round(getattr(params.lif, name).delay_s / step_of(params))
        assert not current[:arrival].any()
        assert current[arrival] == w


def test_delays_of_any_length_arrive_and_in_order() -> None:
    """Also where the ring of spikes under way has gone round, and spikes of one cell follow each other closely."""
    params = params_of(5, CALM, "lif.exc.delay=13 ms", "lif.exc.refractory=1 ms")
    network = network_of(params, np.where(np.arange(8) == EXC, 1e5, 0.0), synapse(params, EXC, 1e-6))
    ampa = watch(network, 60)["ampa"][:, 0]
    decay = network.constants.decay[0]
    arrived = np.append(ampa[0], ampa[1:] - decay * ampa[:-1])
    np.testing.assert_allclose(arrived, np.where(np.arange(60) >= 13, np.float32(1e-6), 0.0), rtol=1e-9, atol=1e-18)


def test_spikes_that_arrive_together_add_up(params: Parameters) -> None:
    weights = synapse(params, EXC, 0.25) + synapse(params, EXC - 1, 0.5) + synapse(params, PV, -0.125)
    network = network_of(params, 0.0, weights)
    for cell in (EXC - 1, EXC, PV):
        fire(network, cell)
    seen = watch(network, round(2e-3 / step_of(params)) + 1)
    assert seen["ampa"][-1, 0] == seen["nmda"][-1, 0] == 0.75
    assert seen["gaba"].min() == -0.125


def test_order_within_a_step() -> None:
    """A cell spikes at the end of step 0. Its own adaptation is there in step 1, undecayed; a spike that arrives at the end of a step
    changes v in the next."""
    params = params_of(5, "lif.exc.delay=1 ms", "lif.exc.refractory=1 ms")
    network = network_of(params, 0.0, synapse(params, EXC, 0.25))
    fire(network, EXC)
    seen = watch(network, 3)
    assert seen["v"][0, EXC] == 0
    assert seen["adaptation_hz"][0, EXC] == 2
    assert seen["v"][1, EXC] == pytest.approx(-2 * 0.02 * -np.expm1(-0.05))
    assert seen["adaptation_hz"][1, EXC] == pytest.approx(2 * np.exp(-1 / 200))
    assert list(seen["ampa"][:2, 0]) == [0, 0.25]
    assert list(seen["v"][:2, 0]) == [0, 0] < [seen["v"][2, 0]]


def test_adaptation_lengthens_intervals_to_what_it_balances() -> None:
    """In the end a is its mean, adaptation tau_a rate; the cell fires as one without it under u less that mean, within 3 %."""
    params = params_of(5, "time.network_step=0.1 ms")
    u, slow = 100.0, params.lif.adaptation_tau_s * params.lif.exc.adaptation_hz
    network, calm = network_of(params, u), np.zeros((1250, 8))
    spikes = np.concatenate([decision(network, calm, first_step=1250 * each) for each in range(16)])
    interval = 1e-4 * np.diff(spikes[spikes[:, 1] == 0, 0])
    assert (interval[1:10] > interval[:9]).all()
    rate = 1 / interval[-10:].mean()
    left = 0.02 * (u - slow * rate)
    assert rate == pytest.approx(1 / (0.002 - 0.02 * np.log1p(-1 / left)), rel=0.03)
