"""What was seen in a sheet of totals, collected while it is read: how often, and the first places."""

from recording.importers.note import Note

SHOWN = 5


class Notes:
    """Counts what is seen, by kind and words."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, bool], list[str]] = {}

    def see(self, kind: str, words: str, place: str, corrected: bool = False) -> None:
        """Count one more of what a kind of note and its words say."""
        self._seen.setdefault((kind, words, corrected), []).append(place)

    def all(self) -> tuple[Note, ...]:
        """The notes, in the order in which each was first seen."""
        return tuple(
            Note(kind, words, len(places), tuple(places[:SHOWN]), corrected)
            for (kind, words, corrected), places in self._seen.items()
        )
