"""A commented draft of the TOML that tells how a sheet of totals is read: what was found in it, and what must be filled in."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from recording.errors import ImportRefused
from recording.importers.outcomes.book import Cell, Sheet, read_sheets
from recording.importers.outcomes.cells import words_of

HEADINGS = {  # in the order in which columns are taken
    "date": r"\bdate",
    "divider": r"barrier|divider|partition|screen",
    "correct": r"^(?!.*(percent|%|rate|share|ratio)).*(reward|correct|success)",
    "attempts": r"^(?!.*(percent|%|rate|share|ratio)).*(trial|attempt)",
    "stage": r"stage|phase",
    "pair": r"^pair|dyad",
    "session": r"^session",
}
SEARCHED = 50  # rows in which headings are looked for
BESIDE = 30  # rows beside a table that the draft shows of each sheet
DIVIDERS = "open, perforated, transparent_perforated, transparent or opaque"


@dataclass(frozen=True)
class Seen:
    """A sheet with a table: place of its row of headings, and the columns of each of `HEADINGS`."""

    sheet: Sheet
    header: int
    columns: dict[str, list[int]]

    def heads(self, name: str) -> list[str]:
        """Headings of a column, as the sheet spells them."""
        return [" ".join(str(self.sheet.rows[self.header][at].value).split()) for at in self.columns[name]]

    def words(self, name: str) -> list[str]:
        """What the cells of a column say."""
        rows = self.sheet.rows[self.header + 1 :]
        return [words_of(row[at]) for row in rows for at in self.columns[name] if row[at].value is not None]


def draft(path: Path) -> str:
    """Text of the draft; it is refused as a specification until what it asks for is filled in.

    Raises
    ------
    ImportRefused
        The file cannot be read, or no row of it looks like headings.
    """
    separator = _separator(path)
    sheets = read_sheets(path, [], separator)
    seen = [found for sheet in sheets if (found := _seen(sheet)) is not None]
    if not seen:
        raise ImportRefused(f"{path}: no row has a heading for the date and one for attempts; there is nothing to draft from")
    rows = {each.header + 1 for each in seen}
    named = "" if len(seen) == len(sheets) else f"sheets = [{', '.join(_quoted(each.sheet.name) for each in seen)}]"
    return "\n".join(
        [
            f"# Draft for {path.name}. Fill in what is empty; check the rest. Docs: docs/how-to/import-session-totals.md",
            f"social = []  # dividers through which two animals are held to cooperate, of {DIVIDERS}; not opaque",
            "evaluated = []  # phases (see stages) whose sessions decide success and the social/opaque ratio",
            '# unequal = ""  # where two columns of corrects differ: "first", "lower" or "drop" the session',
            "",
            "[sheet]",
            f"file = {_quoted(str(path.resolve()))}",
            *([named] if named else []),
            f"header_row = {min(rows)}" + (f"  # rows {sorted(rows)}: a file for each" if len(rows) > 1 else ""),
            *([f"separator = {_quoted(separator)}"] if separator != "," else []),
            '# date_order = ""  # of dates that are text and do not start with the year: "day first" or "month first"',
            f"skip = {_listed(_no_counts(seen))}  # words in place of counts: days without a session",
            '# counted = ""  # a row that says such a word and has counts: "keep" or "drop"',
            "",
            *_of_columns(seen),
            *_of_dividers(seen),
            *_of_stages(seen),
            *(line for each in seen for line in _beside(each)),
            "",
        ]
    )


def _separator(path: Path) -> str:
    """The one that parts a csv into most columns."""
    if path.suffix.lower() not in (".csv", ".txt"):
        return ","
    widths = {each: max((len(row) for row in read_sheets(path, [], each)[0].rows), default=0) for each in (",", ";", "\t")}
    return max(widths, key=lambda each: widths[each])


def _seen(sheet: Sheet) -> Seen | None:
    for header, row in enumerate(sheet.rows[:SEARCHED]):
        columns = _columns(row)
        if columns["date"] and columns["attempts"]:
            return Seen(sheet, header, columns)
    return None


def _columns(row: list[Cell]) -> dict[str, list[int]]:
    taken: set[int] = set()
    found: dict[str, list[int]] = {}
    for name, pattern in HEADINGS.items():
        here = [at for at, cell in enumerate(row) if at not in taken and re.search(pattern, words_of(cell))]
        found[name] = here[: 2 if name == "correct" else 1]
        taken |= set(found[name])
    return found


def _no_counts(seen: list[Seen]) -> list[str]:
    """Words that stand in place of attempts or corrects, or for a divider where the attempts are empty."""
    words: list[str] = []
    for each in seen:
        words += [word for name in ("attempts", "correct") for word in each.words(name)]
        attempts, dividers = each.columns["attempts"][0], each.columns["divider"]
        rows = [
            row
            for row in each.sheet.rows[each.header + 1 :]
            if row[attempts].value is None and row[each.columns["date"][0]].value
        ]
        words += [words_of(row[at]) for row in rows for at in dividers if row[at].value is not None]
    return [word for word in dict.fromkeys(words) if not re.search(r"\d", word)]


def _of_columns(seen: list[Seen]) -> list[str]:
    lines = ["[columns]  # headings as found; * stands for anything"]
    for name in ("date", "stage", "divider", "attempts", "correct", "pair", "session"):
        heads = list(dict.fromkeys(head for each in seen for head in each.heads(name)))
        optional = name in ("stage", "pair", "session")
        lines.append(f"{'# ' if optional and not heads else ''}{name} = {_listed(heads)}")
    return [*lines, ""]


def _of_dividers(seen: list[Seen]) -> list[str]:
    skipped = _no_counts(seen)
    counts = Counter(word for each in seen for word in each.words("divider") if word not in skipped)
    lines = [f'{_quoted(word)} = ""  # in {count} rows' for word, count in counts.most_common()]
    return [f"[dividers]  # each is {DIVIDERS}", *lines, ""]


def _of_stages(seen: list[Seen]) -> list[str]:
    skipped = _no_counts(seen)
    words = dict.fromkeys(word for each in seen for word in each.words("stage") if word not in skipped)
    lines = []
    for word in sorted(words) or [""]:
        rows = sum(each.words("stage").count(word) for each in seen)
        lines += ["[[stages]]", *([f"says = {_quoted(word)}  # in {rows} rows"] if word else [])]
        lines += ['phase = ""  # its name, such as coop_3', 'window = ""  # of the rule, such as 0.5 s']
        lines += [
            '# duration = ""  # of a session, if known, such as 60 min',
            "# sheets = []  # where this holds, everywhere unless said",
            "",
        ]
    return lines


def _beside(seen: Seen) -> list[str]:
    """What stands to the right of a table, which may say the window of each stage."""
    head = [cell.value is not None for cell in seen.sheet.rows[seen.header]] + [False]
    last = head.index(False, max(at for places in seen.columns.values() for at in places))
    lines = []
    for row in seen.sheet.rows:
        cells = [cell for cell in row[last:] if cell.value is not None]
        if len(cells) > 2:
            said = "; ".join(words_of(cell)[:40] for cell in cells)
            lines.append(f"# {cells[0].at}: {said}".translate({13: " ", 10: " ", 127: " "}))
    return [f"# Beside the table of {seen.sheet.name}:", *lines[:BESIDE]] if lines else []


def _listed(words: list[str]) -> str:
    return f"[{', '.join(map(_quoted, words))}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
