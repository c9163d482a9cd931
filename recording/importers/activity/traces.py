"""Traces as all readers give them: numbers [sample, cell], checked; dF/F from fluorescence."""

from collections.abc import Sequence

import numpy as np

from recording.errors import ImportRefused
from recording.importers.activity.activity import Activity
from recording.importers.activity.options import ActivityOptions
from recording.importers.note import Note

FEWEST = 2  # samples
PLACES = 5  # that a note names


def numbers(array: np.ndarray, where: str) -> np.ndarray:
    """An array as float64; raises ImportRefused if it holds anything but real numbers and NaN."""
    if array.dtype.kind not in "fiub":
        raise ImportRefused(f"{where}: holds {array.dtype}; allowed: real numbers")
    values = array.astype(np.float64)
    if np.isinf(values).any():
        raise ImportRefused(
            f"{where}: holds {int(np.isinf(values).sum())} infinite values; allowed: numbers, NaN for a missing one"
        )
    return values


def times(array: np.ndarray, where: str, count: int) -> np.ndarray:
    """Times of `count` samples [count] from a row or column of numbers.

    Raises
    ------
    ImportRefused
        If they are not as many, or do not increase.
    """
    values = numbers(array, where)
    if values.size != count or values.size != max(values.shape, default=0):
        raise ImportRefused(f"{where}: holds times of shape {list(values.shape)}; allowed: one for each of the {count} samples")
    values = values.ravel()
    wrong = np.flatnonzero(~(np.diff(values) > 0))
    if len(wrong):
        place = int(wrong[0]) + 1
        words = f"time {values[place]:.9g} of sample {place} does not follow {values[place - 1]:.9g}"
        raise ImportRefused(f"{where}: {words} ({len(wrong)} such places); allowed: times that increase")
    return values


def activity_of(
    traces: np.ndarray,
    options: ActivityOptions,
    where: str,
    time_s: np.ndarray | None = None,
    cells: Sequence[str] = (),
    notes: Sequence[Note] = (),
) -> Activity:
    """The activity of checked traces, whatever file they came from.

    Parameters
    ----------
    traces : [sample, cell], of fluorescence where the options give a baseline
    options : signal and baseline
    where : opens a message
    time_s : [sample], where the file gives times
    cells : names; numbers from 0 unless given
    notes : of the reader

    Raises
    ------
    ImportRefused
        If there are too few samples or no cell, or a baseline is not above 0.
    """
    if len(traces) < FEWEST or not traces.shape[1]:
        raise ImportRefused(
            f"{where}: holds {traces.shape[0]} samples of {traces.shape[1]} cells; allowed: {FEWEST} samples, 1 cell"
        )
    names = tuple(cells) or tuple(map(str, range(traces.shape[1])))
    seen = [*notes, *_what_is_odd(traces, names)]
    if options.baseline_percentile is not None:
        traces = dff_of(traces, options.baseline_percentile, where, names)
        words = f"dF/F is computed: F0 is percentile {options.baseline_percentile:g} of each cell's fluorescence"
        seen.append(Note("dF/F computed", words, traces.shape[1], corrected=True))
    return Activity(options.signal, traces, time_s, None, names, tuple(seen))


def dff_of(fluorescence: np.ndarray, percentile: float, where: str, cells: Sequence[str]) -> np.ndarray:
    """(F - F0) / F0 of fluorescence [sample, cell], F0 a percentile of each cell's; raises ImportRefused unless F0 > 0."""
    dead = np.isnan(fluorescence).all(axis=0)
    baseline = np.zeros(fluorescence.shape[1])
    baseline[~dead] = np.nanpercentile(fluorescence[:, ~dead], percentile, axis=0)
    low = np.flatnonzero(baseline <= 0)
    if len(low):
        raise ImportRefused(
            f"{where}: F0 of {len(low)} cells is not above 0 (cell {cells[low[0]]}: {baseline[low[0]]:.4g}), so that dF/F means "
            "nothing; another baseline_percentile, a smaller neuropil, or leave these cells out"
        )
    return (fluorescence - baseline) / baseline


def _what_is_odd(traces: np.ndarray, cells: Sequence[str]) -> list[Note]:
    gaps = np.isnan(traces)
    notes = []
    if gaps.any():
        samples = np.flatnonzero(gaps.any(axis=1))
        words = f"{int(gaps.sum())} values are missing, in {len(samples)} of {len(traces)} samples"
        notes.append(Note("missing", words, int(gaps.sum()), tuple(map(str, samples[:PLACES]))))
    with np.errstate(invalid="ignore"):
        still = np.flatnonzero(~(np.fmax.reduce(traces) > np.fmin.reduce(traces)))
    if len(still):
        words = f"{len(still)} of {len(cells)} cells never change"
        notes.append(Note("still cells", words, len(still), tuple(cells[each] for each in still[:PLACES])))
    return notes
