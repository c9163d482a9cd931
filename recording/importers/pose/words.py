"""Counted things and lists in the sentences of notes and messages."""

from collections.abc import Sequence

LISTED = 20


def counted(count: int, noun: str) -> str:
    """A number and its noun: "1 track", "2 tracks"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def times(count: int) -> str:
    """How often: "once", "3 times"."""
    return "once" if count == 1 else f"{count} times"


def listed(names: Sequence[str]) -> str:
    """Names with commas, the first 20 of many."""
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more
