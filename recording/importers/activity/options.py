"""ActivityOptions: what a file of activity does not say itself."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from params.schema.table import Table

Text = Annotated[str, Field(min_length=1)]
CellList = Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(strict=False, min_length=1)]  # TOML gives lists
Format = Literal["suite2p", "arrays", "nwb"]
Signal = Literal["dff", "fluorescence", "deconvolved", "spikes"]

# format -> the options that mean something to it, beside signal and baseline_percentile
TAKEN: Mapping[str, tuple[str, ...]] = {
    "suite2p": ("neuropil", "cells"),
    "arrays": ("variable", "samples", "times", "time_unit"),
    "nwb": ("series",),
}
SIGNALS: Mapping[str, tuple[str, ...]] = {
    "suite2p": ("dff", "fluorescence", "deconvolved"),
    "arrays": ("dff", "fluorescence", "deconvolved"),
    "nwb": ("dff", "fluorescence", "deconvolved", "spikes"),
}


class ActivityOptions(Table):
    """How to read a file of activity; an option that its format has no use for is refused.

    Attributes
    ----------
    format : of the file
        "suite2p" is a folder plane0; "arrays" is a .npy, .mat or .csv of traces.
    signal : what is wanted of it
        dff: as the file holds it, or from its fluorescence with `baseline_percentile`.
    baseline_percentile : percentile of a cell's fluorescence over the whole recording that is F0 in dF/F = (F - F0) / F0
    neuropil : what share of the neuropil's fluorescence suite2p's F contains; F less so much of Fneu is read
    cells : of suite2p: those that iscell accepts, all, or a list of places from 0
    variable : of a .mat file that holds several
    samples : "rows" or "columns": which of them are the samples of a two-dimensional array
    times : a file beside it with the time of every sample; of a .csv, a column of it
    time_unit : of `times`
    series : name of the series of an NWB file that holds several
    """

    format: Format
    signal: Signal
    baseline_percentile: Annotated[float, Field(ge=0, le=100)] | None = None
    neuropil: Annotated[float, Field(ge=0, le=2)] | None = None
    cells: Literal["accepted", "all"] | CellList = "accepted"
    variable: Text | None = None
    samples: Literal["rows", "columns"] | None = None
    times: Text | None = None
    time_unit: Literal["s", "ms", "us"] | None = None
    series: Text | None = None

    @model_validator(mode="after")
    def _only_what_is_taken(self) -> Self:
        taken, signals = TAKEN[self.format], SIGNALS[self.format]
        unused = sorted(self.model_fields_set - {"format", "signal", "baseline_percentile", *taken})
        if unused:
            raise ValueError(f"{unused[0]} means nothing to the format {self.format}; its options: {', '.join(taken)}")
        if self.signal not in signals:
            raise ValueError(f'signal = "{self.signal}" is not in the format {self.format}; allowed: {", ".join(signals)}')
        if self.baseline_percentile is not None and self.signal != "dff":
            raise ValueError(f'baseline_percentile is of signal = "dff", not "{self.signal}"; leave it out')
        if (self.times is None) != (self.time_unit is None):
            raise ValueError("times and time_unit go together: the times of the samples, and s, ms or us")
        return self
