"""A directory of sessions: analysis opens it like a run, sessions are added, contradictions are refused, and a kill loses nothing."""

import json
from pathlib import Path

import pytest

import recording.importers.session.experiment as experiment
from analysis.core.run import open_run
from params import ExperimentParameters
from recording import read_session
from recording.import_session import main
from tests.fixtures.laboratory import small

LAB = small(8.0, stop_s=7.0)


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """An experiment with one session."""
    assert main([str(LAB.write(tmp_path / "first")), "-o", str(tmp_path / "lab")]) == 0
    return tmp_path / "lab"


def second(lab: Path, *more: str, **told: str | None) -> int:
    """Exit code of importing another session into an experiment."""
    path = LAB.write(lab.parent / "second", **({"session__session": "4"} | told))
    return main([str(path), "-o", str(lab), *more])


def contents(lab: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(lab)): path.read_bytes()
        for path in sorted(lab.rglob("*"))
        if path.is_file() and path.name != ".import.lock"
    }


def test_it_opens_like_a_run(lab: Path) -> None:
    run = open_run(lab)
    assert isinstance(run.resolved.params, ExperimentParameters)
    assert run.resolved.params.final_window_s == 0.75
    assert run.resolved.params.room == ((-12.0, 12.0), (0.0, 30.0))
    assert (run.facts["condition"], run.facts["pairs"], run.facts["seed"], run.facts["complete"]) == ("lab", 1, 0, True)
    session = read_session(run.sessions[0].path)
    assert session.attributes["digest"] == run.resolved.digest
    provenance = session.attributes["provenance"]
    assert provenance["animals"] == ["M1", "M2"]
    assert provenance["date"] == "2024-05-31"
    assert set(provenance["files"]) == {"camera.csv", "box.csv", "pulses_box.txt", "pulses_camera.txt"}
    assert "[tracks.top]" in provenance["spec"]


def test_sessions_and_pairs_are_added(lab: Path) -> None:
    names = {"animals__agent_0__name": '"M3"', "animals__agent_1__name": '"M4"'}
    assert second(lab) == 0
    assert second(lab, session__pair="1", **names) == 0
    run = open_run(lab)
    assert [(each.pair, each.session) for each in run.sessions] == [(0, 3), (0, 4), (1, 4)]
    assert run.facts["pairs"] == 2
    assert sorted(each.name for each in (lab / "imports").glob("*.html")) == [
        "pair00_s003.html",
        "pair00_s004.html",
        "pair01_s004.html",
    ]


def test_a_session_that_is_there_is_replaced_only_when_asked(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(lab)
    assert second(lab, session__session="3") == 2
    assert "pair00_s003_coop_075s.h5: is there already; --replace imports it anew" in capsys.readouterr().err
    assert contents(lab) == before
    told = {"session__session": "3", "session__phase": '"evaluation_social"', "animals__agent_0__name": '"M9"'}
    assert second(lab, "--replace", **told) == 0
    run = open_run(lab)
    assert [each.phase for each in run.sessions] == ["evaluation_social"]
    assert run.facts["sessions"]["pair00_s003"]["animals"] == ["M9", "M2"]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"experiment__name": '"other"'}, "experiment.name = 'other' contradicts"),
        ({"experiment__final_window": '"1.5 s"'}, "experiment.final_window = 1.5 s contradicts"),
        ({"experiment__width": '"14 cm"'}, "experiment.width = 14.0 cm contradicts"),
        ({"animals__agent_0__name": '"M7"'}, "animals.agent_0.name, animals.agent_1.name = M7, M2 contradict"),
        ({"session__pair": "1"}, "session.pair = 1 contradicts"),
        ({"session__window": '"1.5 s"'}, "session.window = 1.5 contradicts"),
        ({"session__divider": '"opaque"'}, "session.divider = opaque contradicts"),
    ],
)
def test_facts_that_contradict_the_directory_are_refused(
    told: dict[str, str], said: str, lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(lab)
    assert second(lab, **told) == 2
    assert said in capsys.readouterr().err
    assert contents(lab) == before


def test_what_is_no_experiment_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = LAB.write(tmp_path / "files")
    for name, content in (
        ("notes.txt", "mine"),
        ("run.json", '{"condition": "coop_075s"}'),
        ("run.json", "{"),
        ("run.json", "[]"),
    ):
        place = tmp_path / f"there{len(content)}"
        place.mkdir()
        (place / name).write_text(content)
        assert main([str(path), "-o", str(place)]) == 2
        assert capsys.readouterr().err.startswith(f"error: {place}")
        assert (place / name).read_text() == content
        assert not (place / "sessions").exists()


@pytest.mark.parametrize("place", range(5))
def test_a_kill_at_any_write_loses_nothing(place: int, lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second import dies at one write after another; the first session stays, and the import goes through afterwards."""
    first = contents(lab)["sessions/pair00_s003_coop_075s.h5"]
    count = 0

    def dying(real):  # type: ignore[no-untyped-def]
        def write(*arguments):  # type: ignore[no-untyped-def]
            nonlocal count
            count += 1
            if count == place + 1:
                raise KeyboardInterrupt
            return real(*arguments)

        return write

    with monkeypatch.context() as patch:
        for name in ("write_text", "write_session"):
            patch.setattr(experiment, name, dying(getattr(experiment, name)))
        assert second(lab) == 130
    assert count == place + 1
    assert [each.session for each in open_run(lab).sessions] == [3]
    assert contents(lab)["sessions/pair00_s003_coop_075s.h5"] == first
    assert second(lab) == 0
    assert [each.session for each in open_run(lab).sessions] == [3, 4]
    assert contents(lab)["sessions/pair00_s003_coop_075s.h5"] == first


def test_an_import_that_is_killed_at_first_can_be_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, lab = LAB.write(tmp_path / "files"), tmp_path / "lab"
    with monkeypatch.context() as patch:
        patch.setattr(experiment, "write_session", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert main([str(path), "-o", str(lab)]) == 130
    assert main([str(path), "-o", str(lab)]) == 0
    assert json.loads((lab / "run.json").read_text())["pairs"] == 1


def test_two_imports_at_once_do_not_mix(lab: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(experiment, "PATIENCE_S", 0.1)
    with experiment.opened(lab):
        assert second(lab) == 2
    assert "another import is writing into it" in capsys.readouterr().err


def test_the_same_files_give_the_same_bytes(lab: Path) -> None:
    before = contents(lab)
    assert main([str(lab.parent / "first" / "session.toml"), "-o", str(lab), "--replace"]) == 0
    assert contents(lab) == before
