"""Activity of one animal's cells, as NWB has it: dF/F and deconvolved activity by region, spikes as Units, rates as a TimeSeries."""

from typing import Any

import numpy as np
from pynwb import NWBFile, TimeSeries
from pynwb.core import DynamicTable, VectorData, VectorIndex
from pynwb.misc import Units
from pynwb.ophys import DfOverF, Fluorescence, ImageSegmentation, OpticalChannel, RoiResponseSeries

from recording.nwb.behaviour import compressed
from recording.nwb.facts import Facts
from recording.session import Session

CLASS = "cell_class"
SPIKES = "Spikes, from the start of the session; resolution is that of the numbers."
OF_CLASS = "class of the cell, as the recording names it"
CONTAINERS = {"dff": DfOverF, "deconvolved": Fluorescence}


def add_cells(file: NWBFile, session: Session, agent: int, when: dict[str, Any], facts: Facts, rates: bool) -> None:
    """Add an agent's cells to its file.

    Parameters
    ----------
    file : of that agent
    session : of which agent's cells are added
    agent : whose
    when : clock of the series
    facts : where they were imaged, and with what
    rates : whether firing rates and activations are written too; imaging and spikes always are
    """
    classes = session.classes_of(agent)
    if not classes:
        return
    if session.rates is not None:
        activity = session.rates[:, agent, : len(classes)]
        if session.signal in CONTAINERS:
            _add_imaging(file, session.signal, activity, classes, when, facts)
        elif rates:
            _add_rates(file, session.signal, activity, classes, when)
    if session.spikes is not None:
        file.units = _units(session, agent, classes)


def _add_rates(file: NWBFile, signal: str, activity: np.ndarray, classes: tuple[str, ...], when: dict[str, Any]) -> None:
    module = file.create_processing_module("cells", "Activity of the network's cells.")
    unit, words = ("Hz", "Firing rates") if signal == "rate" else ("n.a.", "Activations of hidden units")
    module.add(
        TimeSeries(name="rates", data=compressed(activity), unit=unit, description=f"{words}, a column for each cell.", **when)
    )
    names = VectorData(name=CLASS, description=OF_CLASS, data=list(classes))
    module.add(DynamicTable(name="cells", description="A row for each column of rates.", columns=[names]))


def _add_imaging(
    file: NWBFile, signal: str, activity: np.ndarray, classes: tuple[str, ...], when: dict[str, Any], facts: Facts
) -> None:
    channel = OpticalChannel(name="channel", description="not told", emission_lambda=float("nan"))
    plane = file.create_imaging_plane(
        name="plane",
        optical_channel=channel,
        description="Places of the cells in the plane are not recorded.",
        device=file.create_device("microscope"),
        excitation_lambda=float("nan"),
        indicator=facts.indicator,
        location=facts.location,
    )
    module = file.create_processing_module("ophys", "Activity of imaged cells.")
    segmentation = ImageSegmentation()
    module.add(segmentation)
    table = segmentation.create_plane_segmentation("One pixel stands for each cell.", plane, "PlaneSegmentation")
    table.add_column(name=CLASS, description=OF_CLASS)
    for place, name in enumerate(classes):
        table.add_roi(pixel_mask=[(place, 0, 1.0)], **{CLASS: name})
    region = table.create_roi_table_region("all cells", region=list(range(len(classes))))
    series = RoiResponseSeries(name=signal, data=compressed(activity), rois=region, unit="n.a.", **when)
    module.add(CONTAINERS[signal](roi_response_series=[series]))


def _units(session: Session, agent: int, classes: tuple[str, ...]) -> Units:
    assert session.spikes is not None
    own = session.spikes[session.spikes["agent"] == agent]
    order = np.argsort(own["unit"], kind="stable")
    ends = np.searchsorted(own["unit"][order], np.arange(len(classes)), side="right")
    times = VectorData(
        name="spike_times", description="times of each unit's spikes, in seconds", data=compressed(own["time"][order])
    )
    index = VectorIndex(name="spike_times_index", data=ends, target=times)
    names = VectorData(name=CLASS, description=OF_CLASS, data=list(classes))
    return Units(
        name="units",
        description=SPIKES,
        resolution=float(np.spacing(session.duration)),
        id=list(range(len(classes))),
        columns=[times, index, names],
    )
