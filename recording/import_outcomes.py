"""Import a sheet of session totals as a table: `python -m recording.import_outcomes SPEC.toml -o DIR`; --draft SHEET drafts SPEC.toml."""

import hashlib
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from params.command import Parser, guarded
from params.errors import ParameterError, UserError
from recording.atomic import write_text
from recording.importers.note import Note
from recording.importers.outcomes.draft import draft
from recording.importers.outcomes.options import OutcomeOptions, read_options
from recording.importers.outcomes.outcomes import read_outcomes
from recording.schemas import OUTCOMES
from recording.table import write_table

FACTS = "outcomes.json"


def import_outcomes(spec: Path, directory: Path) -> Path:
    """Read the sheet that a specification names and write outcomes.csv and outcomes.json; returns the table.

    Raises
    ------
    UserError
        The specification or the sheet cannot be read as what it must be, the directory is a run or cannot be written.
    """
    if (directory / "run.json").exists():
        raise UserError(f"{directory}: is a run; -o names a directory of the table's own")
    options = read_options(spec)
    path = spec.parent / options.sheet.file
    table, notes = read_outcomes(path, options)
    write_text(directory / FACTS, json.dumps(_facts(path, options, notes), indent=1, ensure_ascii=False) + "\n")
    write_table(directory / OUTCOMES.file, table, OUTCOMES)
    for note in notes:
        print(f"{note.words}: {note.count} ({', '.join(note.places)}{', ...' if note.count > len(note.places) else ''})")
    return directory / OUTCOMES.file


def _facts(path: Path, options: OutcomeOptions, notes: tuple[Note, ...]) -> dict[str, Any]:
    """Where the table comes from, how it was read and what was seen."""
    return {
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "options": options.model_dump(mode="json"),
        "notes": [asdict(note) for note in notes],
    }


def write_draft(sheet: Path, out: Path | None) -> str:
    """Write a draft beside nothing that is there already, or return its text if there is no place for it.

    Raises
    ------
    UserError
        The sheet cannot be read, or the file is there already or cannot be written.
    """
    text = draft(sheet)
    if out is None:
        return text
    if out.exists():
        raise UserError(f"{out}: is there already; -o names a new file for the draft")
    write_text(out, text)
    return f"{out}"


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code, as of `guarded`."""
    parser = Parser(prog="python -m recording.import_outcomes", description="Import a sheet of session totals as a table.")
    parser.add_argument("spec", type=Path, nargs="?", metavar="SPEC.toml", help="tells how the sheet is read")
    parser.add_argument("--draft", type=Path, metavar="SHEET", help="write a draft of SPEC.toml for this sheet")
    parser.add_argument(
        "-o", "--out", type=Path, metavar="DIR", help="directory of the table; of a draft its file (default: print it)"
    )

    def command() -> None:
        chosen = parser.parse_args(arguments)
        if (chosen.spec is None) == (chosen.draft is None):
            raise ParameterError("give SPEC.toml, or --draft SHEET; see python -m recording.import_outcomes --help")
        if chosen.draft is None and chosen.out is None:
            raise ParameterError("-o DIR is missing: where the table is written")
        print(write_draft(chosen.draft, chosen.out) if chosen.draft else import_outcomes(chosen.spec, chosen.out), flush=True)

    return guarded(command, kept="nothing was written")


if __name__ == "__main__":
    sys.exit(main())
