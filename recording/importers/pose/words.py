"""Counted things in the sentences of notes and messages."""


def counted(count: int, noun: str) -> str:
    """A number and its noun: "1 track", "2 tracks"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def times(count: int) -> str:
    """How often: "once", "3 times"."""
    return "once" if count == 1 else f"{count} times"
