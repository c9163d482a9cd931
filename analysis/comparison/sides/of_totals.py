"""A side from session totals: a directory with outcomes.csv, as `python -m recording.import_outcomes` makes it."""

from pathlib import Path

import pandas

from analysis.comparison.sides.side import OPAQUE, OTHER, SOCIAL, TOTALS, Side
from analysis.core.run import RunDirectoryError
from analysis.core.units import SECONDS
from analysis.neural.table import NEURAL
from recording.schemas import OUTCOMES
from recording.table import read_table

NO_TIMES = "session totals hold no times of pokes"
LACKS = {
    "pokes": f"{NO_TIMES}; sessions behind the opaque divider are their chance",
    "behaviour": "session totals hold no positions",
    "cells": "session totals hold no activity",
}


def side_of_totals(path: Path, name: str) -> Side:
    """A side from outcomes.csv. Training are the social sessions that are evaluated: those of one task and one window.

    Raises
    ------
    UserError
        The table is damaged or holds no session that is evaluated.
    """
    table = read_table(path / OUTCOMES.file, OUTCOMES, "python -m recording.import_outcomes")
    if not table["evaluated"].any():
        raise RunDirectoryError(f"{path / OUTCOMES.file}: no session is evaluated; see the key of that name in the specification")
    _refuse_impossible(path / OUTCOMES.file, table)
    sessions = table.assign(
        success=(table["correct"] / table["attempts"].where(table["attempts"] > 0)),
        chance=float("nan"),
        training=table["evaluated"],
    ).sort_values(["pair", "session"], kind="stable", ignore_index=True)
    names = sessions.drop_duplicates("pair").set_index("pair")["name"].to_dict()
    return Side(name, TOTALS, path, SECONDS, sessions, names, NEURAL.frame([]), lacks=dict(LACKS), notes=_notes(sessions))


def _refuse_impossible(file: Path, table: pandas.DataFrame) -> None:
    """Raise RunDirectoryError if a table that was edited by hand says what no session can be."""
    for row in table.itertuples():
        at = f"{file}: pair {row.name}, session {row.session}"
        if row.role not in (SOCIAL, OPAQUE, OTHER):
            raise RunDirectoryError(f"{at}: role = {row.role}; allowed: {SOCIAL}, {OPAQUE}, {OTHER}")
        if not 0 <= row.correct <= row.attempts:
            raise RunDirectoryError(f"{at}: {row.correct} corrects of {row.attempts} attempts; allowed: 0 to as many")


def _notes(sessions: pandas.DataFrame) -> tuple[str, ...]:
    said = ["an attempt is what the laboratory counted as one: compare ratios and changes rather than levels of success"]
    other = sessions[sessions["evaluated"] & (sessions["role"] == OTHER)]
    if len(other):
        dividers = ", ".join(sorted(set(other["divider"])))
        said.append(f"{len(other)} evaluated sessions count neither as social nor as opaque (divider: {dividers})")
    alone = [name for name, own in sessions[sessions["evaluated"]].groupby("name") if OPAQUE not in set(own["role"])]
    if alone:
        said.append(f"no opaque session, and so no ratio: {', '.join(alone)}")
    return tuple(said)
