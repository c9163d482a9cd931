"""The public sheet of dyads, read by the specification that the documentation shows: totals counted by hand-written code."""

from pathlib import Path

import pandas
import pytest

from recording.importers.note import Note
from recording.importers.outcomes.options import read_options
from recording.importers.outcomes.outcomes import read_outcomes
from tests.docs.pages import ROOT, blocks
from tests.fixtures.real_files import real

# sessions, attempts, rewarded, sessions of stage 4
RIGHT = {
    "coop010x011": (33, 26079, 1885, 16),
    "coop012x013": (33, 18206, 1191, 16),
    "coop014x015": (93, 74517, 7868, 73),
    "coop016x017": (111, 86960, 8494, 85),
    "coop020x021": (42, 22584, 1733, 4),
    "coop024x025": (80, 64539, 5690, 63),
}
UNEQUAL = {"coop016x017": 3, "coop020x021": 4, "coop024x025": 3}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> tuple[pandas.DataFrame, tuple[Note, ...]]:
    sheet = real("sessions/coop_pairs_a.xlsx")
    spec = tmp_path_factory.mktemp("spec") / "spec.toml"
    spec.write_text(blocks(ROOT / "docs/how-to/import-session-totals.md", "toml")[0], encoding="utf-8")
    return read_outcomes(Path(sheet), read_options(spec))


@pytest.mark.parametrize("name", RIGHT)
def test_totals(name: str, read: tuple[pandas.DataFrame, tuple[Note, ...]]) -> None:
    own = read[0][read[0]["name"] == name]
    assert (len(own), own["attempts"].sum(), own["correct"].sum(), own["evaluated"].sum()) == RIGHT[name]


def test_what_is_noted(read: tuple[pandas.DataFrame, tuple[Note, ...]]) -> None:
    table, notes = read
    assert table["date"].min() == "2023-04-13"
    assert {note.words.partition(":")[0]: note.count for note in notes if note.kind == "unequal corrects"} == UNEQUAL
    assert table.loc[table["divider"] == "unknown", "place"].tolist() == ["coop016x017!B108"]
    assert table.loc[table["evaluated"], "role"].value_counts().to_dict() == {"social": 174, "opaque": 54, "other": 29}
