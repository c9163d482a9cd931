"""Taking changes up at intervals gives the same numbers as the rule applied at every decision."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acc_model.brain import learning_constants
from acc_model.contract import copied
from acc_model.plasticity import eligibility
from acc_model.plasticity.eligibility import Work
from acc_model.plasticity.rule import Interval
from acc_model.readout import RATE_UNIT_HZ
from tests.acc_model.networks import dense_of, synapses_of, tiny_brain, tiny_params

N_PRE, N_POST, N_EXC, N_ACTIONS = 6, 5, 3, 4


def empty(length: int) -> tuple[Interval, Work]:
    """Interval and work space as a brain has them that consolidates every `length` decisions."""
    overrides = (f"cells.exc.count={N_EXC}", f"plasticity.consolidation={125 * length} ms")
    brain, _ = tiny_brain(0, 1, N_ACTIONS, *overrides)
    return brain.interval, brain.rule.work


def graph(rng: np.random.Generator) -> np.ndarray:
    """Dale-signed matrix [n_pre, n_post] with gaps, one axon silent altogether."""
    sign = np.where(np.arange(N_PRE) < 4, 1.0, -1.0)
    dense = sign[:, None] * rng.uniform(5.0, 9.0, (N_PRE, N_POST)) * (rng.random((N_PRE, N_POST)) < 0.7)
    dense[2] = 0.0
    return dense


def every_decision(
    weight: np.ndarray,
    trace: np.ndarray,
    credit: np.ndarray,
    presynaptic: np.ndarray,
    error: np.ndarray,
    decay: float,
    rate: float,
) -> tuple[np.ndarray, np.ndarray]:
    """The rule as it reads: W += eta d(t) e(t-1), then e <- l e + c x; weights [post, pre], one interval."""
    change = np.zeros_like(weight)
    for s in range(len(error)):
        change += rate * error[s] * trace
        trace = decay * trace + np.outer(credit[:, s], presynaptic[:, s])
    return change, trace


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 5, 16]), st.floats(0, 0.99), st.integers(1, 4))
def test_consolidation_is_the_rule_at_every_decision(seed: int, length: int, decay: float, n_intervals: int) -> None:
    rng = np.random.default_rng(seed)
    dense = graph(rng)
    synapses = synapses_of(dense, N_EXC)
    plastic = (dense.T != 0) & (np.arange(N_POST) < N_EXC)[:, None]
    traces, history = np.zeros(len(synapses.weight), np.float32), np.zeros((length, N_PRE), np.float32)
    interval, work = empty(length)
    plain, trace = dense_of(synapses, N_POST), np.zeros((N_EXC, N_PRE))
    for _ in range(n_intervals):
        history[:] = rng.random((length, N_PRE)) * (rng.random((length, N_PRE)) < 0.6)
        interval.credit[:] = rng.standard_normal((length, N_EXC))
        interval.third_factor[:] = rng.standard_normal(length)
        change, trace = every_decision(
            plain[:N_EXC], trace, interval.credit.T, history.T.astype(float), interval.third_factor, decay, 0.001
        )
        plain[:N_EXC] += np.where(plastic[:N_EXC], change, 0.0)
        eligibility.weigh_interval(work, interval.third_factor, interval.credit, np.float32(decay))
        eligibility.consolidate(synapses, traces, history, work, np.float32(decay), np.float32(0.001))
        np.testing.assert_allclose(dense_of(synapses, N_POST), plain, rtol=1e-5, atol=1e-6)
    kept = np.zeros((N_POST, N_PRE))
    kept[synapses.post, synapses.pre] = traces
    np.testing.assert_allclose(kept[:N_EXC], np.where(plastic[:N_EXC], trace, 0.0), rtol=1e-4, atol=1e-4)


def test_by_hand() -> None:
    """One synapse, two decisions, l = 1/2: dW = eta (d1 e0 + d2 (l e0 + c1 x1)), e2 = l^2 e0 + l c1 x1 + c2 x2."""
    dense = np.zeros((N_PRE, N_POST))
    dense[0, 0] = 10.0
    synapses = synapses_of(dense, N_EXC)
    traces, history = np.full(len(synapses.weight), 4.0, np.float32), np.zeros((2, N_PRE), np.float32)
    interval, work = empty(2)
    history[:, 0] = [3.0, 5.0]
    interval.credit[:, 0] = [0.2, -0.4]
    interval.third_factor[:] = [1.0, -2.0]
    eligibility.weigh_interval(work, interval.third_factor, interval.credit, np.float32(0.5))
    eligibility.consolidate(synapses, traces, history, work, np.float32(0.5), np.float32(0.1))
    assert synapses.weight[0] == pytest.approx(10.0 + 0.1 * (1.0 * 4.0 - 2.0 * (2.0 + 0.6)))
    assert traces[0] == pytest.approx(1.0 + 0.5 * 0.6 - 0.4 * 5.0)


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e12))
def test_signs_never_cross_zero(seed: int, rate: float) -> None:
    rng = np.random.default_rng(seed)
    synapses = synapses_of(graph(rng), N_EXC)
    before = synapses.weight.copy()
    traces, history = rng.standard_normal(len(synapses.weight)).astype(np.float32), np.zeros((4, N_PRE), np.float32)
    interval, work = empty(4)
    for _ in range(5):
        history[:] = rng.random((4, N_PRE)) * 50
        interval.credit[:] = rng.standard_normal((4, N_EXC))
        interval.third_factor[:] = 10 * rng.standard_normal(4)
        eligibility.weigh_interval(work, interval.third_factor, interval.credit, np.float32(0.9))
        eligibility.consolidate(synapses, traces, history, work, np.float32(0.9), np.float32(rate))
        assert (synapses.weight * synapses.sign[synapses.pre] >= 0).all()
        assert np.isfinite(synapses.weight).all()
    fixed = synapses.post >= N_EXC
    np.testing.assert_array_equal(synapses.weight[fixed], before[fixed])


@pytest.mark.parametrize("factor", [1.0, 0.37, 0.6180339, 0.123])
def test_a_factor_on_the_rates_is_rounded_as_the_formula_reads(factor: float) -> None:
    """eta = float32((rate (RATE_UNIT_HZ factor)) / (|x|^2 density)), whatever the compiler would rather multiply first."""
    brain, _ = tiny_brain(0, 3, N_ACTIONS)
    rng, learning = np.random.default_rng(1), learning_constants(tiny_params())
    for array in (brain.interval.cells_hz, brain.interval.senses, brain.interval.credit, brain.interval.third_factor):
        array[:] = rng.random(array.shape)
    state, expected = brain.rule, copied(brain)
    graphs = (brain.network.recurrent, brain.network.afferent)
    eligibility.update(state, *graphs, brain.interval, learning, np.float32(factor))
    eligibility.weigh_interval(expected.rule.work, expected.interval.third_factor, expected.interval.credit, learning.trace_decay)
    unit = np.float32(RATE_UNIT_HZ) * np.float32(factor)
    for synapses, pathway, after, history, rate in (
        (
            expected.network.recurrent,
            expected.rule.recurrent,
            state.recurrent,
            expected.interval.cells_hz,
            learning.recurrent_rate,
        ),
        (expected.network.afferent, expected.rule.afferent, state.afferent, expected.interval.senses, learning.afferent_rate),
    ):
        density = np.sum(synapses.plastic_stop - synapses.start[:-1]) / (expected.interval.credit.shape[1] * len(synapses.sign))
        eta = np.float32(rate * unit / (after.norm[0] * density))
        eligibility.consolidate(synapses, pathway.trace, history, expected.rule.work, learning.trace_decay, eta)
    for ours, its in zip(graphs, (expected.network.recurrent, expected.network.afferent), strict=True):
        assert ours.weight.tobytes() == its.weight.tobytes()
