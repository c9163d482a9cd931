"""EventLog: what happened when, as a file says, in the file's own words and on its own clock."""

from dataclasses import dataclass

import pandas

from recording.importers.note import Note

COLUMNS = ("subject", "label", "start", "stop")


@dataclass(frozen=True, eq=False)
class EventLog:
    """Events in the order of the file.

    Attributes
    ----------
    rows : DataFrame
        `COLUMNS`: subject and label are texts ("" where the file names none); start and stop are float64 in `unit`, alike for a moment.
    unit : "s", "ms", "us", "tick" or None
        Unit of start and stop; "tick" of a counter whose length must be told; None where the file does not say.
    notes : what the reader saw
    """

    rows: pandas.DataFrame
    unit: str | None
    notes: tuple[Note, ...] = ()
