"""Communities of a weighted graph: modularity and its greedy maximisation (Louvain), compiled for graphs of some hundred cells.

Modularity of a partition [blondel2008], weights w_ij >= 0, degree k_i = sum_j w_ij, 2m = sum_i k_i, resolution g:

    Q = sum over communities c of  (sum of w_ij within c) / 2m - g ((sum of k_i in c) / 2m)^2

Nulls need thousands of partitions. Graphs of correlations are dense, so the graph is a matrix and a sweep costs n^2 additions.
"""

import numpy as np

from compute.kernel import allocating_kernel, kernel

MAX_SWEEPS = 100
LEAST_GAIN = 1e-12  # of the graph's total weight; smaller gains are rounding


def modularity(weight: np.ndarray, labels: np.ndarray, resolution: float) -> float:
    """Q of a partition: weight [n, n] symmetric, non-negative, zero diagonal; labels [n]. NaN for a graph without edges."""
    total = float(weight.sum())
    if total == 0:
        return float("nan")
    member = (labels[:, None] == np.unique(labels)[None, :]).astype(np.float64)
    within = np.einsum("ic,ij,jc->c", member, weight, member, optimize=True) / total
    degree = member.T @ weight.sum(axis=1) / total
    return float((within - resolution * degree**2).sum())


def louvain(weight: np.ndarray, resolution: float, rng: np.random.Generator) -> np.ndarray:
    """One greedy partition [n] int64, communities numbered from 0 in order of their first cell.

    Cells are visited in random order and moved to the neighbouring community that raises Q most until no move raises it; then
    communities become the cells of a smaller graph, and so on. A cell without edges stays alone.
    """
    labels = np.empty(len(weight), np.int64)
    _louvain_kernel(np.ascontiguousarray(weight, np.float64), resolution, rng.permutation(len(weight)), labels)
    return labels


@allocating_kernel
def _louvain_kernel(weight, resolution, order, labels):
    n = weight.shape[0]
    for i in range(n):
        labels[i] = i
    graph = weight
    while True:
        size = graph.shape[0]
        community = np.arange(size)
        if not _move_cells(graph, resolution, order, community):
            break
        n_communities = _number_from_zero(community)
        for i in range(n):
            labels[i] = community[labels[i]]
        to_cells, merged = np.zeros((n_communities, size)), np.zeros((n_communities, n_communities))
        for i in range(size):
            _add_links(graph[i], to_cells[community[i]])
        for c in range(n_communities):
            for j in range(size):
                merged[c, community[j]] += to_cells[c, j]
        graph = merged
    _number_from_zero(labels)


@allocating_kernel
def _move_cells(graph, resolution, order, community):
    """Sweep until no move raises Q; whether any cell moved. Every cell alone at first, cell i in community i.

    order: a permutation of at least the cells of this graph. `link` holds each community's weight to each cell, kept up with every
    move: two rows change, where summing anew for a cell would wait for one addition after the other.
    """
    size = graph.shape[0]
    degree = np.zeros(size)
    for i in range(size):
        for j in range(size):
            degree[i] += graph[i, j]
    total = degree.sum()
    if total == 0:
        return False
    least = LEAST_GAIN * total
    inside, link, members = degree.copy(), graph.copy(), np.ones(size, np.int64)
    moved_ever = False
    for _ in range(MAX_SWEEPS):
        moved = False
        present = np.unique(community)  # no move founds a community
        for i in order:
            if i >= size or degree[i] == 0:
                continue
            home = community[i]
            inside[home] -= degree[i]
            best, best_gain = home, link[home, i] - graph[i, i] - resolution * degree[i] * inside[home] / total
            for c in present:
                if members[c] == 0:  # left by all in this sweep
                    continue
                gain = link[c, i] - resolution * degree[i] * inside[c] / total
                if c != home and link[c, i] > least and gain > best_gain + least:
                    best, best_gain = c, gain
            inside[best] += degree[i]
            if best != home:
                community[i] = best
                members[home] -= 1
                members[best] += 1
                _shift_links(graph[i], link[home], link[best])
                moved = moved_ever = True
        if not moved:
            break
    return moved_ever


@kernel
def _shift_links(weight, left, joined):
    """A cell with these weights [n] leaves one community for another."""
    for j in range(weight.size):
        left[j] -= weight[j]
    _add_links(weight, joined)


@kernel
def _add_links(weight, joined):
    for j in range(weight.size):
        joined[j] += weight[j]


@allocating_kernel
def _number_from_zero(labels):
    """Renumber labels in place, in order of first appearance; how many there are."""
    number = np.full(labels.size, -1, np.int64)
    n = 0
    for i in range(labels.size):
        if number[labels[i]] < 0:
            number[labels[i]] = n
            n += 1
        labels[i] = number[labels[i]]
    return n
