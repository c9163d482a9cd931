"""Print what the shared space of two brains costs beside plain NumPy: `python -m benchmarks.plsc [--shifts N]`.

Plain is the estimate as its equations read: every shift rolls the second brain, multiplies two tall matrices of all cells and takes
a full singular value decomposition. Its time is that of one such round, though it needs one more for each dimension it finds.
Equality is checked first, with all variance kept, where both compute the same; then the time of both, with all variance kept and
as the parameters say.
"""

import argparse
import sys

import numpy as np
from scipy.signal import lfilter

from analysis.core.nulls import draw_shifts
from analysis.neural.shared.space import SharedSpace, shared_space
from benchmarks.peers import NotEqualError
from benchmarks.timing import best, seconds
from params import resolve
from params.schema.measures import SharedSpace as Settings

FRAMES, CELLS, SHARED, OWN = 14400, 400, 3, 150  # 30 min at 8 Hz
PLAIN_SHIFTS = 5  # of which the time of more is extrapolated: it is a loop over shifts
CHECKED_CELLS, CHECKED_SHIFTS = 60, 100


def brains(n_frames: int, n_cells: int, seed: int) -> list[np.ndarray]:
    """Two animals' cells [T, n] with shared and private slow sources of falling strength, and private noise: spectra as recorded."""
    rng = np.random.default_rng(seed)
    strength = 1 / np.sqrt(1 + np.arange(SHARED + OWN))

    def sources(n: int) -> np.ndarray:
        return lfilter([0.3], [1.0, -0.95], rng.standard_normal((n_frames, n)), axis=0)

    shared = sources(SHARED)
    mixed = [np.column_stack([shared, sources(OWN)]) * strength @ rng.standard_normal((SHARED + OWN, n_cells)) for _ in range(2)]
    return [(each + 0.4 * rng.standard_normal(each.shape)).astype(np.float32) for each in mixed]


def plain(first: np.ndarray, second: np.ndarray, shifts: np.ndarray, quantile: float) -> tuple[int, np.ndarray]:
    """Shared dimensions and their covariances, straight from the equations."""
    one, two = ((each - each.mean(axis=0)) / each.std(axis=0, ddof=1) for each in (first, second))
    left, covariance, right = np.linalg.svd(one.T @ two / (len(one) - 1))
    for count in range(len(covariance)):
        null = [plain_draw(one @ left[:, count:], np.roll(two, shift, axis=0) @ right[count:].T) for shift in shifts]
        seen = covariance[count], np.corrcoef(one @ left[:, count], two @ right[count])[0, 1]
        if (np.array(seen) <= np.quantile(null, quantile, axis=0)).any():
            return count, covariance
    return len(covariance), covariance


def plain_draw(one: np.ndarray, two: np.ndarray) -> tuple[float, float]:
    """Covariance and correlation of the first pair of directions."""
    u, s, v = np.linalg.svd(one.T @ two / (len(one) - 1))
    return s[0], np.corrcoef(one @ u[:, 0], two @ v[0])[0, 1]


def check(settings: Settings) -> float:
    """Largest relative difference of shared covariances between the two; raises if they count differently."""
    first, second = brains(FRAMES // 4, CHECKED_CELLS, 1)
    shifts = draw_shifts(np.random.default_rng(0), CHECKED_SHIFTS, len(first), 80, 960)
    space = shared_space(first, second, shifts, settings.model_copy(update={"variance_kept": 1.0}))
    count, covariance = plain(first.astype(np.float64), second.astype(np.float64), shifts, settings.quantile)
    if count != space.n_dims:
        raise NotEqualError(f"plain NumPy counts {count} shared dimensions, shared_space {space.n_dims}")
    return float(np.abs(space.covariance[:count] / covariance[:count] - 1).max(initial=0.0))


def measure(n_shifts: int, settings: Settings) -> dict[str, float]:
    """Seconds for `n_shifts` shifts, on one core: plain (extrapolated), and this library's, all variance kept or some."""
    first, second = brains(FRAMES, CELLS, 0)
    shifts = draw_shifts(np.random.default_rng(0), n_shifts, FRAMES, 80, 960)
    kept = shared_space(first, second, shifts, settings)
    one, two = ((each - each.mean(axis=0)) / each.std(axis=0, ddof=1) for each in (first, second))
    a_draw = seconds(lambda: [plain_draw(one, np.roll(two, shift, axis=0)) for shift in shifts[:PLAIN_SHIFTS]]) / PLAIN_SHIFTS
    all_kept = settings.model_copy(update={"variance_kept": 1.0})
    few = shifts[: max(n_shifts // 10, 1)]
    return {
        "dimensions": float(kept.n_dims),
        "axes": float(len(kept.covariance)),
        "plain_s": a_draw * n_shifts,
        "kept_s": best(lambda: _run(first, second, shifts, settings), 2),
        "exact_s_tenth": best(lambda: _run(first, second, few, all_kept), 1),
    }


def _run(first: np.ndarray, second: np.ndarray, shifts: np.ndarray, settings: Settings) -> SharedSpace:
    return shared_space(first, second, shifts, settings)


def lines(found: dict[str, float], difference: float, n_shifts: int) -> list[str]:
    """What the command prints."""
    tenth, share = max(n_shifts // 10, 1), f"some variance left out ({found['axes']:.0f} axes)"
    return [
        f"shared space: {CELLS} cells a brain, {FRAMES} frames, {n_shifts} shifts, {found['dimensions']:.0f} shared dimensions; one core",
        f"  equal first, all variance kept: as many shared dimensions, covariances within {difference:.1e}",
        f"  plain NumPy (extrapolated from {PLAIN_SHIFTS} shifts)   {found['plain_s']:8.1f} s",
        f"  shared_space, all variance, {tenth:4d} shifts      {found['exact_s_tenth']:8.1f} s",
        f"  shared_space, {share:34s} {found['kept_s']:8.1f} s   {found['plain_s'] / found['kept_s']:.0f} times faster",
    ]


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code: 0 done, 1 if plain NumPy does not compute the same."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.plsc", description="Shared space of two brains beside plain NumPy."
    )
    parser.add_argument("--shifts", type=int, default=1000, metavar="N", help="shifts of the null (default 1000)")
    options = parser.parse_args(arguments)
    settings = resolve("coop_075s").params.analysis.shared_space
    try:
        difference = check(settings)
    except NotEqualError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    found = measure(options.shifts, settings)
    print("\n".join(lines(found, difference, options.shifts)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
