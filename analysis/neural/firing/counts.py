"""Variability and correlation of spike counts N_i(w) in successive windows w.

    F_i  = variance of N_i / mean of N_i                      Fano factor: 1 of a Poisson process, 1 / k of a gamma process of order k
                                                              in windows that are long against its intervals
    r_ij = covariance of N_i and N_j / (sd N_i sd N_j)        of two cells that are independent: mean 0, sd 1 / sqrt(windows)

Two Poisson cells with a shared rate R that changes from window to window: F = 1 + var(R T) / mean(R T), and r = 1 - 1 / F. So what
rates do together, in answer to behaviour, is in F and r; at rest, with constant senses, only what the network itself adds.
"""

import numpy as np

from analysis.neural.inputs.activity import z_scored


def fano_factors(counts: np.ndarray) -> np.ndarray:
    """Of each cell [n], from counts [windows, n]; NaN of a cell that never fires."""
    mean = counts.mean(axis=0, dtype=np.float64)
    variance = counts.var(axis=0, ddof=1, dtype=np.float64)
    return np.divide(variance, mean, out=np.full(len(mean), np.nan), where=mean > 0)


def count_correlations(counts: np.ndarray) -> np.ndarray:
    """Of every two cells [n, n] float32, from counts [windows, n]: one matrix product; NaN of a cell with itself, or that never changes."""
    scores = z_scored(counts)
    found = scores.T @ scores / np.float32(len(counts) - 1)
    found[:, ~scores.any(axis=0)] = np.nan
    found[~scores.any(axis=0)] = np.nan
    np.fill_diagonal(found, np.nan)
    return found
