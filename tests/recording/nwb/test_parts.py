"""Parts of the NWB files, by hand: clocks, values, trials, facts, and the command."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from recording import event_table, write_session
from recording.errors import RecordingError
from recording.nwb.clock import clock_of, times_of
from recording.nwb.facts import read_facts, slug
from recording.nwb.values import flat, nested
from recording.nwb_out import main
from tests.fixtures.sessions import make_session

pytest.importorskip("pynwb")
from recording.nwb.behaviour import trials

FACTS = """start = 2023-04-13T10:30:00+02:00
location = "ACA"
[[subject]]
subject_id = "M1"
species = "Mus musculus"
sex = "F"
age = "P90D"
[[subject]]
subject_id = "M2"
species = "Mus musculus"
sex = "M"
age = "P60D/P90D"
"""


@pytest.mark.parametrize(
    ("time", "regular"),
    [
        (np.arange(9) * 0.125, True), (np.arange(999) * 0.1, True), (np.arange(999) / 30, True), (np.arange(9.0), True),
        (np.arange(999) * 0.04, True), (np.linspace(0, 1.2345, 77), True), (np.arange(77) / 7 + np.arange(77) % 2 * 1e-8, False),
    ],
)  # fmt: skip
def test_a_rate_wherever_it_gives_the_very_times_back(time: np.ndarray, regular: bool) -> None:
    when, how = clock_of(time)
    assert ("rate" in when) == regular
    series = SimpleNamespace(**({"rate": None, "timestamps": None} | when), data=time)
    np.testing.assert_array_equal(times_of(series, how), time)


@pytest.mark.parametrize(
    "values",
    [
        {}, {"a": 1, "b": None, "c": "x", "d": [[1, 2], [3.5]], "e": {}, "f": []},
        {"p": {"files": [{"name": "a"}, {"name": "b", "n": [1]}], "deep": {"er": {"x": True}}, "empty": {}}},
        {"p": [[{"a": 1}, 2], [], {"b": [{}]}]},
    ],
)  # fmt: skip
def test_values_come_back_from_flat_rows(values: dict[str, Any]) -> None:
    rows = flat(values)
    assert nested(rows) == values
    assert not [row for row in rows.values() if row.startswith("{") and row != "{}"]


def rows_of(session: Any, agent: int = 0) -> list[tuple[float, float, str]]:
    table = trials(session, agent)
    columns = (table[name][:] for name in ("start_time", "stop_time", "outcome"))
    return [(float(start), round(float(stop), 6), outcome) for start, stop, outcome in zip(*columns, strict=True)]


def test_trials_together_go_from_the_opening_poke_to_the_outcome() -> None:
    """Mouse 1 opens at 1, mouse 0 closes at 1.5; mouse 0 opens in vain at 1.6; both poke at 5."""
    session = make_session(
        events=[
            event_table(0, "poke", [1.5, 1.6, 5.0]), event_table(1, "poke", [1.0, 5.0]),
            event_table([0, 1, 0, 1], "correct", [1.5, 1.5, 5.0, 5.0]), event_table(0, "miss", [2.35]),
        ]
    )  # fmt: skip
    expected = [(1.0, 1.5125, "correct"), (1.6, 2.3625, "miss"), (5.0, 5.0125, "correct")]
    assert rows_of(session, 0) == rows_of(session, 1) == expected


def test_trials_alone_are_own_corrects() -> None:
    session = make_session(task="solo", events=[event_table([0, 1], "correct", [1.0, 2.0])])
    assert rows_of(session, 1) == [(2.0, 2.0125, "correct")]
    assert trials(make_session(), 0) is None


def test_facts_are_read_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "facts.toml"
    path.write_text(FACTS)
    assert [each.subject_id for each in read_facts(path).subject] == ["M1", "M2"]
    for old, new, message in (
        ("+02:00", "", "start has no time zone"),
        ('"M2"', '"M1"', "subject_id = 'M1' is of two animals"),
        ('"M2"', '"M_2"', "subject.1.subject_id"),
        ('"Mus musculus"', '"mouse"', "subject.0.species"),
        ('"P90D"', '"90 days"', "subject.0.age"),
        ('sex = "F"', "", "subject.0.sex: Field required"),
        ("location", "place", "place: Extra inputs are not permitted"),
        ("[[subject]]", "[[subject", "is no TOML"),
    ):
        path.write_text(FACTS.replace(old, new, 1))
        with pytest.raises(RecordingError) as caught:
            read_facts(path)
        assert message in str(caught.value)
        assert "\n" not in str(caught.value)


def test_words_become_names_of_files() -> None:
    assert slug("coop_075s-seed0 / a__b") == "coop-075s-seed0-a-b"


def run_of(folder: Path, *sessions: Any) -> Path:
    for session in sessions:
        of = session.attributes
        write_session(folder / "sessions" / f"pair{of['pair']:02d}_s{of['session']:03d}_{of['phase']}.h5", session)
    return folder


def test_the_command_writes_two_files_a_session(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = run_of(tmp_path, make_session(n=8), make_session(n=8, session=1), make_session(n=8, pair=1))
    assert main([str(run), "--pair", "0", "--session", "1"]) == 0
    said = [Path(line) for line in capsys.readouterr().out.split()]
    assert [path.name.split("_ses-")[1] for path in said] == ["coop-075s-seed0-pair00-s001-coop-075s_behavior.nwb"] * 2
    assert sorted(said) == sorted((run / "nwb").rglob("*.nwb"))


BAD: dict[str, tuple[list[str], str]] = {
    "no run": (["absent"], "sessions: cannot be read (No such file or directory)"),
    "no such pair": (["run", "--pair", "7"], "holds no session --pair 7; it holds pairs [0]"),
    "no such session": (["run", "--session", "7"], "holds no session --session 7"),
    "pair in words": (["run", "--pair", "x"], "--pair = x"),
    "no facts there": (["run", "--facts", "absent.toml"], "absent.toml: cannot be read"),
    "real animals": (["real"], "is of real animals; --facts FILE tells start"),
    "damaged": (["damaged"], "damaged or no recording"),
}


@pytest.mark.parametrize("case", BAD)
def test_mistakes_are_one_line(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_of(tmp_path / "run", make_session(n=8))
    run_of(tmp_path / "real", make_session(n=8, provenance={"files": []}))
    path = run_of(tmp_path / "damaged", make_session(n=8)) / "sessions" / "pair00_s000_coop_075s.h5"
    path.write_bytes(b"hello")
    monkeypatch.chdir(tmp_path)
    arguments, message = BAD[case]
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_says_which_package_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    run = run_of(tmp_path, make_session(n=8))
    monkeypatch.delitem(sys.modules, "recording.nwb.file", raising=False)
    monkeypatch.delitem(sys.modules, "recording.nwb.behaviour", raising=False)
    monkeypatch.setitem(sys.modules, "pynwb", None)
    assert main([str(run)]) == 2
    assert "pip install 'acc-cooperation[nwb]'" in capsys.readouterr().err
