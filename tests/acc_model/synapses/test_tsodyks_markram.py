"""Depression and facilitation by hand, in a regular train, after a rest, and as measured in slices."""

import math
from functools import cache

import numpy as np
import pytest

from acc_model.brain import CorticalBrain, build, calibrate, reset_session, think
from acc_model.cells import class_slices
from acc_model.connectivity import draw_recurrent
from acc_model.models import refuse_unknown
from acc_model.synapses import static, tsodyks_markram
from acc_model.synapses.transmission import deliver, recover
from acc_model.synapses.tsodyks_markram import TsodyksMarkram
from params import ParameterError, Parameters, resolve
from params.schema.brain import CELL_CLASSES
from tests.acc_model.networks import dense_of

STEP_S = 0.001
TAU_S = (0.100, 0.100)


@cache
def params() -> Parameters:
    counts = [f"cells.{name}.count={count}" for name, count in zip(CELL_CLASSES, (6, 3, 3, 3), strict=True)]
    return resolve("coop_075s_spiking", [*counts, "lif.short_term.model=tsodyks_markram"]).mouse


def axons() -> tuple[TsodyksMarkram, object]:
    recurrent = draw_recurrent(params().cells, params().connectivity, np.random.default_rng(1))
    return tsodyks_markram.of_axons(params(), recurrent), recurrent


def train(use: float, n_spikes: int, interval_s: float, taus_s: tuple[float, float] = TAU_S) -> list[float]:
    """u x / U of every spike of a regular train from rest, by the definition."""
    u, x, found = 0.0, 1.0, []
    for _ in range(n_spikes):
        u += use * (1 - u)
        found.append(u * x / use)
        x -= u * x
        x = 1 - (1 - x) * math.exp(-interval_s / taus_s[0])
        u *= math.exp(-interval_s / taus_s[1])
    return found


def released(pre: str, post: str, steps: list[int]) -> list[float]:
    """The same by the kernel, of spikes with so many steps between."""
    short_term, _ = axons()
    j, after = class_slices(params().cells)[pre].start, CELL_CLASSES.index(post)
    return [tsodyks_markram.release(short_term, j, after, elapsed) for elapsed in steps]


def induction(efficacy: list[float]) -> float:
    """Of a train of eight: change from the first to the mean of the last three, relative to the largest [campagnola2022]."""
    return (np.mean(efficacy[5:8]) - efficacy[0]) / max(efficacy)


def test_two_spikes_by_hand() -> None:
    """U = 0.29, 20 ms apart: u1 = U, x = 1 - U, and then u2 = U e^-0.2 (1 - U) + U, x2 = 1 - U e^-0.2."""
    fade, use = math.exp(-0.2), 0.29
    second = (use * fade * (1 - use) + use) * (1 - use * fade) / use
    assert released("exc", "exc", [500, 20]) == pytest.approx([1.0, second])


@pytest.mark.parametrize("pre", CELL_CLASSES)
@pytest.mark.parametrize("post", CELL_CLASSES)
def test_a_regular_train_and_its_steady_state(pre: str, post: str) -> None:
    use = getattr(getattr(params().lif.short_term.use, pre), post)
    efficacy = released(pre, post, [0] + [20] * 199)
    assert efficacy == pytest.approx(train(use, 200, 0.020))
    recovered, faded = (math.exp(-0.020 / tau_s) for tau_s in TAU_S)
    u = use / (1 - faded * (1 - use))
    x = (1 - recovered) / (1 - recovered * (1 - u))
    assert efficacy[-1] == pytest.approx(u * x / use)


def test_a_rest_recovers_what_a_train_used() -> None:
    efficacy = released("pv", "exc", [0] + [10] * 20 + [100, 5000])
    assert efficacy[20] < 0.4
    assert efficacy[21] > 2 * efficacy[20]
    assert efficacy[22] == pytest.approx(1.0)


MEASURED = [
    ("exc", "exc", -0.34),
    ("exc", "pv", -0.24),
    ("exc", "sst", 0.15),
    ("exc", "vip", -0.05),
    ("pv", "exc", -0.50),
    ("pv", "pv", -0.48),
    ("sst", "exc", -0.13),
    ("sst", "vip", 0.29),
    ("vip", "sst", 0.05),
]


@pytest.mark.parametrize(("pre", "post", "measured"), MEASURED)
def test_induction_by_a_train_of_50_hz_is_the_measured_one(pre: str, post: str, measured: float) -> None:
    assert induction(released(pre, post, [0] + [20] * 7)) == pytest.approx(measured, abs=0.03)


def test_spikes_are_delivered_with_the_efficacy_of_the_class_they_reach() -> None:
    """Cell 0 fires at steps 0 and 20, a PV cell at step 20 alone."""
    short_term, recurrent = axons()
    n, slices = params().cells.total, class_slices(params().cells)
    pv, weights = slices["pv"].start, dense_of(recurrent, n)
    ampa, nmda, gaba = np.zeros((3, n), np.float32)
    for step in range(21):
        ampa[:], nmda[:], gaba[:] = 0, 0, 0
        cells = [0] if step == 0 else [0, pv] if step == 20 else []
        deliver(short_term, recurrent, np.array(cells, np.uint16), step, ampa, nmda, gaba)
        if step == 0:
            np.testing.assert_allclose(ampa, weights[:, 0], rtol=1e-6)
    second = np.empty(n)
    for post in CELL_CLASSES:
        second[slices[post]] = train(getattr(params().lif.short_term.use.exc, post), 2, 0.020)[1]
    np.testing.assert_allclose(ampa, second * weights[:, 0], rtol=1e-5)
    np.testing.assert_array_equal(ampa, nmda)
    np.testing.assert_allclose(gaba, weights[:, pv], rtol=1e-6)
    recover(short_term)
    deliver(short_term, recurrent, np.array([0], np.uint16), 0, ampa := np.zeros(n, np.float32), nmda, gaba)
    np.testing.assert_allclose(ampa, weights[:, 0], rtol=1e-6)


def test_static_synapses_deliver_their_weights_always() -> None:
    _, recurrent = axons()
    n = params().cells.total
    ampa, nmda, gaba = np.zeros((3, n), np.float32)
    for step in range(2):
        deliver(static.of_axons(params(), recurrent), recurrent, np.array([0, 7], np.uint16), step, ampa, nmda, gaba)
    weights = dense_of(recurrent, n)
    np.testing.assert_array_equal(ampa, 2 * weights[:, 0].astype(np.float32))
    np.testing.assert_array_equal(nmda, ampa)
    np.testing.assert_array_equal(gaba, 2 * weights[:, 7].astype(np.float32))


def test_a_network_rests_at_its_rates_and_remembers_nothing_of_a_session() -> None:
    """600 moments of senses; PV cells at 9 Hz deliver a good deal less than at rest, and the background makes up for it."""
    rng = np.random.default_rng(2)
    calm, senses = np.zeros(params().cells.total, np.float32), (rng.random((600, 5)) < 0.3).astype(np.float32)
    brain, table = build(params(), 5, np.arange(0), 3, rng)
    brain.network.recurrent.weight[:] *= 8.0  # as strong as in a network of 400 cells
    calibrate(brain, senses, np.tile(calm, (600, 1)), 125)
    mean_hz = np.mean([settled(brain, each, calm) for each in senses], axis=0)
    for name, cells in class_slices(params().cells).items():
        assert mean_hz[cells].mean() == pytest.approx(table.rest_rate_hz[cells].mean(), rel=0.1), name
    short_term = brain.network.short_term
    assert short_term.ready[params().cells.exc.count :, 0].min() < 0.95
    reset_session(brain, rng)
    assert (short_term.ready == 1).all()
    assert not short_term.used.any()
    assert not short_term.last.any()


def settled(brain: CorticalBrain, senses: np.ndarray, noise_hz: np.ndarray) -> np.ndarray:
    """Mean rates of a decision."""
    think(brain, senses, noise_hz, 125)
    return brain.network.mean_rate_hz.copy()


def test_an_unknown_model_is_refused_with_those_there_are() -> None:
    with pytest.raises(ParameterError, match=r"short_term.model 'stp' is unknown.* allowed: static, tsodyks_markram"):
        refuse_unknown(resolve("coop_075s_spiking", ["lif.short_term.model=stp"]).mouse)
