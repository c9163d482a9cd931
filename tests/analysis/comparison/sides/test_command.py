"""The command line on runs, session totals and published numbers: what it writes, and every refusal in one line."""

import re
import shutil
from pathlib import Path

import pytest

from analysis.compare import main
from analysis.comparison.sides.compared import compare_sides
from analysis.comparison.sides.read import read_sides
from analysis.comparison.sides.side import MICE, OPAQUE, SOCIAL, TOTALS
from analysis.comparison.sides.tables import DISTANCES, SIDES, VALUES
from analysis.plots.sides import lags_figure
from recording.schemas import OUTCOMES
from recording.table import read_table
from tests.fixtures.figures import undrawn
from tests.fixtures.sides import totals_row, write_totals
from tests.fixtures.synthetic import write_synthetic_run

MANY = (
    "schedule.session=2 min",
    "schedule.pretraining.sessions=0",
    "schedule.coop_3s.sessions=0",
    "schedule.coop_150s.sessions=0",
    "schedule.coop_075s.sessions=2",
)
ROWS = [
    totals_row(pair, number, role, 10 * (pair + 1) if role == SOCIAL else 5)
    for pair in range(6)
    for number, role in enumerate((SOCIAL, SOCIAL, OPAQUE, "other"))
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pairs of mice without a report."""
    return write_synthetic_run(tmp_path_factory.mktemp("mice") / "run", 3, overrides=MANY)


@pytest.fixture(scope="module")
def totals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_totals(tmp_path_factory.mktemp("lab") / "dyads", ROWS)


def test_a_run_beside_session_totals_and_published_numbers(run: Path, totals: Path, tmp_path: Path) -> None:
    with undrawn():
        assert main([str(run), str(totals), "--published", "--out", str(tmp_path)]) == 0
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {"compare.html", SIDES.file, DISTANCES.file, VALUES.file}
    page = re.sub(r"base64,[^\"]*", "", (tmp_path / "compare.html").read_text())
    assert "has no learning.csv: measured here from its recordings" in page
    assert (
        "dyads: session totals hold no times of pokes; sessions behind the opaque divider are their chance. Not compared:" in page
    )
    assert "Pairs of dyads" in page
    assert "coop4ports" in page
    assert not re.search(r"\bnan\b", page.split("How it was measured")[0], re.IGNORECASE)
    sides = read_table(tmp_path / SIDES.file, SIDES).set_index(["measure", "side"])
    assert sides.loc[("success_social", "dyads"), "value"] == pytest.approx(0.35)
    assert sides.loc[("success_opaque", "dyads"), "value"] == pytest.approx(0.05)
    assert sides.loc[("social_opaque_ratio", "dyads"), ["value", "n"]].tolist() == [pytest.approx(7.0), 6]


def test_figures_are_drawn(totals: Path, tmp_path: Path) -> None:
    """Of two sides without pokes, and so without lags."""
    other = write_totals(tmp_path / "other", ROWS)
    assert main([str(totals), str(other), "--out", str(tmp_path / "out")]) == 0
    drawn = {path.name for path in (tmp_path / "out" / "figures").iterdir()}
    assert drawn == {f"sides_{name}.{kind}" for name in ("learning", "values") for kind in ("png", "svg")}
    apart = read_table(tmp_path / "out" / DISTANCES.file, DISTANCES)
    measured = apart[apart["value"].notna()]
    assert len(measured)
    assert (measured["value"] == 0).all()


def test_lags_are_drawn_on_a_clock_each(run: Path) -> None:
    found = compare_sides(read_sides([run]), lambda line: None)
    axes = lags_figure(found).axes[0]
    assert axes.get_xlabel() == "lag to the partner's nearest poke (s)"
    assert found.lags[0].shape[0] == 3


def test_sides_have_kinds_and_names_of_their_own(run: Path, totals: Path, tmp_path: Path) -> None:
    twin = tmp_path / "other" / "dyads"
    shutil.copytree(totals, twin)
    sides = read_sides([run, totals, twin])
    assert [each.kind for each in sides] == [MICE, TOTALS, TOTALS]
    assert [each.name for each in sides] == [f"{path.parent.name}/{path.name}" for path in (run, totals, twin)]


def test_roles_of_a_run(run: Path) -> None:
    sessions = read_sides([run])[0].sessions
    first = sessions[sessions["pair"] == 0]
    assert first["role"].tolist() == [SOCIAL, SOCIAL, SOCIAL, OPAQUE]
    assert first["training"].tolist() == [True, True, False, False]
    assert first["evaluated"].tolist() == [False, False, True, True]


def test_one_run_with_published_numbers_only(run: Path, tmp_path: Path) -> None:
    with undrawn():
        assert main([str(run), "--published", "--out", str(tmp_path)]) == 0
    assert "Beside published numbers" in (tmp_path / "compare.html").read_text()


def refused(arguments: list[str], out: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that the command must print before it exits with 2, and it writes nothing."""
    capsys.readouterr()
    assert main([*arguments, "--out", str(out)]) == 2
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1, err
    assert not out.exists()
    return err


REFUSED = {
    "one alone": (("totals",), "one directory only; give another, or --published"),
    "twice": (("totals", "totals"), "is given twice"),
    "nowhere": (("totals", "nowhere"), "no such run directory"),
    "empty": (("totals", "empty"), "is this a run directory?"),
    "a file": (("totals", "file"), "no such run directory"),
    "ablation": (("totals", "run", "--ablation-acc", "run"), "belong to a run of model mice and one of agents"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_bad_arguments_are_one_line(
    kind: str, run: Path, totals: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    chosen, words = REFUSED[kind]
    places = {"run": run, "totals": totals}
    assert words in refused(
        [str(places.get(each, each if each[0] == "-" else tmp_path / each)) for each in chosen], tmp_path / "out", capsys
    )


HEAD = ",".join(OUTCOMES.names)
JUNK = {
    "empty": (b"", "has no column pair"),
    "binary": (bytes(range(256)) * 9, "is no text in UTF-8"),
    "cut": (f"{HEAD}\n0,m0,0,2023-01".encode(), "line 2: has 4 cells, and the table 14 columns"),
    "no evaluated": (f"{HEAD}\n0,m0,0,2023-01-01,coop,0.5,open,social,0,10,1,,,B2\n".encode(), "no session is evaluated"),
    "text": (f"{HEAD}\n0,m0,0,2023-01-01,coop,0.5,open,social,1,many,1,,,B2\n".encode(), "line 2, attempts"),
    "role": (f"{HEAD}\n0,m0,0,2023-01-01,coop,0.5,open,friends,1,10,1,,,B2\n".encode(), "role = friends"),
    "more than attempts": (
        f"{HEAD}\n0,m0,0,2023-01-01,coop,0.5,open,social,1,10,11,,,B2\n".encode(),
        "11 corrects of 10 attempts",
    ),
    "negative": (f"{HEAD}\n0,m0,0,2023-01-01,coop,0.5,open,social,1,10,-1,,,B2\n".encode(), "-1 corrects of 10 attempts"),
}


@pytest.mark.parametrize("kind", JUNK)
def test_a_damaged_table_of_totals_is_one_line(
    kind: str, totals: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, words = JUNK[kind]
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / OUTCOMES.file).write_bytes(text)
    assert words in refused([str(totals), str(damaged)], tmp_path / "out", capsys)
