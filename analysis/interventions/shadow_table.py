"""shadow.csv: one row per pair, state and animal; and the way back from it."""

import csv
import io
import math

from analysis.core.run import RunDirectory, RunDirectoryError
from analysis.interventions.shadow import TOLD, Animal, Response
from params.command import command_line
from recording.table import Row, TableError, number_or_nan, read_table, whole

PLACE = ("pair", "state", "agent")
NUMBERS = ("success", "arrivals", "intact_hz", "response_hz", "direct_hz", *TOLD)
COLUMNS = (*PLACE, *NUMBERS)


def as_csv(animals: list[Animal]) -> str:
    """The table as text; a number that does not exist is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in animals:
        numbers = {"success": each.success} | each.response._asdict() | each.told
        writer.writerow([each.pair, each.state, each.agent, *(_cell(numbers[name]) for name in NUMBERS)])
    return text.getvalue()


def _cell(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.9g}"


def read_animals(run: RunDirectory) -> list[Animal]:
    """The animals of a run's table, in its order, to the nine digits that it holds.

    Raises
    ------
    RunDirectoryError
        The table is not there, or is not one.
    """
    path = run.path / "shadow.csv"
    tool = command_line("analysis.report", run.path)
    try:
        rows = read_table(path, COLUMNS)
        if not rows:
            raise TableError(path, "holds no rows")
        return [_animal(row) for row in rows]
    except TableError as error:
        raise RunDirectoryError(f"{path}: is no table of shadows, or is damaged ({error.place}); {tool} writes it anew") from None
    except OSError as error:
        raise RunDirectoryError(f"{path}: cannot be read ({error.strerror}); {tool} writes it") from None


def _animal(row: Row) -> Animal:
    number = {name: number_or_nan(row, name) for name in NUMBERS}
    response = Response(whole(row, "arrivals"), *(number[name] for name in ("intact_hz", "response_hz", "direct_hz")))
    told = {name: number[name] for name in TOLD}
    return Animal(whole(row, "pair"), row["state"], whole(row, "agent"), number["success"], told, response)
