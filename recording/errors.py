"""The error of a recording that breaks the format: one line with file, field, value and what is allowed."""

from params.errors import UserError


class RecordingError(UserError):
    """A recording that is missing something, holds what the format forbids, or cannot be read."""


def require(condition: object, message: str) -> None:
    """Refuse a recording that does not meet a condition.

    Raises
    ------
    RecordingError
        With the message, if it does not.
    """
    if not condition:
        raise RecordingError(message)


class ImportRefused(RecordingError):
    """A laboratory's file that cannot be imported as asked: one line that says what was found and what to do."""
