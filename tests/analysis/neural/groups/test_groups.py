"""Functional groups: planted ones are found, none are made up, dimensions alone are no groups."""

import networkx as nx
import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import adjusted_rand_score

from analysis.core.statistics import binomial_range
from analysis.neural.groups.agreement import adjusted_rand
from analysis.neural.groups.groups import (
    UNGROUPED,
    about_mean,
    functional_groups,
    functional_network,
    strongest_edges,
    turned,
)
from analysis.neural.groups.louvain import louvain, modularity
from analysis.neural.inputs.activity import residuals
from params import resolve
from recording import RecordingError
from tests.fixtures.activity import grouped, low_dimensional, slow_noise

SETTINGS = resolve("coop_075s").params.analysis.groups
QUICK = SETTINGS.model_copy(update={"surrogates": 39, "restarts": 10})
FRAMES = 2000


def random_graph(rng: np.random.Generator, n: int) -> np.ndarray:
    graph = np.triu(rng.random((n, n)) * (rng.random((n, n)) < 0.3), 1)
    return graph + graph.T


@pytest.mark.parametrize("sizes", [(10, 10, 10), (30, 12, 8, 6)])
def test_planted_groups_are_found(sizes: tuple[int, ...]) -> None:
    activity, truth = grouped(np.random.default_rng(0), FRAMES, sizes, 0.6)
    found = functional_groups(activity, QUICK, np.random.default_rng(1))
    assert found.n_groups == len(sizes)
    assert adjusted_rand(found.labels, truth) >= 0.9
    assert found.p_value == 1 / 40
    assert np.all(np.diff(np.bincount(found.labels)) <= 0)


def test_unconnected_cells_stay_out_of_groups() -> None:
    rng = np.random.default_rng(2)
    activity, truth = grouped(rng, FRAMES, (10, 10), 0.6)
    found = functional_groups(np.column_stack([activity, slow_noise(rng, FRAMES, 10, 0.9)]), QUICK, rng)
    assert (found.labels[20:] == UNGROUPED).sum() >= 8
    assert adjusted_rand(found.labels[:20], truth) >= 0.9


def test_independent_cells_form_no_groups() -> None:
    """Edges among cells of very different memory appear in 5 % of populations: the rate of false discoveries when all is chance."""
    with_edges = groups = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        activity = np.column_stack([slow_noise(rng, FRAMES, 10, memory) for memory in (0.0, 0.8, 0.97)])
        network = functional_network(activity, SETTINGS.shifts, SETTINGS.false_discovery, rng)
        with_edges += network.edge.any()
        groups += functional_groups(activity, QUICK, rng).n_groups if network.edge.sum() > 20 else 0
    assert with_edges <= binomial_range(100, SETTINGS.false_discovery)[1]
    assert groups == 0


def test_variance_of_chance_needs_no_draws() -> None:
    """Parseval's sum is the variance of the correlation over every circular shift."""
    rng = np.random.default_rng(3)
    for frames in (300, 301):
        activity = slow_noise(rng, frames, 2, 0.9)
        scores = (activity - activity.mean(axis=0)) / activity.std(axis=0, ddof=1)
        every = [scores[:, 0] @ np.roll(scores[:, 1], shift) / (frames - 1) for shift in range(frames)]
        network = functional_network(activity, 1, 0.05, rng)
        assert network.correlation[0, 1] / network.z[0, 1] == pytest.approx(np.std(every), rel=1e-4)


def test_dimensions_without_groups_are_no_more_modular_than_their_null() -> None:
    p_values = []
    for seed in range(40):
        rng = np.random.default_rng([seed, 4])
        p_values.append(functional_groups(low_dimensional(rng, FRAMES, 30, 3), QUICK, rng).p_value)
    assert stats.kstest(p_values, "uniform").pvalue > 0.001
    assert np.sum(np.array(p_values) <= 0.05) <= binomial_range(40, 0.05)[1]


def test_turning_keeps_dimensions_and_mean() -> None:
    rng = np.random.default_rng(5)
    activity = low_dimensional(rng, FRAMES, 60, 4)
    matrix = np.corrcoef(activity.T)
    values, vectors = np.linalg.eigh(matrix)
    moved = turned(about_mean(np.maximum(values, 1e-6), vectors), rng) + np.eye(60)
    np.testing.assert_allclose(moved, moved.T, atol=1e-5)
    assert np.linalg.eigvalsh(moved)[0] > -1e-5
    expected = np.linalg.eigvalsh(matrix)[::-1]
    np.testing.assert_allclose(np.linalg.eigvalsh(moved)[::-1][:4], expected[:4], rtol=0.2)
    assert moved.mean() == pytest.approx(matrix.mean(), rel=0.3, abs=0.01)


def test_strongest_edges_keep_their_number() -> None:
    correlation = np.random.default_rng(6).uniform(0.1, 1, (10, 10))
    correlation = np.triu(correlation, 1) + np.triu(correlation, 1).T
    assert (strongest_edges(correlation, 7) > 0).sum() == 14
    assert not strongest_edges(-correlation, 7).any()


def test_louvain_is_as_good_as_the_reference() -> None:
    rng = np.random.default_rng(7)
    for _ in range(5):
        weight = random_graph(rng, 40)
        graph = nx.from_numpy_array(weight)
        theirs = [nx.community.louvain_communities(graph, seed=seed) for seed in range(20)]
        ours = louvain(weight, 1.0, rng, 20)
        their_q = [nx.community.modularity(graph, each) for each in theirs]
        our_q = [modularity(weight, each, 1.0) for each in ours]
        communities = [set(np.flatnonzero(ours[0] == c)) for c in range(ours[0].max() + 1)]
        assert our_q[0] == pytest.approx(nx.community.modularity(graph, communities), abs=1e-9)
        assert np.mean(our_q) > np.mean(their_q) - 0.01
        assert max(our_q) > max(their_q) - 0.005


def test_every_restart_is_a_greedy_ascent_by_the_book() -> None:
    """Each partition is what visiting the cells in the drawn order gives, every gain summed anew."""
    rng = np.random.default_rng(10)
    for n in (12, 60):
        weight = random_graph(rng, n)
        orders, drawn = np.random.default_rng(n), np.random.default_rng(n)
        for labels in louvain(weight, 1.0, drawn, 5):
            np.testing.assert_array_equal(labels, plain_louvain(weight, orders.permutation(n)))


def plain_louvain(weight: np.ndarray, order: np.ndarray) -> np.ndarray:
    labels, graph = np.arange(len(weight)), weight
    while True:
        community, before, moved = np.arange(len(graph)), None, False
        while before is None or (community != before).any():
            before = community.copy()
            for i in order[order < len(graph)]:
                gains = np.full(len(graph), -np.inf)
                for c in np.unique(community):
                    others = (community == c) & (np.arange(len(graph)) != i)
                    link = graph[i, others].sum()
                    if link > 0 or c == community[i]:
                        gains[c] = link - graph[i].sum() * graph[others].sum() / graph.sum()
                if gains.max() > gains[community[i]] + 1e-9:
                    community[i], moved = np.argmax(gains), True
        numbers = {c: place for place, c in enumerate(dict.fromkeys(community))}
        community = np.array([numbers[c] for c in community])
        labels = community[labels]
        if not moved:
            return labels
        member = np.eye(len(numbers))[community]
        graph = member.T @ graph @ member


def test_louvain_finds_cliques_and_leaves_the_lonely_alone() -> None:
    weight = np.kron(np.eye(3), np.ones((4, 4))) - np.eye(12)
    weight = np.pad(weight, (0, 1))
    np.testing.assert_array_equal(
        louvain(weight, 1.0, np.random.default_rng(0), 2), 2 * [list(np.repeat([0, 1, 2, 3], [4, 4, 4, 1]))]
    )
    assert np.isnan(modularity(np.zeros((3, 3)), np.zeros(3, int), 1.0))


def test_adjusted_rand_is_the_reference() -> None:
    rng = np.random.default_rng(8)
    for _ in range(20):
        first, second = rng.integers(0, 4, (2, 50))
        second = np.where(rng.random(50) < 0.5, first, second)
        assert adjusted_rand(first, second) == pytest.approx(adjusted_rand_score(first, second))
    one = np.zeros(5, int)
    assert adjusted_rand(one, one) == 1
    assert np.isnan(adjusted_rand(np.full(5, UNGROUPED), one))


def test_noise_correlations_are_without_behaviour() -> None:
    rng = np.random.default_rng(9)
    behaviour = slow_noise(rng, FRAMES, 2, 0.9)
    activity = behaviour @ rng.standard_normal((2, 20)) + slow_noise(rng, FRAMES, 20, 0.5)
    both = np.column_stack([behaviour, behaviour[:, 0]])  # one regressor told twice
    rest = residuals(activity, both)
    assert np.abs(rest.T @ behaviour).max() < 1e-6
    assert functional_network(rest, 10, 0.05, rng).density < 0.1 < functional_network(activity, 10, 0.05, rng).density


def test_same_seed_same_bits() -> None:
    activity, _ = grouped(np.random.default_rng(14), FRAMES, (10, 10), 0.6)
    one, two = (functional_groups(activity, QUICK, np.random.default_rng(1)) for _ in range(2))
    np.testing.assert_array_equal(one.labels, two.labels)
    np.testing.assert_array_equal(one.null, two.null)


def test_degenerate_activity() -> None:
    rng = np.random.default_rng(15)
    activity, _ = grouped(rng, FRAMES, (8, 8), 0.6)
    silent = np.column_stack([activity, np.zeros(FRAMES), np.full(FRAMES, 0.3)])
    found = functional_groups(silent, QUICK, rng)
    assert (found.labels[-2:] == UNGROUPED).all()
    assert not found.network.edge[-2:].any()
    nothing = functional_groups(np.ones((FRAMES, 4)), QUICK, rng)
    assert nothing.n_groups == 0
    assert np.isnan(nothing.modularity)
    assert np.isnan(nothing.p_value)
    assert functional_groups(activity[:, :1], QUICK, rng).n_groups == 0
    holed = activity.copy()
    holed[5, 0] = np.inf
    for bad, message in ((holed, "1 of 2000 frames hold values"), (activity[:2], "too few"), (activity[:, :0], "too few")):
        with pytest.raises(RecordingError, match=message):
            functional_groups(bad, QUICK, rng)
