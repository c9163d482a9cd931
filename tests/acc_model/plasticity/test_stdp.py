"""Spike-timing-dependent plasticity against its definition, summed over all pairs of spikes and all decisions in plain Python."""

import math

import numpy as np
import pytest

from acc_model.brain import Learning, learning_constants
from acc_model.connectivity import Synapses
from acc_model.plasticity import stdp
from acc_model.plasticity.rule import Interval, fresh_interval, note_spikes
from acc_model.plasticity.stdp import Stdp
from acc_model.readout import RATE_UNIT_HZ
from acc_model.spikes import spike_room
from params import resolve
from tests.acc_model.networks import dense_of, synapses_of

N, N_EXC, LENGTH, STEPS, STEP_S = 6, 4, 4, 25, 0.005
Spike = tuple[int, int, int]  # decision of all, step of the decision, cell

SETTINGS = ("time.network_step=5 ms", "plasticity.stdp.potentiation_tau=20 ms", "plasticity.stdp.depression_tau=30 ms")


def learning_of(*overrides: str) -> Learning:
    return learning_constants(resolve("coop_075s", [*SETTINGS, *overrides]).mouse)


def dense(*weights: tuple[int, int, float]) -> np.ndarray:
    """Matrix [n_pre, n_post] of (pre, post, weight)."""
    matrix = np.zeros((N, N))
    for pre, post, weight in weights:
        matrix[pre, post] = weight
    return matrix


def fill(interval: Interval, spikes: list[Spike], first_decision: int, third_factor: np.ndarray) -> None:
    """Put the spikes of one interval's decisions where a brain would."""
    interval.third_factor[:] = third_factor
    for slot in range(LENGTH):
        mine = sorted((step, cell) for decision, step, cell in spikes if decision == first_decision + slot)
        now = spike_room(N * STEPS * 2)
        now.number[0] = len(mine)
        now.step[: len(mine)] = [step for step, _ in mine]
        now.cell[: len(mine)] = [cell for _, cell in mine]
        note_spikes(interval, slot, now)


def change(spikes: list[Spike], pre: int, post: int, third_factor: np.ndarray, learning: Learning, depression: float) -> float:
    """sum_t d(t) e(t-1): every pair of spikes of the two cells, at every decision after the later of the two."""
    total = 0.0
    for decision_j, step_j, cell_j in spikes:
        for decision_i, step_i, cell_i in spikes:
            if cell_j != pre or cell_i != post:
                continue
            lag_s = ((decision_i - decision_j) * STEPS + step_i - step_j) * STEP_S
            size = math.exp(-lag_s / 0.020) if lag_s > 0 else -depression * math.exp(lag_s / 0.030) if lag_s < 0 else 0.0
            later = max(decision_i, decision_j)
            for t in range(later + 1, len(third_factor)):
                total += third_factor[t] * float(learning.trace_decay) ** (t - 1 - later) * size
    return total


def play(synapses: Synapses, spikes: list[Spike], third_factor: np.ndarray, learning: Learning) -> Stdp:
    """The rule over as many intervals as there are third factors."""
    interval = fresh_interval(np.zeros((2, N_EXC), np.float32), LENGTH, N, 1, N * STEPS * LENGTH)
    interval.cells_hz[:] = 2.0
    state = stdp.init(synapses, silent_senses(), interval)
    for first in range(0, len(third_factor), LENGTH):
        fill(interval, spikes, first, third_factor[first : first + LENGTH])
        stdp.update(state, synapses, silent_senses(), interval, learning, np.float32(1.0))
    return state


def silent_senses() -> Synapses:
    return synapses_of(np.full((1, N), 1e-3), N_EXC)


def rates(synapses: Synapses, learning: Learning, intervals: int) -> list[float]:
    """eta of each interval, all cells at 2 Hz: the norm goes from 1 to N 2^2 by steps."""
    norm, found = 1.0, []
    density = sum(synapses.plastic_stop - synapses.start[:-1]) / (N_EXC * N)
    for _ in range(intervals):
        for _ in range(LENGTH):
            norm += float(learning.norm_forgetting) * (N * 4.0 - norm)
        found.append(float(learning.stdp.recurrent_rate) * RATE_UNIT_HZ / 0.020 / (norm * density))
    return found


PAIRED: list[tuple[list[Spike], float]] = [
    ([(0, 3, 0), (0, 5, 1)], math.exp(-2 * 5 / 20)),  # before, after: potentiation
    ([(0, 3, 1), (0, 5, 0)], -0.5 * math.exp(-2 * 5 / 30)),  # after, before: depression
    ([(0, 24, 0), (1, 0, 1)], math.exp(-5 / 20)),  # across decisions: of the later spike's
    ([(0, 4, 0), (0, 4, 1)], 0.0),  # of one step: no pair
    ([(0, 1, 0), (0, 2, 0), (0, 3, 1)], math.exp(-5 / 20) + math.exp(-10 / 20)),  # all pairs count
]


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(("spikes", "size"), PAIRED)
def test_a_pair_by_hand(spikes: list[Spike], size: float, sign: float) -> None:
    """Third factor 1 just after the pair's decision: dW = eta size, of excitatory and inhibitory synapses alike."""
    learning = learning_of("plasticity.stdp.depression=0.5", "plasticity.stdp.recurrent_rate=0.0001")
    synapses = synapses_of(dense((0, 1, sign * 5.0)), N_EXC)
    decision = max(decision for decision, _, _ in spikes)
    third_factor = np.zeros(LENGTH)
    third_factor[decision + 1] = 1.0
    play(synapses, spikes, third_factor, learning)
    (eta,) = rates(synapses, learning, 1)
    assert synapses.weight[0] == pytest.approx(sign * 5.0 + eta * size, rel=1e-5)


@pytest.mark.parametrize("depression", [0.0, 0.7, 1.0])
def test_random_trains_against_all_pairs(depression: float) -> None:
    """Several intervals, both signs of synapses, doublets of one step among the spikes; the trace is left as the definition has it."""
    rng = np.random.default_rng(3)
    learning = learning_of(f"plasticity.stdp.depression={depression}", "plasticity.stdp.recurrent_rate=0.0003")
    sign = np.where(np.arange(N) < N_EXC, 1.0, -1.0)
    matrix = sign[:, None] * rng.uniform(5.0, 9.0, (N, N)) * (1 - np.eye(N))
    synapses = synapses_of(matrix, N_EXC)
    intervals = 3
    spikes = [
        (t, int(step), int(cell))
        for t in range(intervals * LENGTH)
        for step, cell in np.argwhere(rng.random((STEPS, N)) < 0.08)
        for _ in range(int(rng.integers(1, 3)))
    ]
    third_factor = rng.standard_normal(intervals * LENGTH).astype(np.float32).astype(float)
    state = play(synapses, spikes, third_factor, learning)
    expected, etas = matrix.T.copy(), rates(synapses, learning, intervals)
    for i in range(N_EXC):
        for j in set(range(N)) - {i}:
            for n, eta in enumerate(etas):
                within = np.where(np.arange(intervals * LENGTH) // LENGTH == n, third_factor, 0.0)
                expected[i, j] += eta * change(spikes, j, i, within, learning, depression)
    np.testing.assert_allclose(dense_of(synapses, N), expected, rtol=2e-5)
    assert np.abs(expected - matrix.T)[:N_EXC].max() > 0.05
    k = int(np.flatnonzero((synapses.pre == 5) & (synapses.post == 2))[0])
    one_more = np.append(np.zeros(intervals * LENGTH), 1.0)
    assert state.recurrent.trace[k] == pytest.approx(change(spikes, 5, 2, one_more, learning, depression), rel=1e-4)


def test_senses_are_credited_with_firing_above_its_running_mean() -> None:
    learning = learning_of("plasticity.stdp.afferent_rate=0.01")
    recurrent, afferent = synapses_of(dense((0, 1, 5.0)), N_EXC), synapses_of(np.full((1, N), 3.0), N_EXC)
    interval = fresh_interval(np.zeros((2, N_EXC), np.float32), LENGTH, N, 1, N * STEPS * LENGTH)
    interval.senses[:] = 0.5
    interval.cells_hz[:] = 1.0
    state = stdp.init(recurrent, afferent, interval)
    fill(interval, [(0, 1, 2), (0, 7, 2)], 0, np.array([0.0, 1.0, 0.0, 0.0]))
    stdp.update(state, recurrent, afferent, interval, learning, np.float32(1.0))
    norm = 1.0
    for _ in range(LENGTH):
        norm += float(learning.norm_forgetting) * (0.25 - norm)
    eta = 0.01 * RATE_UNIT_HZ / norm
    assert afferent.weight[2] == pytest.approx(3.0 + eta * 0.5, rel=1e-5)
    np.testing.assert_array_equal(np.delete(afferent.weight, 2), np.float32(3.0))
    f = float(learning.norm_forgetting)
    np.testing.assert_allclose(state.mean_fired, [0, 0, f * (1 - f) ** (LENGTH - 1), 0], rtol=1e-5)


def test_signs_never_cross_zero() -> None:
    rng = np.random.default_rng(0)
    learning = learning_of("plasticity.stdp.recurrent_rate=1e6")
    sign = np.where(np.arange(N) < N_EXC, 1.0, -1.0)
    synapses = synapses_of(sign[:, None] * rng.uniform(1.0, 2.0, (N, N)), N_EXC)
    before = synapses.weight.copy()
    spikes = [(t, int(k), int(i)) for t in range(8) for k, i in np.argwhere(rng.random((STEPS, N)) < 0.2)]
    play(synapses, spikes, 10 * rng.standard_normal(8), learning)
    assert (synapses.weight * synapses.sign[synapses.pre] >= 0).all()
    assert np.isfinite(synapses.weight).all()
    fixed = synapses.post >= N_EXC
    np.testing.assert_array_equal(synapses.weight[fixed], before[fixed])
    assert (synapses.weight[~fixed] != before[~fixed]).mean() > 0.9


def test_spikes_beyond_the_room_are_not_kept() -> None:
    interval = fresh_interval(np.zeros((2, N_EXC), np.float32), LENGTH, N, 1, 3)
    fill(interval, [(0, 0, 0), (0, 1, 1), (1, 2, 2), (1, 3, 3), (2, 4, 0)], 0, np.zeros(LENGTH))
    assert interval.spikes.stop.tolist() == [2, 3, 3, 3]
    assert interval.spikes.cell.tolist() == [0, 1, 2]
