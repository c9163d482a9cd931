"""How cells fire, against processes whose statistics are known."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.neural.firing.counts import count_correlations, fano_factors
from analysis.neural.firing.firing import EVERY, distribution, firing_of
from analysis.neural.firing.irregularity import irregularity
from analysis.neural.inputs.trains import counts_in, trains_of
from params import resolve
from recording import RecordingError, spike_table
from tests.fixtures.sessions import make_session
from tests.fixtures.spiking import clock, gamma_process, shared_rate, spiking_session

SETTINGS = resolve("coop_075s").mouse.analysis.firing
LONG_S = 2000.0
WINDOW_S = SETTINGS.count_window_s
MANY = 40  # cells, over which means are taken


def of_trains(trains, duration_s: float = LONG_S, classes=None, **changes):
    return firing_of(spiking_session(trains, duration_s, classes), 0, SETTINGS.model_copy(update=changes))


def test_a_hand_made_train() -> None:
    """Intervals 1, 1, 2 s: mean 4/3, sd sqrt(1/3); contrasts 0 and 2/3. Counts in windows of 2 s: 1, 2, 1; the second cell fires once."""
    session = spiking_session([np.array([1.0, 2.0, 3.0, 5.0]), np.array([5.5])], 6.0)
    found = firing_of(session, 0, SETTINGS.model_copy(update={"count_window_s": 2.0, "fewest_intervals": 2}))
    np.testing.assert_allclose(found.rate, [4 / 6, 1 / 6])
    assert found.cv[0] == pytest.approx(np.sqrt(1 / 3) / (4 / 3))
    assert found.cv2[0] == pytest.approx(1 / 3)
    assert found.fano[0] == pytest.approx((1 / 3) / (4 / 3))
    assert np.isnan([found.cv[1], found.cv2[1], found.fano[1], *found.correlation.ravel()]).all()


def test_counts_fall_into_the_window_in_which_a_spike_lies() -> None:
    """Also where a float lies below the edge that it stands for: 0.3 / 0.1 is 2.9999999999999996."""
    session = spiking_session([np.array([0.0, 0.05, 0.3, 0.999]), np.array([0.1, 0.2])], 2.0)
    trains = trains_of(session, 0)
    counts = counts_in(trains, 4, 0.1)
    assert counts.T.tolist() == [[2, 0, 0, 1], [0, 1, 1, 0]]
    assert counts.dtype == np.float32
    assert trains.spikes.tolist() == [4, 2]


def test_a_poisson_process() -> None:
    rng = np.random.default_rng(0)
    found = of_trains([gamma_process(rng, 5.0, LONG_S) for _ in range(MANY)])
    assert found.rate.mean() == pytest.approx(5.0, rel=0.01)
    assert found.cv.mean() == pytest.approx(1.0, abs=0.01)
    assert found.cv2.mean() == pytest.approx(1.0, abs=0.01)
    assert found.fano.mean() == pytest.approx(1.0, abs=0.01)
    pairs = distribution(found.correlations(EVERY, EVERY))
    windows = LONG_S / WINDOW_S
    assert pairs.n == MANY * (MANY - 1) // 2
    assert abs(pairs.mean) < 4 / np.sqrt(pairs.n * windows)
    assert pairs.sd == pytest.approx(1 / np.sqrt(windows), rel=0.1)


def test_a_clock() -> None:
    found = of_trains([clock(4.0, LONG_S)])
    assert found.cv[0] == pytest.approx(0, abs=1e-9)
    assert found.cv2[0] == pytest.approx(0, abs=1e-9)
    assert found.fano[0] == 0.0


@pytest.mark.parametrize(("order", "cv2"), [(4, 0.546875), (1, 1.0)])
def test_a_gamma_process(order: int, cv2: float) -> None:
    """CV2 of order k: 4 / (4^k k B(k, k)). Counts in windows of 20 intervals are near their limit, a Fano factor of 1 / k."""
    rng = np.random.default_rng(1)
    found = of_trains([gamma_process(rng, 40.0, LONG_S, order) for _ in range(10)])
    assert found.cv.mean() == pytest.approx(1 / np.sqrt(order), abs=0.005)
    assert found.cv2.mean() == pytest.approx(cv2, abs=0.005)
    assert found.fano.mean() == pytest.approx(1 / order, abs=0.03)


def test_a_shared_rate() -> None:
    """Of mean counts m = 2.5 with variance 2.25: F = 1 + 2.25 / 2.5, r = 1 - 1 / F."""
    trains = shared_rate(np.random.default_rng(2), MANY, (2.0, 8.0), WINDOW_S, int(LONG_S / WINDOW_S))
    found = of_trains(trains)
    fano = 1 + 2.25 / 2.5
    assert found.fano.mean() == pytest.approx(fano, rel=0.03)
    assert distribution(found.correlations(EVERY, EVERY)).mean == pytest.approx(1 - 1 / fano, rel=0.05)


def test_a_rate_that_changes_slowly_moves_cv_and_not_cv2() -> None:
    rng = np.random.default_rng(3)
    trains = [np.concatenate([gamma_process(rng, 1.0, 1000.0), 1000 + gamma_process(rng, 20.0, 1000.0)]) for _ in range(10)]
    found = of_trains(trains)
    assert found.cv.mean() > 2.0
    assert found.cv2.mean() == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize(("intervals", "expected"), [(10, 0.924), (50, 0.981)])
def test_few_intervals_make_cv_too_low_as_stated(intervals: int, expected: float) -> None:
    rng = np.random.default_rng(4)
    times = np.cumsum(rng.exponential(1.0, (4000, intervals + 1)), axis=1)
    session = spiking_session(list(times), float(times.max()) + 1)
    found = irregularity(trains_of(session, 0))
    assert found.cv.mean() == pytest.approx(expected, abs=0.006)
    assert found.cv2.mean() == pytest.approx(1.0, abs=0.006)


def test_correlations_are_pearsons() -> None:
    counts = np.random.default_rng(5).poisson([[1.0, 2.0, 3.0]], (200, 3)).astype(np.float32)
    counts[:, 1] += counts[:, 0]
    found, expected = count_correlations(counts), np.corrcoef(counts.T)
    above = np.triu_indices(3, 1)
    np.testing.assert_allclose(found[above], expected[above], atol=1e-5)
    np.testing.assert_allclose(fano_factors(counts), counts.var(axis=0, ddof=1) / counts.mean(axis=0), rtol=1e-6)


def test_cells_with_few_spikes_and_silent_ones_have_rates_alone() -> None:
    rng = np.random.default_rng(6)
    fast = [gamma_process(rng, 5.0, 100.0) for _ in range(3)]
    found = of_trains([*fast, np.arange(5.0), np.empty(0)], 100.0)
    np.testing.assert_allclose(found.rate[3:], [0.05, 0])
    assert np.isnan(found.log_rate).tolist() == [False] * 4 + [True]
    assert np.isnan(found.cv).tolist() == np.isnan(found.fano).tolist() == [False] * 3 + [True] * 2
    assert np.isfinite(found.correlation).sum() == 6  # three pairs, each twice
    assert np.isnan(np.diag(found.correlation)).all()


def test_rows_are_of_every_class_and_of_pairs_of_classes() -> None:
    rng = np.random.default_rng(7)
    classes = ("exc", "exc", "pv", "exc")
    found = of_trains([gamma_process(rng, 10.0, 50.0) for _ in classes], 50.0, classes)
    rows = {(row.measure, row.cell_class, row.other): row.found for row in found.rows()}
    assert len(rows) == 5 * 3 + 4
    counted = {key[1:]: each.n for key, each in rows.items() if key[0] == "correlation"}
    assert counted == {("exc", "exc"): 3, ("exc", "pv"): 3, ("pv", "pv"): 0, ("all", "all"): 6}
    assert rows["rate", "exc", ""].median == pytest.approx(np.median(found.rate[[0, 1, 3]]))
    assert rows["rate", "pv", ""].n == 1
    assert np.isnan(rows["rate", "pv", ""].sd)
    assert rows["correlation", "exc", "pv"].mean == pytest.approx(np.nanmean(found.correlation[[0, 1, 3], 2]), rel=1e-5)


def test_agents_do_not_mix() -> None:
    trains = [[np.arange(0.1, 9, 0.1)], [np.arange(0.05, 9, 0.2)]]
    session = make_session(n=80, spikes=spike_table(trains), unit_class=(("exc",), ("pv",)))
    for agent, name in enumerate(("exc", "pv")):
        found = firing_of(session, agent, SETTINGS.model_copy(update={"fewest_intervals": 10}))
        assert found.classes.tolist() == [name]
        assert found.rate[0] == pytest.approx(len(trains[agent][0]) / 10)


def test_two_spikes_of_one_moment_do_not_break_anything() -> None:
    found = of_trains([np.repeat(clock(2.0, 100.0), 2)], 100.0)
    assert np.isfinite([found.cv[0], found.cv2[0], found.fano[0]]).all()
    same = irregularity(trains_of(spiking_session([np.full(9, 1.0)], 2.0), 0))
    assert same.cv2[0] == 0.0


@pytest.mark.parametrize(
    ("session", "words"),
    [
        (make_session(), "holds no spikes"),
        (spiking_session([np.empty(0)], 10.0), "no cell of agent 0 fires"),
        (spiking_session([np.array([0.1])], 1.0), "2 windows of 0.5 s; needs 3"),
    ],
)
def test_what_cannot_be_measured_says_why(session, words: str) -> None:
    with pytest.raises(RecordingError, match=words):
        firing_of(session, 0, SETTINGS)


def test_the_same_spikes_in_any_order_within_a_moment_give_the_same() -> None:
    rng = np.random.default_rng(8)
    session = spiking_session([np.sort(rng.integers(0, 1000, 400)) * 0.1 for _ in range(4)], 110.0)
    spikes = session.spikes
    shuffled = spikes[np.lexsort((rng.random(len(spikes)), spikes["time"]))]
    first, second = (firing_of(each, 0, SETTINGS) for each in (session, replace(session, spikes=shuffled)))
    for name in ("rate", "cv", "cv2", "fano", "correlation"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
