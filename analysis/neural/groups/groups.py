"""Functional groups of one animal's cells: who fires together more than chance, and into which groups that falls.

1. The network. Correlation r_ij of cells over frames, of rates (plain), of residuals after the behaviour is removed (noise) or of
   event-averaged courses (signal; `analysis.neural.inputs.activity` makes both). Chance is every cell circularly shifted on its own. Under
   uniform shifts r_ij has mean 0 and, by Parseval's theorem, a variance that needs no draws, P_i(f) the power of cell i's z-score:

       var r_ij = sum over frequencies f > 0 of P_i(f) P_j(f) / (T - 1)^2 / T^2

   so slow cells need a higher r. z_ij = r_ij / sd r_ij; a few draws of all shifts give the tail of z, pooled over edges, and edges
   are those the rate of false discoveries [benjamini1995] lets pass, one-sided: a group is positively correlated cells.
   Anything slow that all cells share within the session (fatigue, learning) counts as correlation.
2. The groups: consensus [lancichinetti2012] of many Louvain partitions [blondel2008] of the edges weighted by r.
3. Are they more than a few dimensions? Any low-dimensional population falls into Louvain communities, as does a sphere of points.
   The matched Gaussian null [dubreuil2022] keeps the correlation matrix's eigenvalues and its mean over all pairs and turns its
   eigenvectors at random, which is what Gaussian loadings give; the graph keeps its number of edges.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import fft, linalg
from scipy.linalg import helmert

from analysis.core.discovery import false_discovery
from analysis.core.nulls import one_sided_p
from analysis.neural.groups.louvain import louvain, modularity
from analysis.neural.inputs.activity import checked, z_scored
from params.schema.measures import Groups as Settings

UNGROUPED = -1
MAX_ROUNDS = 20
SCALING_ROUNDS = 3  # two reach the noise of a turn; twenty ran away on one session of the mice
RESTARTS_OF_NULL = 2  # the best of so many partitions, of the data and of each surrogate alike


@dataclass(frozen=True, eq=False)
class FunctionalNetwork:
    """correlation [n, n]; z [n, n] against independent circular shifts; edge [n, n] bool; cells that never change have none."""

    correlation: np.ndarray
    z: np.ndarray
    edge: np.ndarray

    @property
    def weight(self) -> np.ndarray:
        """Correlation on the edges [n, n], 0 elsewhere."""
        return np.where(self.edge, self.correlation, 0.0)

    @property
    def density(self) -> float:
        """Edges over pairs of cells."""
        n = len(self.edge)
        return float(self.edge.sum() / (n * (n - 1))) if n > 1 else float("nan")


@dataclass(frozen=True, eq=False)
class FunctionalGroups:
    """Groups and their test.

    labels [n] int64: 0 is the largest group, `UNGROUPED` belongs to none of at least `min_cells`. modularity: best Q of the graph,
    NaN without edges. null [surrogates]: that of the matched Gaussian surrogates, empty without edges.
    """

    network: FunctionalNetwork
    labels: np.ndarray
    modularity: float
    null: np.ndarray

    @property
    def n_groups(self) -> int:
        return int(self.labels.max(initial=UNGROUPED)) + 1

    @property
    def p_value(self) -> float:
        """One-sided: how often the Gaussian null is as modular; NaN without edges."""
        return one_sided_p(self.modularity, self.null)


def functional_groups(activity: np.ndarray, settings: Settings, rng: np.random.Generator) -> FunctionalGroups:
    """Network, groups and their test from activity [T, n].

    Raises
    ------
    RecordingError
        If the activity is too short, has no cell, or holds values that are not finite.
    """
    network = functional_network(activity, settings.shifts, settings.false_discovery, rng)
    labels = consensus_groups(network.weight, settings, rng)
    seen = _best_modularity(network.weight, settings.resolution, rng)
    return FunctionalGroups(network, labels, seen, gaussian_null(network, settings, rng))


def functional_network(activity: np.ndarray, n_shifts: int, level: float, rng: np.random.Generator) -> FunctionalNetwork:
    """Positive correlations of activity [T, n] beyond independent circular shifts, at a level of false discoveries; see the module."""
    scores = np.ascontiguousarray(z_scored(checked(activity, "activity")).T)
    n, length = scores.shape
    correlation = _correlation(scores)
    deviation = _shift_deviation(scores)
    shifted = [_correlation(_each_shifted(scores, rng.integers(0, length, (n,)))) for _ in range(n_shifts)]
    z = np.divide(correlation, deviation, out=np.zeros_like(correlation), where=deviation > 0)
    possible = np.triu(deviation > 0, 1)
    pooled = np.concatenate([each[possible] / deviation[possible] for each in shifted])
    p_value = _upper_tail(z[possible], pooled)
    edge = np.zeros((n, n), bool)
    row, column = np.nonzero(possible)
    kept = false_discovery(p_value, level) & (correlation[row, column] > 0)
    edge[row[kept], column[kept]] = True
    return FunctionalNetwork(correlation, z, edge | edge.T)


def _correlation(scores: np.ndarray) -> np.ndarray:
    """Of z-scores [n, T]: [n, n] float64, zero diagonal."""
    correlation = (scores @ scores.T).astype(np.float64) / (scores.shape[1] - 1)
    np.fill_diagonal(correlation, 0)
    return correlation


def _shift_deviation(scores: np.ndarray) -> np.ndarray:
    """Standard deviation [n, n] of the correlation of two cells [n, T] over all circular shifts of one of them."""
    length = scores.shape[1]
    power = np.abs(fft.rfft(scores)[:, 1:]) ** 2
    twice = np.full(power.shape[1], 2.0, np.float32)
    if length % 2 == 0:
        twice[-1] = 1.0
    return np.sqrt((power * twice) @ power.T) / (length * (length - 1))


def _each_shifted(scores: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """Every cell [n, T] circularly shifted by its own [n] frames."""
    moved = np.empty_like(scores)
    for cell, shift in enumerate(shifts):
        moved[cell, shift:], moved[cell, :shift] = (
            scores[cell, : scores.shape[1] - shift],
            scores[cell, scores.shape[1] - shift :],
        )
    return moved


def _upper_tail(seen: np.ndarray, null: np.ndarray) -> np.ndarray:
    """(1 + #(null >= seen)) / (1 + #null) for every value seen."""
    order = np.argsort(seen)  # looked up in order, neighbours are near each other in memory
    below = np.empty(len(seen), np.int64)
    below[order] = np.searchsorted(np.sort(null), seen[order], side="left")
    return (1 + len(null) - below) / (1 + len(null))


def consensus_groups(weight: np.ndarray, settings: Settings, rng: np.random.Generator) -> np.ndarray:
    """Labels [n] on which repeated partitions of a graph [n, n] agree [lancichinetti2012].

    How often two cells share a community is itself a graph; less than `consensus_threshold` counts as never. It is partitioned
    again until all partitions are one.
    """
    graph = weight
    for _ in range(MAX_ROUNDS):
        partitions = louvain(graph, settings.resolution, rng, settings.restarts)
        together = _share_together(partitions)
        if ((together == 0) | (together == 1)).all():
            break
        graph = np.where(together >= settings.consensus_threshold, together, 0.0)
        np.fill_diagonal(graph, 0)
    return _by_size(partitions[0], settings.min_cells)


def _share_together(partitions: np.ndarray) -> np.ndarray:
    """In what share of partitions [restarts, n] two cells are together, [n, n]."""
    count = np.zeros(2 * partitions.shape[1:], np.int16)
    for each in partitions.astype(np.int16):
        count += each[:, None] == each
    return count / len(partitions)


def _by_size(partition: np.ndarray, min_cells: int) -> np.ndarray:
    """Labels in order of falling size; groups of fewer than `min_cells` become `UNGROUPED`."""
    size = np.bincount(partition)
    rank = np.empty(len(size), np.int64)
    rank[np.argsort(-size, kind="stable")] = np.arange(len(size))
    return np.where(size[partition] >= min_cells, rank[partition], UNGROUPED)


def gaussian_null(network: FunctionalNetwork, settings: Settings, rng: np.random.Generator) -> np.ndarray:
    """Best modularity [surrogates] of graphs with the same number of edges from the matched Gaussian null; empty without edges."""
    n_edges = int(network.edge.sum()) // 2
    if not n_edges:
        return np.empty(0)
    changing = np.flatnonzero(network.z.any(axis=0))
    matrix = network.correlation[np.ix_(changing, changing)] + np.eye(len(changing))
    values, vectors = before_scaling(matrix, rng)
    loadings = about_mean(values, vectors)
    draws = (strongest_edges(turned(loadings, rng), n_edges) for _ in range(settings.surrogates))
    return np.array([_best_modularity(graph, settings.resolution, rng) for graph in draws])


def before_scaling(matrix: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(eigenvalues [n], eigenvectors [n, n]) of a matrix that, turned and scaled to diagonal 1, has this correlation matrix's
    eigenvalues; the eigenvectors are its own.

    Scaling draws in the cells that load most and so flattens the leading eigenvalues; without this the null is less modular than
    Gaussian loadings are. Eigenvalues are raised by the ratio wanted over found, in the mean of two turns, `SCALING_ROUNDS` times.
    """
    wanted, vectors = np.linalg.eigh(matrix)
    wanted = np.maximum(wanted, 1e-6)
    values, unit = wanted, np.eye(len(matrix))
    for _ in range(SCALING_ROUNDS):
        loadings = about_mean(values, vectors)
        found = np.mean([np.linalg.eigvalsh(turned(loadings, rng) + unit) for _ in range(2)], axis=0)
        values = values * wanted / np.maximum(found, 1e-6)
    return values, vectors


def about_mean(values: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Loadings [n, n] float32 of these eigenvalues [n], all above 0, and eigenvectors, on a basis whose first row is (1, ..., 1)."""
    return _mean_basis(len(values)) @ (vectors * np.sqrt(values)).astype(np.float32)


def turned(loadings: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A correlation matrix [n, n] of these loadings, of `about_mean`, turned at random about (1, ..., 1); zero diagonal.

    The turn keeps all eigenvalues and the mean of the matrix; then the diagonal is scaled to 1, which changes both a little.
    """
    n = len(loadings)
    axis = np.full((n, 1), 1 / np.sqrt(n), np.float32)
    basis = linalg.qr(np.column_stack([axis, rng.standard_normal((n, n - 1), np.float32)]), overwrite_a=True, check_finite=False)[
        0
    ]
    basis[:, :1] = axis
    loadings = basis @ loadings
    loadings /= np.sqrt(np.maximum((loadings**2).sum(axis=1, keepdims=True), 1e-12))
    moved = loadings @ loadings.T
    np.fill_diagonal(moved, 0)
    return moved


@cache
def _mean_basis(n: int) -> np.ndarray:
    """An orthonormal basis [n, n], its first row along (1, ..., 1)."""
    return helmert(n, full=True).astype(np.float32)


def strongest_edges(correlation: np.ndarray, n_edges: int) -> np.ndarray:
    """Graph [n, n] of the `n_edges` highest correlations, none below 0; ties at the last place are all kept."""
    upper = correlation[np.triu_indices(len(correlation), 1)]
    least = np.partition(upper, len(upper) - n_edges)[len(upper) - n_edges]
    return np.where((correlation >= least) & (correlation > 0), correlation, 0.0)


def _best_modularity(graph: np.ndarray, resolution: float, rng: np.random.Generator) -> float:
    return max(modularity(graph, each, resolution) for each in louvain(graph, resolution, rng, RESTARTS_OF_NULL))
