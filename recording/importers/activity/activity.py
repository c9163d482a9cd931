"""Activity: what the cells of one animal did, as a file says, on the file's own clock."""

from dataclasses import dataclass

import numpy as np

from recording.importers.note import Note


@dataclass(frozen=True, eq=False)
class Activity:
    """Traces or spikes of one animal's cells.

    Attributes
    ----------
    signal : "dff", "fluorescence", "deconvolved" or "spikes"
    traces : float64 [sample, cell] or None
        NaN where a sample is missing; None of spikes.
    time_s : float64 [sample] or None
        Times that the file itself gives; None where it gives none.
    spikes_s : one float64 array for each cell, or None
        Times of its spikes, of signal "spikes" alone.
    cells : names, in the order of the axis
    notes : what the reader saw
    """

    signal: str
    traces: np.ndarray | None
    time_s: np.ndarray | None
    spikes_s: tuple[np.ndarray, ...] | None
    cells: tuple[str, ...]
    notes: tuple[Note, ...] = ()
