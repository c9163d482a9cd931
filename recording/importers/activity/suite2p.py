"""suite2p: the folder plane0 with F.npy, Fneu.npy, spks.npy and iscell.npy, [cell, frame].

What needs pickle is never loaded: stat.npy, and ops.npy, which alone holds the frame rate. So a rate or times must be told.
"""

from pathlib import Path

import numpy as np

from recording.errors import ImportRefused
from recording.importers.activity.activity import Activity
from recording.importers.activity.arrays import load_npy
from recording.importers.activity.options import ActivityOptions
from recording.importers.activity.traces import activity_of, numbers
from recording.importers.note import Note

NO_TIMES = Note("no frame rate", "the folder gives no times that can be read without pickle; the frame rate must be told", 1)


def read(path: Path, options: ActivityOptions) -> Activity:
    """Traces of the chosen cells.

    Raises
    ------
    ImportRefused
        A file is missing or damaged, files differ in shape, the neuropil's share is not told, or iscell accepts no cell.
    """
    wanted = "spks" if options.signal == "deconvolved" else "F"
    traces = _load(path, wanted)
    chosen, notes = _choose(path, options, len(traces))
    if wanted == "F":
        traces, note = _less_neuropil(path, traces, options)
        notes.append(note)
        if options.signal == "dff" and options.baseline_percentile is None:
            raise ImportRefused(
                f"{path}: suite2p holds fluorescence, not dF/F; tell baseline_percentile (of F, which is F0), or take the signal "
                "fluorescence or deconvolved"
            )
    names = [str(place) for place in chosen]
    return activity_of(traces[chosen].T, options, str(path / f"{wanted}.npy"), None, names, [*notes, NO_TIMES])


def _load(path: Path, name: str) -> np.ndarray:
    file = path / f"{name}.npy"
    if not file.is_file():
        raise ImportRefused(f"{file}: is not there; suite2p writes it into plane0")
    array = numbers(load_npy(file), str(file))
    if array.ndim != 2:
        raise ImportRefused(f"{file}: has shape {list(array.shape)}; allowed: [cells, frames]")
    return array


def _less_neuropil(path: Path, traces: np.ndarray, options: ActivityOptions) -> tuple[np.ndarray, Note]:
    if options.neuropil is None:
        raise ImportRefused(
            f"{path}: how much of the neuropil is subtracted is not in it; tell neuropil (suite2p's own is 0.7; 0 for none)"
        )
    if options.neuropil == 0:
        return traces, Note("neuropil", "no neuropil is subtracted", len(traces))
    around = _load(path, "Fneu")
    if around.shape != traces.shape:
        raise ImportRefused(f"{path}: Fneu.npy has shape {list(around.shape)}; allowed: {list(traces.shape)}, as F.npy")
    words = f"{options.neuropil:g} of the neuropil's fluorescence is subtracted from every cell's"
    return traces - options.neuropil * around, Note("neuropil", words, len(traces), corrected=True)


def _choose(path: Path, options: ActivityOptions, count: int) -> tuple[np.ndarray, list[Note]]:
    """Places of the chosen cells, and a note on them."""
    if options.cells == "all":
        return np.arange(count), [Note("cells", f"all {count} regions are read, whatever iscell says", count)]
    if options.cells != "accepted":
        wrong = [each for each in options.cells if each >= count]
        if wrong or len(set(options.cells)) < len(options.cells):
            raise ImportRefused(f"{path}: cells = {list(options.cells)}; allowed: different places from 0 to {count - 1}")
        return np.array(options.cells), [Note("cells", f"{len(options.cells)} of {count} regions are read, as told", count)]
    accepted = _load(path, "iscell")
    if len(accepted) != count:
        raise ImportRefused(f"{path}: iscell.npy is of {len(accepted)} regions; allowed: {count}, as the traces")
    chosen = np.flatnonzero(accepted[:, 0] == 1)
    if not len(chosen):
        raise ImportRefused(
            f'{path}: iscell.npy accepts 0 of {count} regions as cells; curate them in suite2p, or tell cells = "all" or a list'
        )
    return chosen, [Note("cells", f"{len(chosen)} of {count} regions are cells by iscell", count)]
