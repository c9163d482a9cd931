"""Behaviour of two animals beside their activity: canonical dimensions of behaviour, and activity that one behaviour alone explains."""

from dataclasses import dataclass

import numpy as np

from analysis.neural.inputs.activity import checked
from recording import RecordingError


@dataclass(frozen=True, eq=False)
class CanonicalSpace:
    """correlation [r]: canonical correlations, falling. null [draws]: the first of each shift. n_dims: how many lie above it."""

    correlation: np.ndarray
    null: np.ndarray
    n_dims: int


def canonical_space(first: np.ndarray, second: np.ndarray, shifts: np.ndarray, quantile: float) -> CanonicalSpace:
    """Dimensions in which two animals' behaviour [T, p], [T, q] goes together: canonical correlation analysis [hotelling1936].

    All canonical correlations are held against one null, the `quantile` of the first canonical correlation with the second
    animal's behaviour shifted: strict, since the later ones of the null are smaller. Behaviours that follow from others, or never
    change, add no dimension.

    Raises
    ------
    RecordingError
        If the lengths differ, a value is not finite, or nothing changes in one animal.
    """
    if len(first) != len(second):
        raise RecordingError(f"behaviour: {len(first)} frames of one animal and {len(second)} of the other; needs one clock")
    one, two = (_basis(checked(each, f"behaviour of agent {agent}")) for agent, each in enumerate((first, second)))
    if not one.shape[1] or not two.shape[1]:
        raise RecordingError("behaviour: nothing changes in one of the animals")
    correlation = np.linalg.svd(one.T @ two, compute_uv=False)
    null = np.array([np.linalg.norm(one.T @ np.roll(two, shift, axis=0), 2) for shift in shifts])
    above = correlation > np.quantile(null, quantile)
    return CanonicalSpace(correlation, null, len(above) if above.all() else int(np.argmin(above)))


def _basis(values: np.ndarray) -> np.ndarray:
    """Orthonormal basis [T, rank] of the centred columns."""
    centred = values - values.mean(axis=0, dtype=np.float64)
    scale = np.sqrt((centred**2).sum(axis=0))
    left, singular, _ = np.linalg.svd(centred / np.where(scale > 0, scale, 1), full_matrices=False)
    return left[:, singular > 1e-6 * max(float(singular[0]), 1e-12)]


@dataclass(frozen=True)
class Explained:
    """Fractions of variance: full, by all predictors; chance, by all predictors shifted; group_shifted, with one group shifted."""

    full: float
    chance: float
    group_shifted: float

    @property
    def non_redundant(self) -> float:
        """(full - chance) - (group shifted - chance): what only this group of predictors explains."""
        return (self.full - self.chance) - (self.group_shifted - self.chance)


def explained_by(activity: np.ndarray, predictors: np.ndarray, group: np.ndarray, shifts: np.ndarray) -> Explained:
    """Variance of activity [T, n] that a group of behavioural predictors [T, p] explains and no other does.

    Partial least squares regression with as many components as the predictors have rank, as published [zhang2025], is ordinary
    least squares, and computed so. The shifted model has as many predictors as the full one, so over-fitting cancels.

    Parameters
    ----------
    group : bool [p]
        Which predictors are shifted.
    shifts : int64 [draws] frames
        Chance and the shifted group are means over these.
    """
    target = checked(activity, "activity") - activity.mean(axis=0, dtype=np.float64)
    checked(predictors, "predictors")
    total = float((target**2).sum())
    if len(predictors) != len(activity) or total == 0:
        raise RecordingError("activity: needs as many frames as the predictors, and a cell that changes")

    def fraction(columns: np.ndarray) -> float:
        return float(((_basis(columns).T @ target) ** 2).sum()) / total

    moved = [np.roll(predictors, shift, axis=0) for shift in shifts]
    return Explained(
        full=fraction(predictors),
        chance=float(np.mean([fraction(each) for each in moved])),
        group_shifted=float(np.mean([fraction(np.where(group, each, predictors)) for each in moved])),
    )
