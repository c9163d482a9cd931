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
    within = (member.T @ weight * member.T).sum(axis=1) / total
    degree = member.T @ weight.sum(axis=1) / total
    return float((within - resolution * degree**2).sum())


def louvain(weight: np.ndarray, resolution: float, rng: np.random.Generator, restarts: int) -> np.ndarray:
    """Greedy partitions [restarts, n] int64 of a symmetric graph, communities numbered from 0 in order of their first cell.

    Cells are visited in random order and moved to the neighbouring community that raises Q most until no move raises it; then
    communities become the cells of a smaller graph, and so on. A cell without edges stays alone.
    """
    graph = np.ascontiguousarray(weight, np.float64)
    degree = np.zeros(len(graph))
    _add_degrees(graph, degree)
    labels = np.empty((restarts, len(graph)), np.int64)
    for each in labels:
        _louvain_kernel(graph, degree, resolution, rng.permutation(len(graph)), each)
    return labels


@allocating_kernel
def _louvain_kernel(weight, degree_of_cells, resolution, order, labels):
    n = weight.shape[0]
    for i in range(n):
        labels[i] = i
    graph, degree = weight, degree_of_cells
    while True:
        size = graph.shape[0]
        community = np.arange(size)
        if not _move_cells(graph, degree, resolution, order, community):
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
        graph, degree = merged, np.zeros(n_communities)
        _add_degrees(graph, degree)
    _number_from_zero(labels)


@kernel
def _add_degrees(graph, degree):
    """Sum of each row, added to [n]."""
    for i in range(graph.shape[0]):
        for j in range(graph.shape[1]):
            degree[i] += graph[i, j]


@allocating_kernel
def _move_cells(graph, degree, resolution, order, community):
    """Sweep until no move raises Q; whether any cell moved. Every cell alone at first, cell i in community i.

    order: a permutation of at least the cells of this graph. `link` holds the weight to each cell of every community that has been
    joined, kept up with every move: two rows change, where summing anew for a cell would wait for one addition after the other. That
    of a cell alone since the start is its row of the graph. A cell is offered `gain` by each community. In the first sweep nearly
    all are there and are looked at in one go, later on those with members.
    """
    size = graph.shape[0]
    total = degree.sum()
    if total == 0:
        return False
    least = LEAST_GAIN * total
    inside, members, alone = degree.copy(), np.ones(size, np.int64), np.ones(size, np.int64)
    link, to_cell, gain = np.empty((size, size)), np.empty(size), np.empty(size)
    present, joined, n_joined = np.arange(size), np.empty(size, np.int64), 0
    moved_ever = False
    for sweep in range(MAX_SWEEPS):
        moved = False
        for i in order:
            if i >= size or degree[i] == 0:
                continue
            home = community[i]
            inside[home] -= degree[i]
            pull = resolution * degree[i]
            if sweep == 0:
                _links_of_alone(graph[i], alone, to_cell)
                for place in range(n_joined):
                    to_cell[joined[place]] = link[joined[place], i]
                _gains(to_cell, inside, pull, total, gain)
            else:
                for c in present:
                    to_cell[c] = graph[i, c] if alone[c] else link[c, i]
                    gain[c] = to_cell[c] - pull * inside[c] / total
            best, best_gain = home, gain[home] - graph[i, i]
            for c in present:
                if gain[c] > best_gain + least and to_cell[c] > least and c != home and members[c] > 0:
                    best, best_gain = c, gain[c]
            inside[best] += degree[i]
            if best != home:
                if alone[best]:
                    link[best] = graph[best]
                    joined[n_joined] = best
                    n_joined += 1
                alone[home] = alone[best] = 0
                community[i] = best
                members[home] -= 1
                members[best] += 1
                if members[home] > 0:
                    _subtract_links(graph[i], link[home])
                _add_links(graph[i], link[best])
                moved = moved_ever = True
        if not moved:
            break
        present = np.unique(community)
    return moved_ever


@kernel
def _links_of_alone(weight, alone, out):
    """Weights [n] of a cell to communities of one cell since the start, 0 to others."""
    for c in range(weight.size):
        out[c] = weight[c] if alone[c] else 0.0


@kernel
def _gains(link, inside, pull, total, out):
    """What joining each community [n] adds to Q, times the graph's total weight."""
    for c in range(link.size):
        out[c] = link[c] - pull * inside[c] / total


@kernel
def _subtract_links(weight, left):
    for j in range(weight.size):
        left[j] -= weight[j]


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
