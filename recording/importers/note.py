"""A note: what a reader or a check saw in a file, for the import report."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """Something that a person should know before trusting an import.

    kind: what was seen, in a word or two ("missing", "jump", "cut line"). words: one sentence, with the file's own names and numbers.
    count: how often. places: the first few frames, rows or times, as text. corrected: whether values were changed because of it.
    """

    kind: str
    words: str
    count: int
    places: tuple[str, ...] = ()
    corrected: bool = False
