"""The graphs that are drawn have the statistics that were asked for."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import binom

from acc_model.cells import class_slices, draw_cells
from acc_model.connectivity import Synapses, draw_afferents, draw_recurrent
from params import resolve
from params.schema.brain import CELL_CLASSES
from tests.acc_model.networks import dense_of

PARAMS = resolve("coop_075s").params
CELLS, GRAPH, FIBRES = PARAMS.cells, PARAMS.connectivity, PARAMS.afferents
N, N_EXC, SLICES = CELLS.total, CELLS.exc.count, class_slices(CELLS)
DRAWS = 5
N_CHANNELS = 92
PAIRS = list(product(CELL_CLASSES, CELL_CLASSES))


@pytest.fixture(scope="module")
def graphs() -> list[Synapses]:
    return [draw_recurrent(CELLS, GRAPH, np.random.default_rng(seed)) for seed in range(DRAWS)]


@pytest.fixture(scope="module")
def matrices(graphs: list[Synapses]) -> np.ndarray:
    """Weights [draw, pre, post]."""
    return np.array([dense_of(graph, N).T for graph in graphs])


def within_binomial_bounds(successes: int, trials: int, probability: float) -> bool:
    low, high = binom.ppf([1e-6, 1 - 1e-6], trials, probability)
    return bool(low <= successes <= high)


@pytest.mark.parametrize(("pre", "post"), PAIRS)
def test_probability_of_every_class_pair(matrices: np.ndarray, pre: str, post: str) -> None:
    block = matrices[:, SLICES[pre], SLICES[post]]
    trials = block.size - (DRAWS * block.shape[1] if pre == post else 0)
    probability = getattr(getattr(GRAPH.probability, pre), post)
    assert within_binomial_bounds(int((block != 0).sum()), trials, probability)


@pytest.mark.parametrize(("pre", "post"), PAIRS)
def test_weights_are_lognormal_with_the_stated_mean(matrices: np.ndarray, pre: str, post: str) -> None:
    block = np.abs(matrices[:, SLICES[pre], SLICES[post]])
    weights = block[block > 0]
    if len(weights) < 30:
        return
    gain = GRAPH.excitation_gain if pre == "exc" else GRAPH.inhibition_gain
    mean, spread = gain * getattr(getattr(GRAPH.strength, pre), f"{post}_mv"), GRAPH.weight_spread
    log = np.log(weights)
    assert log.mean() == pytest.approx(np.log(mean) - spread**2 / 2, abs=5 * spread / np.sqrt(len(log)))
    assert log.std() == pytest.approx(spread, abs=5 * spread / np.sqrt(2 * len(log)))
    error = mean * np.sqrt(np.exp(spread**2) - 1) / np.sqrt(len(weights))
    assert weights.mean() == pytest.approx(mean, abs=8 * error)


def test_no_cell_connects_to_itself(matrices: np.ndarray) -> None:
    assert not matrices[:, np.arange(N), np.arange(N)].any()


def test_every_axon_has_one_sign(graphs: list[Synapses]) -> None:
    for graph in graphs:
        assert (graph.weight * graph.sign[graph.pre] > 0).all()
        np.testing.assert_array_equal(graph.sign, np.where(np.arange(N) < N_EXC, 1, -1))


def test_storage_puts_excitatory_targets_first(graphs: list[Synapses]) -> None:
    fibres = draw_afferents(CELLS, FIBRES, N_CHANNELS, np.random.default_rng(0))
    for graph in [*graphs, fibres]:
        assert graph.start[0] == 0
        assert graph.start[-1] == len(graph.weight) == len(graph.post)
        for j in range(len(graph.sign)):
            axon = graph.post[graph.start[j] : graph.start[j + 1]].astype(int)
            assert (np.diff(axon) > 0).all()
            assert graph.plastic_stop[j] - graph.start[j] == (axon < N_EXC).sum()


def test_afferents_are_sparse_positive_and_lognormal() -> None:
    fibres = draw_afferents(CELLS, FIBRES, N_CHANNELS, np.random.default_rng(0))
    matrix = dense_of(fibres, N)
    for name in CELL_CLASSES:
        block = matrix[SLICES[name]]
        assert within_binomial_bounds(int((block > 0).sum()), block.size, getattr(FIBRES.probability, name))
    log = np.log(fibres.weight)
    assert (fibres.weight > 0).all()
    assert log.std() == pytest.approx(FIBRES.weight_spread, abs=5 * FIBRES.weight_spread / np.sqrt(2 * len(log)))
    assert fibres.weight.mean() == pytest.approx(FIBRES.weight_hz, rel=0.1)


def test_cells_are_drawn_around_their_class() -> None:
    table = draw_cells(CELLS, np.random.default_rng(0))
    assert table.class_names.count("exc") == N_EXC
    for name in CELL_CLASSES:
        of_class, where = getattr(CELLS, name), SLICES[name]
        bound = 5 * 1.2533 / np.sqrt(of_class.count)
        tau, rest = np.log(table.tau_s[where] / of_class.tau_s), np.log(table.rest_rate_hz[where] / of_class.rest_rate_hz)
        assert abs(np.median(tau)) <= bound * of_class.tau_spread + 1e-9
        assert abs(np.median(rest)) <= bound * of_class.rest_spread + 1e-9
        assert (table.rest_rate_hz[where] <= 0.5 * of_class.max_rate_hz).all()


def test_classes_lie_one_after_the_other() -> None:
    stops = [SLICES[name].stop for name in CELL_CLASSES]
    assert [SLICES[name].start for name in CELL_CLASSES] == [0, *stops[:-1]]
    assert stops[-1] == N
