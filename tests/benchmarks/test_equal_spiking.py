"""What the benchmark of spiking brains compares in time fires the same spikes, and it runs to its end without its peers."""

import numpy as np
import pytest

from benchmarks.peers import NotEqualError
from benchmarks.spiking import brian2_peer, nest_peer, open_loop
from benchmarks.spiking.exposure import CONDITION, Exposure, exposure, rate_hz, spikes_on_tape
from params import resolve
from tests.acc_model.spiking import PlainLif
from tests.contract.small import CELLS


@pytest.fixture(scope="module")
def of() -> Exposure:
    return exposure(resolve(CONDITION, list(CELLS)).mouse, 2.0, moments=20)


def plain_spikes(of: Exposure) -> np.ndarray:
    """Of plain NumPy."""
    plain, steps = PlainLif(of.network, of.params), of.params.time.network_steps_per_decision
    fired = [plain.step(of.senses[k // steps], normal) for k, normal in enumerate(of.normal)]
    return np.array([(k, cell) for k, cells in enumerate(fired) for cell in cells])


def test_a_peer_that_fires_the_same_spikes_is_equal(of: Exposure) -> None:
    assert brian2_peer.check_equal(of, plain_spikes) == len(plain_spikes(of.in_double())) > 100


@pytest.mark.skipif(brian2_peer.missing() is not None, reason="needs Brian2 and acc_model.brian2")
def test_brian2_is_equal(of: Exposure) -> None:
    assert brian2_peer.check_equal(of.first(8)) > 50


@pytest.mark.parametrize("fault", ["lost", "moved", "added", "silent"])
def test_a_peer_with_one_wrong_spike_is_refused(of: Exposure, fault: str) -> None:
    right = plain_spikes(of.in_double())
    changed = {
        "lost": np.delete(right, 40, axis=0),
        "moved": right + (np.arange(len(right)) == 40)[:, None] * np.array([1, 0]),
        "added": np.insert(right, 40, right[40] - [0, 1], axis=0),
        "silent": right[:0],
    }[fault]
    step = 0 if fault == "silent" else right[40, 0]
    first = right[0, 0] if fault == "silent" else step
    with pytest.raises(NotEqualError, match=rf"Brian2: spikes differ from step {first} on, {len(changed)} against {len(right)}"):
        brian2_peer.check_equal(of, lambda _: changed)


def test_the_beginning_of_an_exposure_is_the_same_life(of: Exposure) -> None:
    whole, part = spikes_on_tape(of), spikes_on_tape(of.first(8))
    np.testing.assert_array_equal(whole[whole[:, 0] < 1000], part)
    assert rate_hz(of) == rate_hz(of) > 0


def test_it_runs_without_its_peers(of: Exposure, monkeypatch: pytest.MonkeyPatch) -> None:
    for peer, name in ((brian2_peer, "Brian2"), (nest_peer, "NEST")):
        monkeypatch.setattr(peer, "missing", lambda name=name: f"{name} is not installed")
    found = open_loop.measure(of.first(4), 1, compile_cpp=True)
    shown = "\n".join(open_loop.lines(found, of))
    assert set(found["ms_per_s"]) == {
        f"kernel, {bits}, {noise}" for bits in ("float32", "float64") for noise in ("own noise", "on a tape")
    }
    assert "Brian2 is not installed: skipped" in shown
    assert "NEST is not installed: skipped" in shown
