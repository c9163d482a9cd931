"""Ridge regression from many cells to many targets, always scored on stretches of time it has not seen.

A session is cut into contiguous blocks. Each is predicted by a fit to the others, less a gap on either side, so that a held-out
frame has no near neighbour among the training frames. Frames held out at random would have: two signals that merely change
slowly then predict each other.

The fit is linear in sums over frames, so sums are taken once per segment of time and added up per fold, and all targets (the
real ones and every shifted copy) are columns solved together.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.linalg import LinAlgError

from analysis.core import cholesky
from params.errors import UserError
from params.schema.measures import Decoding

# a cell with less than this share of its squares left in training, beyond the nuisance, counts as constant there, and so does one that
# the nuisance explains that far; what rounding leaves of it, scaled up to unit variance, must stay well below the least penalty
_DEAD = {np.dtype(np.float32): 1e-3, np.dtype(np.float64): 1e-9}


class DecodingError(UserError):
    """A session that cannot be decoded at all: one line with what is missing."""


class Fold(NamedTuple):
    """One block as its fit predicts it.

    frames : the h held-out frames
    baseline : [h, q], what the nuisance alone predicts; without one, the training mean
    predicted : [h, q], nuisance and cells together
    threshold : [q], for a target of 0 and 1: the prediction half way between those of the two classes in training
    """

    frames: slice
    baseline: np.ndarray
    predicted: np.ndarray
    threshold: np.ndarray


class _Sums(NamedTuple):
    """Over some frames, features being the constant, the other nuisance, the cells: n; gram [p, p], float64 where it is a sum over
    segments; cross with targets [p, q]."""

    n: int
    gram: np.ndarray
    cross: np.ndarray


class _Fit(NamedTuple):
    """n training frames; nuisance to cells [m, c] and to targets [m, q]; cross [c, q] of the cells net of the nuisance with the net
    targets; scale [c], 1 / standard deviation of the net cells, 0 if constant; gram [c, c] of the net cells so scaled. All but n and
    to_cells in the targets' precision."""

    n: int
    to_cells: np.ndarray
    to_targets: np.ndarray
    cross: np.ndarray
    scale: np.ndarray
    gram: np.ndarray

    def coefficients(self, penalty: float, targets: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Weights of the net cells [c, targets] for one penalty.

        A factorisation for each penalty costs less than the eigenvectors that would serve them all: n^3 / 3 against some 9 n^3.
        """
        penalised = self.gram.copy()
        penalised.flat[:: len(penalised) + 1] += self.n * penalty
        try:
            # symmetric, so .T is the same matrix in Fortran's order, and no copy is made
            factor = cholesky.factor(penalised.T)
        except LinAlgError:
            raise DecodingError(f"cells depend on each other too closely for a penalty of {penalty:g}") from None
        scaled = self.scale[:, None] * self.cross[:, targets]
        return self.scale[:, None] * cholesky.solve(factor, scaled)

    def best_coefficients(self, penalty: np.ndarray) -> np.ndarray:
        """The same [c, q] for a penalty [q] of each target."""
        weights = np.empty_like(self.cross)
        for each in np.unique(penalty):
            mine = penalty == each
            weights[:, mine] = self.coefficients(each, mine)
        return weights


def held_out(
    cells: np.ndarray, targets: np.ndarray, nuisance: np.ndarray, time_s: np.ndarray, settings: Decoding
) -> Iterator[Fold]:
    """Predict each block from the others.

    Within the training frames of a fold, the nuisance o (with a constant) is regressed out of cells x and targets y, the cells'
    remainders are scaled to unit variance, and w minimises |y' - x'w|^2 + n k |w|^2 over the n training frames [hastie2009]. The
    prediction is y = o b + x'w. The penalties of b and of w are chosen for each target from `penalties` by a fit to two thirds of
    the training blocks that predicts the other third, with the same gap: the held-out block has no part in it. That of b matters:
    a baseline that overfits would be easy to beat. What the nuisance predicts of the cells is taken out with the small
    `own_penalty`, as whole as possible.

    Parameters
    ----------
    cells : [T, c]
    targets : [T, q], float32 or float64
        Products over the frames of a segment, and whatever has a column per target, are taken in this precision; sums of pairs of
        cells over segments, and what the nuisance predicts of the cells, in float64.
    nuisance : [T, m], `standardised`, may have no columns
    time_s : [T] s, increasing; frames may be missing
        All finite.

    Raises
    ------
    DecodingError
        If a gap takes all training frames of a fold.
    """
    m = nuisance.shape[1] + 1
    edges = _segment_edges(time_s, settings)
    features, sums = _summed(cells, nuisance, targets, edges)
    total = _add(sums)
    for block in range(settings.blocks):
        held = slice(edges[3 * block], edges[3 * block + 3])
        if held.start == held.stop:
            continue
        training = _less(total, [sums[place] for place in sorted(_around([block], settings))])
        own_penalty, penalty = _choose(sums, training, block, m, settings)
        fit = _fit(training, m, own_penalty, settings)
        weights = fit.best_coefficients(penalty)
        baseline = features[held, :m] @ fit.to_targets
        of_net_cells = np.vstack([-fit.to_cells.astype(weights.dtype) @ weights, weights])
        yield Fold(held, baseline, baseline + features[held] @ of_net_cells, _threshold(training, fit, weights))


def standardised(columns: np.ndarray) -> np.ndarray:
    """Columns [T, m] of zero mean and unit variance over all frames; constant ones become 0."""
    spread = columns.std(axis=0)
    return (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def _segment_edges(time_s: np.ndarray, settings: Decoding) -> np.ndarray:
    """First frames [3 blocks + 1] of segments, three to a block: within a gap of its start, between, within a gap of its end."""
    length_s = (time_s[-1] - time_s[0]) / settings.blocks
    if length_s <= 2 * settings.gap_s:
        raise DecodingError(
            f"{settings.blocks} blocks of {length_s:.3g} s leave nothing between gaps of {settings.gap_s:g} s on either side"
        )
    starts_s = time_s[0] + length_s * np.arange(settings.blocks)
    within_s = np.column_stack([starts_s, starts_s + settings.gap_s, starts_s + length_s - settings.gap_s])
    return np.append(np.searchsorted(time_s, within_s.ravel()), len(time_s))


def _summed(cells: np.ndarray, nuisance: np.ndarray, targets: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, list[_Sums]]:
    """Features [T, p] in the targets' precision, and their sums over each segment."""
    m = 1 + nuisance.shape[1]
    features = np.empty((len(cells), m + cells.shape[1]), targets.dtype)
    features[:, 0], features[:, 1:m] = 1.0, nuisance
    np.subtract(cells, cells.mean(axis=0, dtype=np.float64), out=features[:, m:], casting="same_kind")
    segments = [(features[start:stop], targets[start:stop]) for start, stop in pairwise(edges)]
    return features, [_Sums(len(mine), mine.T @ mine, mine.T @ theirs) for mine, theirs in segments]


def _add(parts: list[_Sums]) -> _Sums:
    first, *others = parts
    gram, cross = first.gram.astype(np.float64), first.cross.copy()
    for part in others:
        gram += part.gram
        cross += part.cross
    return _Sums(sum(part.n for part in parts), gram, cross)


def _less(whole: _Sums, parts: list[_Sums]) -> _Sums:
    left_out = _add(parts)
    return _Sums(whole.n - left_out.n, whole.gram - left_out.gram, whole.cross - left_out.cross)


def _within(blocks: list[int]) -> set[int]:
    """Segments of these blocks."""
    return {3 * block + part for block in blocks for part in range(3)}


def _around(blocks: list[int], settings: Decoding) -> set[int]:
    """Segments of these blocks or within a gap of one."""
    beside = {place for block in blocks for place in (3 * block - 1, 3 * block + 3)}
    return _within(blocks) | beside & set(range(3 * settings.blocks))


def _choose(sums: list[_Sums], training: _Sums, block: int, m: int, settings: Decoding) -> tuple[np.ndarray, np.ndarray]:
    """Penalties [q] of nuisance and of cells in the fold that holds `block` out: the best of `penalties` on the following third of
    the other blocks."""
    n = settings.blocks
    judges = [(block + step) % n for step in range(1, 1 + max(1, (n - 1) // 3))]
    out = _around([block], settings)
    judging = _add([sums[place] for place in sorted(_within(judges) - out)])
    gaps = _around(judges, settings) - _within(judges) - out
    inner = _less(training, [judging, *(sums[place] for place in sorted(gaps))])
    own = judging.gram[:m, :m].astype(judging.cross.dtype)
    baselines = (_own_weights(inner, m, penalty) for penalty in settings.penalties)
    own_penalty = _best([_explained(weights, own, judging.cross[:m]) for weights in baselines], settings)
    fit = _fit(inner, m, own_penalty, settings)
    gram, cross = _net(judging, fit.to_cells, fit.to_targets)
    gram = gram.astype(cross.dtype)
    explained = [_explained(fit.coefficients(penalty), gram, cross) for penalty in settings.penalties]
    return own_penalty, _best(explained, settings)


def _explained(weights: np.ndarray, gram: np.ndarray, cross: np.ndarray) -> np.ndarray:
    """By how much weights [p, q] lower the squared error [q] on frames with these sums."""
    return (weights * (2 * cross - gram @ weights)).sum(axis=0)


def _best(explained: list[np.ndarray], settings: Decoding) -> np.ndarray:
    return np.asarray(settings.penalties)[np.argmax(explained, axis=0)]


def _own_weights(sums: _Sums, m: int, penalty: float, targets: np.ndarray | slice = slice(None)) -> np.ndarray:
    """Ridge [m, q] of targets on the nuisance; the constant is not penalised."""
    factor = cholesky.factor(sums.gram[:m, :m] + _ridge(sums.n, m, penalty))
    return cholesky.solve(factor, sums.cross[:m, targets]).astype(sums.cross.dtype)


def _ridge(n: int, m: int, penalty: float) -> np.ndarray:
    return np.diag(np.append(0.0, np.full(m - 1, n * penalty)))


def _fit(sums: _Sums, m: int, own_penalty: np.ndarray, settings: Decoding) -> _Fit:
    if sums.n < 2:
        raise DecodingError(f"no frames to train on between gaps of {settings.gap_s:g} s")
    to_targets = np.empty_like(sums.cross[:m])
    for penalty in np.unique(own_penalty):
        mine = own_penalty == penalty
        to_targets[:, mine] = _own_weights(sums, m, penalty, mine)
    factor = cholesky.factor(sums.gram[:m, :m] + _ridge(sums.n, m, settings.own_penalty))
    to_cells = cholesky.solve(factor, sums.gram[:m, m:])
    gram, cross = _net(sums, to_cells, to_targets)
    left, whole = np.diag(gram), np.diag(sums.gram)[m:]
    alive = left > _DEAD[cross.dtype] * whole
    scale = np.where(alive, np.sqrt(sums.n / np.where(alive, left, 1.0)), 0.0)
    gram *= scale[:, None]
    gram *= scale
    return _Fit(sums.n, to_cells, to_targets, cross, scale.astype(cross.dtype), gram.astype(cross.dtype))


def _net(sums: _Sums, to_cells: np.ndarray, to_targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gram [c, c] of the cells less what the nuisance predicts of them, and their products [c, q] with the targets less that."""
    m = len(to_cells)
    own, mixed = sums.gram[:m, :m], sums.gram[:m, m:]
    predicted = own @ to_cells
    half = (mixed - predicted / 2).T @ to_cells  # half and its transpose are all that goes
    gram = sums.gram[m:, m:] - half - half.T
    narrow = to_cells.astype(sums.cross.dtype)
    mixed_left = (mixed - predicted).astype(sums.cross.dtype)
    return gram, sums.cross[m:] - narrow.T @ sums.cross[:m] - mixed_left.T @ to_targets


def _threshold(training: _Sums, fit: _Fit, coefficients: np.ndarray) -> np.ndarray:
    """Half way between the mean predictions [q] of the two classes in training: classes as rare as they are weigh the same.

    The sum of the targets is the size of class 1. Meaningless, and unused, for other targets and with a nuisance.
    """
    ones = training.cross[0]
    pull = (coefficients * fit.cross).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return fit.to_targets[0] + 0.5 * pull * (1 / ones - 1 / (training.n - ones))
