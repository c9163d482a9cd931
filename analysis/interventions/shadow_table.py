"""shadow.csv: one row per pair, state and animal; and the way back from it."""

from typing import Any

import pandas

from analysis.core.run import RunDirectory, RunDirectoryError
from analysis.interventions.shadow import TOLD, Animal, Response
from params.command import command_line
from recording.schemas import AGENT, PAIR
from recording.table import Column, Schema, number, read_table, text, whole


def _nine_digits(name: str, words: str, unit: str = "") -> Column:
    return number(name, words, unit, empty=True, form=".9g")


SHADOW = Schema(
    "shadow.csv",
    "An animal in one state of its training beside its shadows (`python -m sims.shadow --from RUN`), numbers to nine digits.",
    (
        PAIR,
        text("state", "state of training"),
        AGENT,
        _nine_digits("success", "success of the pair in the session; none without attempts"),
        whole("arrivals", "arrivals of the partner that responses are measured at"),
        _nine_digits("intact_hz", "rate of partner-driven cells at arrivals; none with too few, as the next two", "Hz"),
        _nine_digits("response_hz", "intact less blind brain", "Hz"),
        _nine_digits("direct_hz", "held less blind brain: what fibres bring directly", "Hz"),
        *(_nine_digits(name, f"what cells tell of the partner: {name.replace('_', ' ')}") for name in TOLD),
    ),
    ("pair", "state", "agent"),
)


def shadow_table(animals: list[Animal]) -> pandas.DataFrame:
    """The table; a number that does not exist is missing."""
    return SHADOW.frame(vars(each) | each.response._asdict() | each.told for each in animals)


def read_animals(run: RunDirectory) -> list[Animal]:
    """The animals of a run's table, in its order, to the nine digits that it holds.

    Raises
    ------
    UserError
        The table is not there, is not one, or is empty.
    """
    report = command_line("analysis.report", run.path)
    table = read_table(run.path / SHADOW.file, SHADOW, report)
    if table.empty:
        raise RunDirectoryError(f"{run.path / SHADOW.file}: holds no rows; {report} writes it anew")
    return [_animal(row) for row in table.to_dict("records")]


def _animal(row: dict[str, Any]) -> Animal:
    response = Response(*(row[name] for name in Response._fields))
    return Animal(row["pair"], row["state"], row["agent"], row["success"], {name: row[name] for name in TOLD}, response)
