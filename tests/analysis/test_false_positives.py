"""Runs of pairs that never met, and how often verdicts hold on them."""

import csv
from pathlib import Path

import pytest

from analysis.core.run import open_run
from analysis.false_positives import main, write_strangers
from recording import read_session
from tests.fixtures.synthetic import write_synthetic_run

SHORT = (
    "schedule.session=6 min",
    "schedule.pretraining.sessions=2",
    "schedule.coop_3s.sessions=1",
    "schedule.coop_150s.sessions=1",
    "schedule.coop_075s.sessions=2",
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_synthetic_run(tmp_path_factory.mktemp("run"), pairs=7, overrides=SHORT)


def test_animals_are_joined_across_pairs_session_by_session(run: Path, tmp_path: Path) -> None:
    strangers = open_run(write_strangers([open_run(run)], 2, tmp_path))
    assert strangers.facts["pairs"] == 7
    own = [file.phase for file in open_run(run).sessions if file.pair == 6]
    assert [file.phase for file in strangers.sessions if file.pair == 6] == own[1:]  # of pre-training only the last
    phase = "evaluation_social"
    (joined,) = (read_session(file.path) for file in strangers.sessions if (file.pair, file.phase) == (6, phase))
    first, second = (
        next(read_session(file.path) for file in open_run(run).sessions if (file.pair, file.phase) == (pair, phase))
        for pair in (6, 1)
    )
    assert joined.events_of("poke", 0)["start"].tolist() == first.events_of("poke", 0)["start"].tolist()
    assert joined.events_of("poke", 1)["start"].tolist() == second.events_of("poke", 1)["start"].tolist()


def test_pairs_that_cooperate_hold_nothing_once_recombined(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = [str(run), "--out", str(tmp_path / "out"), "--cohorts", "10", "--pairs", "6", "--offsets", "1", "--behaviour-only"]
    assert main(asked) == 0
    with (tmp_path / "out" / "false_positives.csv").open() as file:
        every = list(csv.DictReader(file))
    rows = {row["claim"]: row for row in every if not row["clause"]}
    assert {claim: int(row["measured"]) for claim, row in rows.items()} == {"F1": 10, "F2": 10, "F3": 10}
    assert {int(row["holds"]) for row in rows.values()} == {0}
    assert [row["clause"] for row in every if row["claim"] == "F3"] == ["", *map(str, range(1, 8))]
    assert "F1   holds in 0 of 10 cohorts" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "said"),
    [(["--pairs", "9"], "--pairs = 9: allowed: 1 to 7"), (["--pairs", "6", "--offsets", "7"], "--offsets = 7: allowed: 1 to 6")],
)
def test_more_than_there_are_is_one_line(
    run: Path, tmp_path: Path, asked: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(run), "--out", str(tmp_path / "out"), "--behaviour-only", *asked]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
