"""The command line from two runs with their reports to one page: what it writes agrees, gaps are said, bad input writes nothing."""

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from analysis.compare import main
from analysis.comparison.rows import STANDARD
from analysis.neural.inputs.signals import KNOWN
from analysis.report.training import write_report
from tests.fixtures.figures import undrawn
from tests.fixtures.grid import write_grid_run
from tests.fixtures.planted import FEW, growing
from tests.fixtures.synthetic import write_synthetic_run

MICE = (
    "schedule.session=10 min",
    "schedule.pretraining.sessions=0",
    "schedule.coop_3s.sessions=1",
    "schedule.coop_150s.sessions=0",
    "schedule.coop_075s.sessions=1",
    *FEW,
)
AGENTS = (
    "schedule.naive.sessions=0",
    "schedule.pretraining.sessions=1",
    "schedule.coop_training.sessions=2",
    "schedule.evaluation_social.sessions=1",
    "recording.session=1200 step",
    'recording.rates=["all"]',
)
FIGURES = ("compare_learning", "compare_waiting", "compare_effects", "compare_similarity", "compare_alignment")
FINDINGS = [f"F{number}" for number in range(1, 11)]


def silent(line: str) -> None:
    """Says nothing."""


@pytest.fixture(scope="module")
def mice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pairs with cells; no recording before cooperative training has any."""
    path = write_synthetic_run(tmp_path_factory.mktemp("mice"), 2, overrides=MICE, cells=growing)
    with undrawn():
        write_report(path, workers=1, signals={"rate": KNOWN["rate"]}, say=silent)
    return path


@pytest.fixture(scope="module")
def agents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pairs with units in every recording, and a report on their behaviour only."""
    path = write_grid_run(tmp_path_factory.mktemp("agents"), 2, overrides=AGENTS, units=True)
    with undrawn():
        write_report(path, workers=1, behaviour_only=True, say=silent)
    return path


@pytest.fixture(scope="module")
def out(mice: Path, agents: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command wrote."""
    directory = tmp_path_factory.mktemp("compared") / "page"
    assert main([str(mice), str(agents), "--out", str(directory)]) == 0
    return directory


def table_of(out: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((out / "compare.csv").read_text().splitlines()))


def summary_of(out: Path) -> dict[str, Any]:
    return json.loads((out / "compare.json").read_text())


def words_of(out: Path) -> str:
    """The page without its figures."""
    return re.sub(r"base64,[^\"]*", "", (out / "compare.html").read_text())


def test_writes_page_table_summary_and_figures(out: Path) -> None:
    written = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    figures = {f"figures/{name}.{kind}" for name in FIGURES for kind in ("png", "svg")}
    assert written == {"compare.html", "compare.csv", "compare.json"} | figures
    assert all(f'id="{name}"' in words_of(out) for name in FIGURES)


def test_table_and_summary_agree_row_for_row(out: Path) -> None:
    rows, held = table_of(out), summary_of(out)["rows"]
    assert len(rows) == len(held) > 100
    for row, each in zip(rows, held, strict=True):
        assert (row["finding"], row["measure"], row["unit"]) == (each["finding"], each["measure"], each["unit"])
        assert row["apart"] == ("" if each["apart"] is None else str(int(each["apart"])))
        for side in ("acc", "marl", "both"):
            for name in ("value", "low", "high", "n", "chance", "missing"):
                text, value = row[f"{side}_{name}"], each.get(side, {}).get(name)
                if isinstance(value, int | float):
                    assert float(text) == pytest.approx(value, rel=1e-5), (row["measure"], side, name)
                else:
                    assert text == (value or "" if side in each else "0" if name == "n" else "")


def test_numbers_are_those_of_the_reports(out: Path, mice: Path, agents: Path) -> None:
    row = next(each for each in summary_of(out)["rows"] if each["measure"] == "success, final evaluation")
    for side, run in (("acc", mice), ("marl", agents)):
        reported = json.loads((run / "summary.json").read_text())
        assert {key: row[side][key] for key in ("value", "low", "high", "n")} == reported["behaviour"]["success"]
        assert summary_of(out)["verdicts"][side] == reported["verdicts"]


def test_every_finding_is_named(out: Path) -> None:
    headings = re.findall(r"<h3>(F\d+)\. (.*?)</h3>", words_of(out))
    assert [name for name, _ in headings] == FINDINGS
    assert all(claim for _, claim in headings)
    assert not re.search(r"\bnan\b", words_of(out).split("How it was measured")[0], re.IGNORECASE)


def test_what_is_missing_is_said(out: Path, agents: Path) -> None:
    """Agents have no table of cells, mice no recording before cooperative training; nothing acts on either."""
    notes, page = summary_of(out)["missing"], words_of(out)
    assert f"agents: no neural.csv; python -m analysis.report {agents} makes it if the run kept rates" in notes
    assert any(note.startswith("mice (model): no recording before cooperative training") for note in notes)
    assert not any(note.startswith("agents: no recording before") for note in notes)
    assert "What is missing" in page
    assert all(note in page for note in notes)
    assert page.count("not asked of this run") == sum(
        name not in summary_of(out)["verdicts"][side] for name in FINDINGS for side in ("acc", "marl")
    )
    tuned = next(row for row in table_of(out) if row["finding"] == "F4" and row["unit"] == STANDARD)
    assert tuned["acc_n"] == "2" or tuned["acc_missing"]
    assert (tuned["marl_value"], tuned["marl_n"]) == ("", "0")
    assert "no neural.csv" in tuned["marl_missing"]


def refused(arguments: list[Path | str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that the command must print before it exits with 2."""
    capsys.readouterr()
    assert main([str(each) for each in arguments]) == 2
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1, err
    return err


def files(*directories: Path) -> list[Path]:
    return sorted(path for directory in directories for path in directory.rglob("*"))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of mice without a report."""
    return write_synthetic_run(tmp_path_factory.mktemp("bare") / "run", 1, overrides=("schedule.session=2 min",), quick=True)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (("nowhere", "agents"), "no such run directory"),
        (("empty", "agents"), "is this a run directory?"),
        (("mice", "empty"), "is this a run directory?"),
        (("agents", "mice"), "{agents} is a run of agents and {mice} one of mice: give them the other way round"),
        (("mice", "mice"), "{mice}: "),
        (("bare", "agents"), "has no summary.json; python -m analysis.report {bare} makes it"),
        (("mice", "agents", "--ablation-acc", "mice"), "acts on no trained pair"),
        (("mice", "agents", "--ablation-marl", "mice"), "{mice}: "),
    ],
    ids=[
        "no path",
        "no run of mice",
        "no run of agents",
        "sides exchanged",
        "mice twice",
        "no report",
        "no ablation",
        "wrong side",
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(
    chosen: tuple[str, ...],
    words: str,
    mice: Path,
    agents: Path,
    bare: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "empty").mkdir()
    places = {"mice": mice, "agents": agents, "bare": bare, "empty": tmp_path / "empty", "nowhere": tmp_path / "nowhere"}
    before = files(tmp_path, mice, agents, bare)
    line = refused([places.get(each, each) for each in chosen] + ["--out", str(tmp_path / "out")], capsys)
    assert words.format(**places) in line
    assert files(tmp_path, mice, agents, bare) == before


DAMAGE = {
    "no JSON": ("summary.json", "{", "summary.json: not valid JSON"),
    "no verdicts": ("summary.json", "{}", "is of another version of the report (run: Field required); python -m analysis.report"),
    "no column": ("learning.csv", "session,phase\n0,coop_3s\n", "has no column pair; needed: pair, session, phase"),
    "no session": ("learning.csv", "pair,session,phase\n", "holds no session"),
    "other settings": ("params.toml", "blocks = 11", "analysis.compare.blocks = 10 in"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_report_is_one_line(
    kind: str, mice: Path, agents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, text, words = DAMAGE[kind]
    damaged = tmp_path / "damaged"
    shutil.copytree(agents, damaged)
    if kind == "other settings":
        whole = (damaged / name).read_text()
        compare = whole.index("[analysis.compare]")
        text = whole[:compare] + whole[compare:].replace("blocks = 10", text, 1)
    (damaged / name).write_text(text)
    assert words in refused([mice, damaged, "--out", tmp_path / "out"], capsys)
    assert not (tmp_path / "out").exists()


def test_a_file_where_the_page_should_go_is_one_line(
    mice: Path, agents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    assert "cannot be written" in refused([mice, agents, "--out", taken], capsys)
    assert taken.read_text() == "mine"
