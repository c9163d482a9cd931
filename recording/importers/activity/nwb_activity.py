"""NWB: series of regions of interest (RoiResponseSeries) and sorted Units, through pynwb."""

import warnings
from pathlib import Path

import numpy as np
import pynwb
from pynwb.ophys import DfOverF, Fluorescence, RoiResponseSeries

from recording import hdf5
from recording.errors import ImportRefused
from recording.importers.activity.activity import Activity
from recording.importers.activity.options import ActivityOptions
from recording.importers.activity.traces import activity_of, numbers, times
from recording.importers.note import Note

UNITLESS = ("n.a.", "a.u.", "au", "n/a", "na", "none", "", "ratio", "dimensionless", "fluorescence", "lumens")
PLACES = 5  # that a note names


def read(path: Path, options: ActivityOptions) -> Activity:
    """One series of all its cells, in the numbers that it stands for (conversion and offset applied); or the spikes of all units.

    Raises
    ------
    ImportRefused
        pynwb cannot read it; there is no such series, or several and none is told; its times do not increase.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of versions of extensions kept in the file
        try:
            with hdf5.opened(path) as file, pynwb.NWBHDF5IO(file=file, mode="r", load_namespaces=True) as io:
                file = io.read()
                return _spikes(path, file) if options.signal == "spikes" else _traces(path, file, options)
        except ImportRefused:
            raise
        except Exception as error:  # a damaged file raises anything
            raise ImportRefused(f"{path}: cannot be read as NWB ({' '.join(str(error).split())[:120]})") from None


def _spikes(path: Path, file: pynwb.NWBFile) -> Activity:
    units = file.units
    if units is None or "spike_times" not in units.colnames or not len(units):
        raise ImportRefused(f"{path}: holds no Units with spike times; take another signal, or the file of the sorted spikes")
    trains = tuple(np.asarray(units.get_unit_spike_times(each), np.float64) for each in range(len(units)))
    names = tuple(str(each) for each in units.id[:])
    for name, train in zip(names, trains, strict=True):
        if not np.isfinite(train).all():
            raise ImportRefused(f"{path}: unit {name} has spikes at times that are not finite; allowed: seconds")
    unsorted = [name for name, train in zip(names, trains, strict=True) if (np.diff(train) < 0).any()]
    notes = [*_subject(file), *_silent(names, trains)]
    if unsorted:
        words = f"spikes of {len(unsorted)} units are not in order of time; sorted"
        notes.append(Note("unsorted spikes", words, len(unsorted), tuple(unsorted[:PLACES]), corrected=True))
    return Activity("spikes", None, None, tuple(map(np.sort, trains)), names, tuple(notes))


def _silent(names: tuple[str, ...], trains: tuple[np.ndarray, ...]) -> list[Note]:
    silent = [name for name, train in zip(names, trains, strict=True) if not len(train)]
    return [Note("silent units", f"{len(silent)} units have no spike", len(silent), tuple(silent[:PLACES]))] if silent else []


def _traces(path: Path, file: pynwb.NWBFile, options: ActivityOptions) -> Activity:
    series = _chosen(path, file, options)
    where = f"{path}: {series.name}"
    data = numbers(np.asarray(series.data[:]), where)
    data = data[:, None] if data.ndim == 1 else data
    names = [str(series.rois.table.id[int(row)]) for row in series.rois.data[:]]
    if data.ndim != 2 or data.shape[1] != len(names):
        raise ImportRefused(f"{where} has shape {list(data.shape)} for {len(names)} regions; allowed: [samples, {len(names)}]")
    time_s, notes = _times(series, where, len(data))
    scaled = series.conversion != 1 or series.offset != 0
    if scaled:
        words = f"{series.name} is multiplied by its conversion, {series.conversion:g}, and shifted by {series.offset:g}"
        notes.append(Note("conversion", words, data.shape[1], corrected=True))
    if str(series.unit).strip().lower() not in UNITLESS:
        notes.append(Note("unit", f"{series.name} is in {series.unit}; taken as {options.signal}", 1))
    traces = data * series.conversion + series.offset
    return activity_of(traces, options, where, time_s, names, [*notes, *_subject(file)])


def _chosen(path: Path, file: pynwb.NWBFile, options: ActivityOptions) -> RoiResponseSeries:
    """The series that is told, or the only one that holds what is wanted."""
    found = [each for each in file.objects.values() if isinstance(each, RoiResponseSeries)]
    every = sorted(found, key=lambda each: (str(each.parent.name), str(each.name)))
    listed = ", ".join(f"{each.parent.name}/{each.name}" for each in every) or "none"
    wanted = [each for each in every if each.name == options.series] if options.series else _holding(every, options)
    if len(wanted) != 1:
        told = f"series = {options.series!r}" if options.series else f"signal = {options.signal!r}"
        what = "several series fit" if wanted else "no series fits"
        raise ImportRefused(f"{path}: {told}: {what}; it holds {listed}; tell series, or another signal")
    (series,) = wanted
    computed = options.baseline_percentile is not None
    if options.signal == "dff" and isinstance(series.parent, Fluorescence) and not computed:
        raise ImportRefused(f"{path}: {series.name} is fluorescence: tell baseline_percentile")
    if computed and isinstance(series.parent, DfOverF):
        raise ImportRefused(f"{path}: {series.name} is dF/F already: leave baseline_percentile out")
    return series


def _holding(every: list[RoiResponseSeries], options: ActivityOptions) -> list[RoiResponseSeries]:
    """Series that hold what is wanted, by the container they are in and, of deconvolved activity, their name."""
    if options.signal == "deconvolved":
        return [each for each in every if "deconvolved" in each.name.lower()]
    computed = options.signal == "dff" and options.baseline_percentile is None
    container = DfOverF if computed else Fluorescence
    return [each for each in every if isinstance(each.parent, container) and "deconvolved" not in each.name.lower()]


def _times(series: RoiResponseSeries, where: str, count: int) -> tuple[np.ndarray | None, list[Note]]:
    """Times of the samples; None where they are numbers of frames in a field of seconds."""
    if series.rate is not None:
        if not series.rate > 0 or not np.isfinite(series.rate):
            raise ImportRefused(f"{where} has the rate {series.rate:g} Hz; allowed: above 0")
        return (series.starting_time or 0.0) + np.arange(count) / series.rate, []
    time = times(np.asarray(series.timestamps[:]), f"{where}: timestamps", count)
    if (time == np.round(time)).all() and count > 1 and np.median(np.diff(time)) == 1:
        words = f"times are {time[0]:g}, {time[1]:g} ... {time[-1]:g} in a field of seconds, which would be 1 Hz: taken as frames"
        return None, [Note("frame numbers as times", f"{words}; the frame rate must be told", count, corrected=True)]
    return time, []


def _subject(file: pynwb.NWBFile) -> list[Note]:
    name = (file.subject.subject_id or "").strip() if file.subject else ""
    return [] if name else [Note("no subject", "the file does not say which animal it is of", 1)]
