"""The one session format: what it holds, how it is checked, how it is kept on disk. Every writer and reader goes through here."""

import acc_cooperation  # noqa: F401  refuses a file of the user's that hides a package of the project
from recording.errors import RecordingError
from recording.session import EVENT_KINDS, Session, event_table, events_from_steps, side_by_side, spike_table
from recording.store import holds_rates, holds_spikes, read_session, write_session
from recording.validate import validate

__all__ = [
    "EVENT_KINDS",
    "RecordingError",
    "Session",
    "event_table",
    "events_from_steps",
    "holds_rates",
    "holds_spikes",
    "read_session",
    "side_by_side",
    "spike_table",
    "validate",
    "write_session",
]
