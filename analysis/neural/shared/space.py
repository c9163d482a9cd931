"""Dimensions that two animals' activity shares, by partial least squares correlation [mcintosh1996] against circular shifts.

Z-scored cells X [T, n] and Y [T, m] of two animals; the singular vectors of their cross-covariance C = X'Y / (T - 1) are the pairs
of directions u, v of greatest covariance. A dimension's covariance is its singular value s, its correlation that of the scores,

    corr(Xu, Yv) = s / sqrt(u'R_x u  v'R_y v),   R = X'X / (T - 1),

which needs no frame once C is known. Chance shifts one animal's whole population in time, so each keeps all its own structure.

What counts as shared. Dimensions are tested one after another, in falling covariance: the next is shared if its covariance and
its correlation both exceed the `quantile` of the null's FIRST dimension, once the dimensions found before are removed from both
data and null. The published rule [zhang2025] holds each against the null dimension of the same rank instead,
which beyond the first is too lenient: with d dimensions truly shared, chance fills rank d + 1
of the data with its best coincidence but rank d + 1 of the null with its (d + 1)-th best (docs/reference/shared-space.md).

Speed. Each brain is first turned to its principal axes. Turning changes no singular value, and the axes of a brain are found
without the other, so leaving the smallest out costs power, never level; those that hold `variance_kept` are kept. The
cross-covariances under all shifts at once are a correlation theorem away, k l Fourier transforms of length T, cheaper than one
matrix product a shift from a few hundred shifts on. The null's first dimension comes from a power iteration that starts, for each
dimension removed, where it ended for the one before.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import fft

from analysis.core.nulls import draw_shifts
from analysis.neural.inputs.activity import checked, z_scored
from compute.kernel import allocating_kernel, kernel
from params.schema.measures import SharedSpace as Settings
from recording import RecordingError

MAX_ITERATIONS = 200
AXES_AT_ONCE = 8  # bounds the memory of a worker; no number depends on it
LANES = 32  # of a loop over single precision in SIMD; a row that fills them leaves no rest to add one by one
TOLERANCE = 1e-4  # of a leading singular value of a draw, relative


class Principal(NamedTuple):
    """A brain on its principal axes: scores [T, k] float32, axes [n, k] orthonormal, variance [k], total variance (cells that change)."""

    scores: np.ndarray
    axes: np.ndarray
    variance: np.ndarray
    total: float


@dataclass(frozen=True, eq=False)
class SharedSpace:
    """Shared dimensions of a pair.

    covariance, correlation [k]: of every pair of directions, in falling covariance; the first n_dims are shared. limits
    [n_dims + 1, 2]: what covariance and correlation had to exceed, the last row not met (absent if all k are shared). axes: per
    animal [n, n_dims] orthonormal, in z-scored cells. fraction: per animal, its variance within its shared axes over all its
    variance; the rest is its unique subspace.
    """

    n_dims: int
    covariance: np.ndarray
    correlation: np.ndarray
    limits: np.ndarray
    axes: tuple[np.ndarray, np.ndarray]
    fraction: tuple[float, float]


def frame_shifts(n_frames: int, step_s: float, settings: Settings, rng: np.random.Generator) -> np.ndarray:
    """Shifts [draws] frames for a session of cells.

    Raises
    ------
    RecordingError
        If the session is too short for any.
    """
    shortest, longest = round(settings.min_shift_s / step_s), round(settings.max_shift_s / step_s)
    shifts = draw_shifts(rng, settings.shifts, n_frames, shortest, longest)
    if not len(shifts):
        raise RecordingError(f"activity: {n_frames * step_s:g} s are too short for shifts of {settings.min_shift_s:g} s")
    return shifts


def shared_space(first: np.ndarray, second: np.ndarray, shifts: np.ndarray, settings: Settings) -> SharedSpace:
    """Shared dimensions of two animals' activity [T, n], [T, m]; `shifts` [draws] frames move the second.

    Raises
    ------
    RecordingError
        If an animal has no cell or too few frames, the lengths differ, a value is not finite, or no cell changes.
    """
    if len(first) != len(second):
        raise RecordingError(f"activity: {len(first)} frames of one animal and {len(second)} of the other; needs one clock")
    one = principal(first, settings.variance_kept, "activity of agent 0")
    two = principal(second, settings.variance_kept, "activity of agent 1")
    left, covariance, right = np.linalg.svd(cross_covariance(one.scores, two.scores).astype(np.float64), full_matrices=False)
    variances = (left.T**2 @ one.variance, right**2 @ two.variance)
    correlation = covariance / np.sqrt(np.maximum(variances[0] * variances[1], 1e-30))
    draws = np.matmul(left.T.astype(np.float32) @ shifted_covariances(one.scores, two.scores, shifts), right.T.astype(np.float32))
    first_within, second_within = (left.T * one.variance) @ left, (right * two.variance) @ right.T
    seen = np.column_stack([covariance, correlation])
    n_dims, limits = _count(draws, (first_within, second_within), seen, settings.quantile)
    return SharedSpace(
        n_dims=n_dims,
        covariance=covariance,
        correlation=correlation,
        limits=limits,
        axes=(one.axes @ left[:, :n_dims], two.axes @ right[:n_dims].T),
        fraction=(float(variances[0][:n_dims].sum() / one.total), float(variances[1][:n_dims].sum() / two.total)),
    )


def principal(activity: np.ndarray, variance_kept: float, name: str) -> Principal:
    """Z-scored activity [T, n] on the fewest principal axes that hold `variance_kept` of its variance, at 1 on all that vary."""
    scores = z_scored(checked(activity, name))
    values, vectors = np.linalg.eigh((scores.T @ scores).astype(np.float64) / (len(scores) - 1))
    values, vectors = np.maximum(values[::-1], 0), vectors[:, ::-1]
    total = float(values.sum())
    if total <= 0:
        raise RecordingError(f"{name}: no cell changes during the session")
    rank = int((values > 1e-6 * values[0]).sum())
    kept = min(int(np.searchsorted(np.cumsum(values) / total, variance_kept)) + 1, rank)
    axes = vectors[:, :kept]
    return Principal(scores @ axes.astype(np.float32), axes, values[:kept], total)


def cross_covariance(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """[k, l] of centred scores [T, k], [T, l]."""
    return first.T @ second / np.float32(len(first) - 1)


def shifted_covariances(first: np.ndarray, second: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """Cross-covariances [draws, k, l] with the second animal's scores circularly moved by each shift, as np.roll does.

    Under shift s, sum over t of a(t) b(t - s) is the inverse transform of A(f) conj(B(f)) at s. Where no shift is long, stretches of the
    session are transformed one by one and their products added up, so that the many inverse transforms are short.
    """
    length = len(first)
    near = (shifts + length // 2) % length - length // 2
    one, two, size = _spectra(first, second, int(np.abs(near).max(initial=0)))
    draws = np.empty((len(shifts), first.shape[1], second.shape[1]), np.float32)
    for axis in range(0, first.shape[1], AXES_AT_ONCE):
        several = slice(axis, axis + AXES_AT_ONCE)
        draws[:, several] = fft.irfft(one[:, several] @ two, size, axis=0)[near % size]
    draws /= length - 1
    return draws


def _spectra(first: np.ndarray, second: np.ndarray, reach: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Transforms [f, k, stretch] of stretches of one animal; conjugate ones [f, stretch, l] of the same stretches of the other with
    `reach` frames on either side, around the session's end; and their length. One stretch, the session, where that is no longer."""
    length, size = len(first), fft.next_fast_len(4 * reach, real=True)
    if 2 * size > length:
        return fft.rfft(first, axis=0)[:, :, None], fft.rfft(second, axis=0).conj()[:, None], length
    starts = np.arange(0, length, size - 2 * reach)
    frames = starts - reach + np.arange(size)[:, None]
    inside = (frames >= starts) & (frames < np.append(starts[1:], length))
    stretches = np.where(inside[..., None], first[frames % length], np.float32(0))
    return fft.rfft(stretches, axis=0).swapaxes(1, 2), fft.rfft(second[frames % length], axis=0).conj(), size


def _count(draws: np.ndarray, within: tuple[np.ndarray, np.ndarray], seen: np.ndarray, quantile: float) -> tuple[int, np.ndarray]:
    """How many dimensions are shared, and the limits [tested, 2] they were held against.

    All on the data's own singular vectors, where removing the first dimensions is leaving out the first rows and columns: draws
    [draws, k, l] cross-covariances, within [k, k] and [l, l] covariances of each brain; seen [r, 2] covariance and correlation.
    """
    n_draws, rows, columns = draws.shape
    padded = np.zeros((n_draws, rows, -(-columns // LANES) * LANES), np.float32)
    padded[..., :columns] = draws
    first, second = (each.astype(np.float32) for each in within)
    right = np.zeros((n_draws, padded.shape[2]), np.float32)
    # only where the iteration starts, so the same for every pair
    right[:, :columns] = np.random.default_rng(0).standard_normal((n_draws, columns))
    left, covariance = np.zeros((n_draws, rows), np.float32), np.empty(n_draws, np.float32)
    limits = np.empty_like(seen)
    for removed in range(len(seen)):
        _leading_pairs(padded, removed, right, left, covariance)
        along = (left @ first * left).sum(axis=1), (right[:, :columns] @ second * right[:, :columns]).sum(axis=1)
        null = np.column_stack([covariance, covariance / np.sqrt(np.maximum(along[0] * along[1], np.float32(1e-30)))])
        limits[removed] = np.quantile(null, quantile, axis=0)
        if (seen[removed] <= limits[removed]).any():
            return removed, limits[: removed + 1]
    return len(seen), limits


@allocating_kernel
def _leading_pairs(draws, removed, right, left, covariance):
    """Leading pairs of every draws[d, removed:, removed:], by power iteration: directions [draws, k], [draws, l], 0 in what is removed,
    and covariance [draws].

    right: where the iteration starts and ended. l: a multiple of `LANES`, columns without a cell are 0.
    """
    w = np.zeros(draws.shape[2], np.float32)
    for d in range(draws.shape[0]):
        matrix, v, u = draws[d], right[d], left[d]
        u[:removed] = 0.0
        v[:removed] = 0.0
        _scale_to_unit(v)
        value = np.float32(0.0)
        for _ in range(MAX_ITERATIONS):
            w[:] = 0.0
            for i in range(removed, u.size):
                u[i] = _product(matrix[i], v)
                _add_scaled(matrix[i], u[i], w)
            w[:removed] = 0.0
            length = _scale_to_unit(u)
            before, value = value, _scale_to_unit(w) / length if length > 0 else np.float32(0.0)
            v[:] = w
            if abs(value - before) <= TOLERANCE * value:
                break
        covariance[d] = value


@kernel
def _product(one, two):
    total = np.float32(0.0)
    for j in range(one.size):
        total += one[j] * two[j]
    return total


@kernel
def _add_scaled(vector, factor, out):
    for j in range(vector.size):
        out[j] += factor * vector[j]


@kernel
def _scale_to_unit(vector):
    """Scale a vector to length 1 in place; the length it had."""
    length = np.sqrt(_product(vector, vector))
    if length > 0:
        for i in range(vector.size):
            vector[i] /= length
    return length
