"""What keeps the network from running away: inhibition from moment to moment, homeostasis over a hundred hours."""

import numpy as np
import pytest

from acc_model.cells import class_slices
from params import resolve
from sims.mice.checkpoint import brain_arrays
from sims.mice.pair import Pair, build_pair, naive_senses, run_session
from sims.randomness import stream
from tests.acc_model.conftest import Naive
from tests.acc_model.networks import plain_of, slope

DECISIONS, SETTLING = 400, 50


def mean_rates(
    naive: Naive, extra_hz: np.ndarray | float = 0.0, clamped_hz: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Mean rate and mean f' of every cell [n] of mouse 0 under naive senses and extra drive, inhibitory cells held if asked."""
    params, brain = naive.params, naive.pair.brains[0]
    plain, n_exc = plain_of(brain), params.cells.exc.count
    senses = naive_senses(params, DECISIONS, stream(1, "senses"))
    noise = params.cells.noise_hz * stream(1, "noise").standard_normal((DECISIONS, params.cells.total))
    rate = naive.pair.cells[0].rest_rate_hz.copy()
    rates, slopes = [], []
    for t in range(DECISIONS):
        for _ in range(params.time.network_steps_per_decision):
            if clamped_hz is not None:
                rate[n_exc:] = clamped_hz[n_exc:]
            drive = plain.drive(rate, senses[t]) + noise[t] + extra_hz
            rate = plain.next_rate(rate, drive)
        rates.append(rate)
        slopes.append(slope(drive, plain.max_rate))
    return np.mean(rates[SETTLING:], axis=0), np.mean(slopes[SETTLING:], axis=0)


def drive_to(naive: Naive, name: str, hz: float) -> np.ndarray:
    extra = np.zeros(naive.params.cells.total)
    extra[class_slices(naive.params.cells)[name]] = hz
    return extra


def test_inhibition_holds_excitation_back(naive: Naive) -> None:
    """The same push on all excitatory cells raises them more when inhibition is held at its resting rates."""
    exc = class_slices(naive.params.cells)["exc"]
    rest, _ = mean_rates(naive)
    push = drive_to(naive, "exc", 0.5)
    free = (mean_rates(naive, push)[0] - rest)[exc].mean()
    held = (mean_rates(naive, push, rest)[0] - mean_rates(naive, 0.0, rest)[0])[exc].mean()
    assert 0 < free < held


@pytest.mark.xfail(
    strict=True,
    reason="not inhibition-stabilised at the present gains: the excitatory cells alone are stable (spectral radius 0.3)",
)
def test_excitation_alone_is_unstable(naive: Naive) -> None:
    """Inhibition-stabilised: the linearised excitatory network has an eigenvalue beyond 1."""
    exc = class_slices(naive.params.cells)["exc"]
    _, gain = mean_rates(naive)
    feedback = gain[exc, None] * plain_of(naive.pair.brains[0]).recurrent[exc, exc]
    assert np.linalg.eigvals(feedback).real.max() > 1.0


@pytest.mark.xfail(strict=True, reason="no paradoxical response at the present gains: PV rates rise with their own drive")
def test_driving_pv_cells_lowers_their_rates(naive: Naive) -> None:
    pv = class_slices(naive.params.cells)["pv"]
    assert (mean_rates(naive, drive_to(naive, "pv", 1.0))[0] - mean_rates(naive)[0])[pv].mean() < 0.0


def test_learning_rate_zero_changes_no_weight_by_a_bit(naive: Naive) -> None:
    kinds = ("weight", "readout.policy", "readout.value", "background_hz", "feedback")
    held = [name for name in naive.before if name.endswith(kinds)]
    assert len(held) == 14
    after = brain_arrays(naive.pair)
    for name in held:
        assert naive.before[name].tobytes() == after[name].tobytes(), name


def assert_bounded(pair: Pair) -> None:
    """Finite, signs kept, excitatory cells neither silent nor at their ceiling."""
    for agent, brain in enumerate(pair.brains):
        for synapses in (brain.network.recurrent, brain.network.afferent):
            assert np.isfinite(synapses.weight).all()
            assert (synapses.weight * synapses.sign[synapses.pre] >= 0).all()
        assert np.isfinite(brain.readout.policy).all()
        assert np.isfinite(brain.readout.value).all()
        assert np.isfinite(brain.readout.probability).all(), agent


def live(pair: Pair, hours: int) -> None:
    params = pair.params
    slices = class_slices(params.cells)
    for hour in range(hours):
        result = run_session(pair, params.schedule.coop_075s, hour, 1.0, True, 3600.0)
        assert_bounded(pair)
        assert result.rate_hz is not None
        for name, (low, high) in {"exc": (0.1, 20.0), "pv": (1.0, 60.0), "sst": (0.1, 40.0), "vip": (0.5, 40.0)}.items():
            means = result.rate_hz[-2400:, :, slices[name]].mean(axis=(0, 2))
            assert (means > low).all(), (hour, name, means)
            assert (means < high).all(), (hour, name, means)


def plastic_pair(speed_up: float) -> Pair:
    base = resolve("coop_075s").params.plasticity
    rates = ("actor_rate", "critic_rate", "recurrent_rate", "afferent_rate")
    faster = [f"plasticity.{name}={speed_up * getattr(base, name)}" for name in rates]
    return build_pair(resolve("coop_075s", faster).params, 0, 0)


def test_rates_stay_bounded_under_tenfold_learning_rates() -> None:
    live(plastic_pair(10.0), hours=1)


@pytest.mark.slow
def test_rates_stay_bounded_over_a_hundred_hours() -> None:
    live(plastic_pair(1.0), hours=100)
