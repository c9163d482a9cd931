"""Rows of a table as text."""

import csv
import io
from collections.abc import Iterable


def as_csv(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """A header and a line for each row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()
