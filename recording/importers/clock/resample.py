"""Resampling: traces brought from their own time stamps onto the times of another clock, by time and never by index."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from recording.errors import ImportRefused
from recording.importers.clock.frames import rising
from recording.importers.note import Note


@dataclass(frozen=True, eq=False)
class Resampled:
    """Traces on another clock.

    Attributes
    ----------
    traces : float64 [time, trace]
        NaN outside the source and across gaps.
    outside, across : int64 [trace]
        How many values are NaN because they lie outside the source, and because they lie in a gap.
    notes : on both
    """

    traces: np.ndarray
    outside: np.ndarray
    across: np.ndarray
    notes: tuple[Note, ...]


def resample(
    traces: np.ndarray,
    time_s: np.ndarray,
    onto_s: np.ndarray,
    longest_gap_s: float,
    how: Literal["linear", "previous"] = "linear",
) -> Resampled:
    """Values of traces at other times.

    A time between two samples gets their linear interpolation, or the earlier one; the time of a sample gets that sample. A NaN is no
    sample: the samples around it are neighbours, as far as `longest_gap_s` allows.

    Parameters
    ----------
    traces : float64 [sample, trace] or [sample]
    time_s : float64 [sample], rising
    onto_s : float64 [time]
    longest_gap_s : longest time between two samples that is bridged
    how : "linear" or "previous"

    Raises
    ------
    ImportRefused
        If times do not rise, or are not one for each sample.
    """
    values = np.asarray(traces, dtype=np.float64)
    values = values[:, None] if values.ndim == 1 else values
    source, onto = rising(time_s, "times of the traces", 1), np.asarray(onto_s, dtype=np.float64)
    if len(source) != len(values):
        raise ImportRefused(f"traces have {len(values)} samples and {len(source)} times; each sample needs its own time")
    found = np.full((len(onto), values.shape[1]), np.nan)
    outside, across = np.zeros(values.shape[1], dtype=np.int64), np.zeros(values.shape[1], dtype=np.int64)
    for trace in range(values.shape[1]):
        valid = np.isfinite(values[:, trace])
        found[:, trace], beyond, bridged = _one(values[valid, trace], source[valid], onto, longest_gap_s, how)
        outside[trace], across[trace] = beyond.sum(), bridged.sum()
    return Resampled(found, outside, across, _notes(outside, across, found.size, longest_gap_s))


def _one(
    values: np.ndarray, source: np.ndarray, onto: np.ndarray, longest_gap_s: float, how: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One trace at other times, and which of them lie outside it and in a gap."""
    if not len(source):
        return np.full(len(onto), np.nan), np.ones(len(onto), dtype=bool), np.zeros(len(onto), dtype=bool)
    outside = ~((onto >= source[0]) & (onto <= source[-1]))
    before = np.clip(np.searchsorted(source, onto, side="right") - 1, 0, len(source) - 1)
    after = np.minimum(before + 1, len(source) - 1)
    exact = source[before] == onto
    across = ~outside & ~exact & (source[after] - source[before] > longest_gap_s)
    found = np.interp(onto, source, values) if how == "linear" else values[before]
    return np.where(outside | across, np.nan, np.where(exact, values[before], found)), outside, across


def _notes(outside: np.ndarray, across: np.ndarray, size: int, longest_gap_s: float) -> tuple[Note, ...]:
    """Notes on what could not be given a value."""
    notes = []
    if outside.any():
        words = f"{outside.sum()} of {size} values lie before the first or after the last sample of their trace; they are missing"
        notes.append(Note("outside the recording", words, int(outside.sum())))
    if across.any():
        words = f"{across.sum()} of {size} values lie in gaps longer than {longest_gap_s:g} s; they are missing"
        notes.append(Note("gap", words, int(across.sum())))
    return tuple(notes)
