"""What may come of playing a point."""

from enum import StrEnum

from params.errors import UserError


class Outcome(StrEnum):
    """What came of an attempt."""

    DONE = "done"
    FAILED = "failed"
    PARKED = "parked"  # it has failed too often, and was not tried
    BUSY = "busy"  # another process is at it


class MachineFault(UserError):
    """This machine cannot do any point's work, such as with a full disk. The point is not to blame."""
