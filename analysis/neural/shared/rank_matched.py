"""Shared dimensions by the published rule, for numbers that can be held against published ones; see `analysis.neural.shared.space`."""

import numpy as np

from analysis.neural.shared.space import cross_covariance, principal, shifted_covariances
from params.measures import SharedSpace as Settings


def rank_matched_dims(first: np.ndarray, second: np.ndarray, shifts: np.ndarray, settings: Settings) -> int:
    """Leading dimensions whose covariance and correlation both exceed the null's of the same rank [zhang2025].

    Arguments as of `shared_space`. Right at the first dimension and too lenient after it; not used for any result.
    """
    one = principal(first, settings.variance_kept, "activity of agent 0")
    two = principal(second, settings.variance_kept, "activity of agent 1")
    seen = _ranked(cross_covariance(one.scores, two.scores), one.variance, two.variance)
    null = _ranked(shifted_covariances(one.scores, two.scores, shifts), one.variance, two.variance)
    limits = [np.quantile(each, settings.quantile, axis=0) for each in null]
    exceeds = (seen[0] > limits[0]) & (seen[1] > limits[1])
    return len(exceeds) if exceeds.all() else int(np.argmin(exceeds))


def _ranked(cross: np.ndarray, first_variance: np.ndarray, second_variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Covariance and correlation [..., rank] of cross-covariances [..., k, l] on axes of these variances."""
    left, covariance, right = np.linalg.svd(cross, full_matrices=False)
    along = (left.swapaxes(-2, -1) ** 2 @ first_variance) * (right**2 @ second_variance)
    return covariance, covariance / np.sqrt(np.maximum(along, 1e-30))
