"""What contradicts itself is refused in one line that says what was found and what to do; nothing gives a traceback."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recording.import_session import main
from recording.importers.session.assemble import Imported, assemble
from recording.importers.spec.load import load_spec
from tests.fixtures.laboratory import Laboratory, small

LAB = small(20.0, stop_s=18.0)


def refused(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    """The one line that an import ends with."""
    assert main([str(path), "-o", str(path.parent / "lab"), *more]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert said.count("\n") == 1, said
    assert not (path.parent / "lab" / "sessions").exists()
    return said


def imported(path: Path) -> Imported:
    return assemble(load_spec(path), "test")


def words(found: Imported) -> str:
    return "\n".join(f"{note.kind}: {note.words} {note.places}" for notes in found.notes.values() for note in notes)


CONTRADICTIONS = {
    "task": ({"session__task": '"solo"'}, "task = 'solo' contradicts phase = 'coop_075s', whose task is 'coop'"),
    "divider": (
        {"session__phase": '"evaluation_opaque"'},
        "divider = 'transparent' contradicts phase = 'evaluation_opaque', whose divider is 'opaque'",
    ),
    "phase": ({"session__phase": '"training"'}, "session.phase"),
    "date as text": ({"session__date": '"03/04/2024"'}, "may be ambiguous; write year-month-day without quotes"),
    "date and time": ({"session__date": "2024-05-31T12:00:00"}, "may be ambiguous"),
    "window": ({"session__window": '"0.7505 s"'}, "window = 0.7505 s is not a whole number of event_step = 0.001 s"),
    "final window": ({"experiment__final_window": '"0.7505 s"'}, "experiment.final_window = 0.7505 s is not a whole number"),
    "a number without a unit": ({"session__window": "0.75"}, 'write it as text, such as "0.75 s"'),
    "another unit": ({"space__pixel_size": '"0.05 s"'}, "is not a quantity in cm"),
    "a decimal comma": ({"space__pixel_size": '"0,05 cm"'}, 'write 0.05 cm'),
    "stop before start": ({"session__stop": '"1 s"'}, "stop = 1 s is not after start = 2 s"),
    "no length": ({"session__stop": '"2.2 s"'}, "holds fewer than two samples"),
    "too many samples": ({"session__sample_step": '"1 us"'}, "holds more than 1e+07 samples"),
    "a step of nothing": ({"session__sample_step": '"0 s"'}, "above 0 s"),
    "a port of NaN": ({"animals__agent_0__port": "[nan, 1.0]"}, "animals.agent_0.port.0"),
    "a port with one number": ({"animals__agent_0__port": "[1.0]"}, "animals.agent_0.port"),
    "a divider without length": ({"space__divider": "[[1, 1], [1, 1]]"}, "divider names the same point twice"),
    "one track twice": ({"animals__agent_1__track": '"black"'}, "are both track 'black' of tracks.top"),
    "one name twice": ({"animals__agent_1__name": '"M1"'}, "are both called 'M1'"),
    "no such table": ({"animals__agent_1__tracks": '"side"'}, "animals.agent_1.tracks = 'side' is no table; allowed: top"),
    "no such track": ({"animals__agent_1__track": '"grey"'}, 'has no track "grey"'),
    "no such point": ({"animals__agent_1__point": '"snout"'}, "has no point 'snout'; it has nose, tail"),
    "the other animal": (
        {"animals__agent_0__track": '"white"', "animals__agent_1__track": '"black"'},
        "M1 (agent_0) is across the divider in 100.0% of samples; is animals.agent_0.track = 'white' the other animal",
    ),
    "scale": ({"space__pixel_size": '"0.1 cm"'}, "space.divider is 60 cm long by the scale told, but experiment.length = 30 cm"),
    "both ports on one side": ({"animals__agent_1__port": "[350.0, 690.0]"}, "on the side of agent_0's port"),
    "a port on the divider": ({"animals__agent_1__port": "[400.0, 690.0]"}, "y = 0.5 cm of the chamber, on the divider"),
    "a spout of the other": ({"animals__agent_0__spout": "[500.0, 120.0]"}, "across the divider from the side of agent_0's port"),
    "a port outside": ({"animals__agent_1__port": "[2000.0, 690.0]"}, "outside of it (compartments are 12 cm wide and 30 cm long)"),
    "an unknown kind": ({"events__box__kinds__lick": '"sip"'}, 'events.box.kinds.lick = "sip" is no kind of event; allowed: poke, '),
    "an unknown animal": ({"events__box__kinds__lick": '"agent_2 drink"'}, 'kinds.lick = "agent_2 drink" is no kind of event'),
    "an empty kind": ({"events__box__kinds__lick": '""'}, 'kinds.lick = "" is no kind of event'),
    "two animals for one event": (
        {"events__box__kinds__lick": '"agent_0 drink"'},
        "label 'lick' is of agent 0 and its subject 'm1' is agent_1; one of kinds and subjects is wrong",
    ),
    "a poke of both": ({"events__box__subjects__m0": '"both"'}, "of both animals; a poke is of one animal"),
    "clock of itself": ({"session__clock": '"box"', "tracks__top__clock": '"box"'}, "clocks.box is the session's own clock"),
    "offset beside pulses": ({"clocks__box__tolerance": '"2 ms"\noffset = "1 s"'}, "both offset and pulses are told"),
    "two scales": ({"space__pixel_size": '"0.05 cm"\nscale_distance = "3 cm"'}, "both pixel_size and scale_points are told"),
    "two times": ({"tracks__top__frame_rate": '"20 Hz"\ntimes = "pulses_box.txt"'}, "both frame_rate and times are told"),
    "a rate of nothing": ({"tracks__top__frame_rate": '"0 Hz"'}, "greater than 0"),
    "a session elsewhere": ({"session__start": '"900 s"', "session__stop": '"990 s"'}, "nose of M1 is missing from"),
    "an unknown key": ({"session__window": '"0.75 s"\nwindov = 3'}, "session: key 'windov' is unknown; did you mean window?"),
    "an unknown key of a file": (
        {"tracks__top__clock": '"camera"\nframerate = "30 Hz"'},
        "tracks.top: key 'framerate' is unknown; did you mean frame_rate?",
    ),
    "a label twice": ({"events__box__kinds__lick": '"drink"\nkinds.lick = "poke"'}, "not valid TOML"),
    "a label that is not there": ({"events__box__kinds__lick": '"drink"\nkinds.rear = "ignore"'}, "holds no label 'rear'; it holds"),
    "a subject that is not there": ({"events__box__subjects__m0": '"agent_0"\nsubjects.m7 = "agent_1"'}, "holds no subject 'm7'"),
    "no such file": ({"tracks__top__file": '"nowhere.csv"'}, "nowhere.csv: cannot be read"),
    "a list for a table": ({"space__divider": "3"}, "space.divider"),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_contradictions_are_refused(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told, said = CONTRADICTIONS[name]
    assert said in refused(LAB.write(tmp_path, **told), capsys)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", bytes(range(256)), b"[session", b"a = " + b"[" * 5000, b"tracks = 3", b"events = [1]", b"[animals]\nagent_0 = 1",
     b"[tracks]\n'my camera' = {}", b"[tracks.a]\nread = 1\nfile = 2", b"[events.a]\nkinds = []\nread.format='plain'\nfile='x'",
     b"clocks = {a = 1}", b"[session]\nclock = []", b"[events.a.kinds]\nx = 1"],
)  # fmt: skip
def test_no_content_gives_a_traceback(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "spec.toml"
    path.write_bytes(content)
    assert str(path) in refused(path, capsys)


def test_what_the_command_lacks_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = LAB.write(tmp_path)
    for arguments, said in (
        ([], "give either SPEC.toml or --draft"),
        ([str(path), "--draft", str(path)], "give either SPEC.toml or --draft"),
        ([str(path)], "-o DIR is missing"),
        ([str(tmp_path), "-o", str(tmp_path / "lab")], "cannot be read"),
        ([str(path), "-o", str(path)], "is a file; -o names a directory"),
        ([str(path), "-o", str(tmp_path / ("x" * 300))], "cannot be written"),
        (["--draft", "x" * 5000], "no such file"),
    ):
        assert main(arguments) == 2
        assert said in capsys.readouterr().err


def with_hole(first_s: float, last_s: float, agent: int = 0) -> Laboratory:
    """An animal that is not seen for a while."""
    tracks = LAB.truth.tracks.copy()
    tracks[(LAB.truth.time > first_s) & (LAB.truth.time < last_s), agent] = np.nan
    return replace(LAB, truth=replace(LAB.truth, tracks=tracks))


def test_a_short_gap_is_filled_by_a_straight_line_and_said(tmp_path: Path) -> None:
    found = imported(with_hole(5.0, 5.2).write(tmp_path))
    observed, session = found.session.observed, found.session
    assert observed is not None
    clock = 2.0 + session.time
    inside = (clock > 5.0) & (clock < 5.2)
    assert np.array_equal(~observed[:, 0], inside)
    assert observed[:, 1].all()
    ends = [LAB.truth.tracks[round(each * 20), 0] for each in (5.0, 5.2)]
    line = [np.interp(clock[inside], (5.0, 5.2), [end[axis] for end in ends]) for axis in range(2)]
    assert np.allclose(session.tracks[inside, 0], np.stack(line, axis=1), atol=1e-4)
    assert "filled: M1 was not observed in" in words(found)


def test_a_long_gap_is_refused_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(with_hole(5.0, 6.0, 1).write(tmp_path), capsys)
    assert "tracks.top: camera.csv: nose of M2 is missing from 5.000 to 6.000 s of the session's clock" in said
    assert 'write long_gaps = "cut"' in said


def test_a_long_gap_cuts_where_that_is_told(tmp_path: Path) -> None:
    found = imported(with_hole(5.0, 6.0).write(tmp_path, tracks__top__longest_gap='"0.3 s"\nlong_gaps = "cut"'))
    assert found.start_s == 6.0
    assert found.start_s + found.session.duration == 18.0
    assert "cut: 1 gaps are too long to be filled" in words(found)
    pokes = [each[(each >= 6.0) & (each <= 18.0)] - 6.0 for each in LAB.truth.pokes]
    for agent in range(2):
        assert np.allclose(found.session.events_of("poke", agent)["start"], pokes[agent], atol=1e-3)


def test_a_session_longer_than_the_video_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "missing from 19.950 to" in refused(LAB.write(tmp_path, session__stop='"25 s"'), capsys)


def test_one_mouse_under_two_names_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tracks = LAB.truth.tracks.copy()
    tracks[:, 1] = tracks[:, 0]
    said = refused(replace(LAB, truth=replace(LAB.truth, tracks=tracks)).write(tmp_path), capsys)
    assert "are the same numbers" in said


def test_a_jump_is_said_and_kept(tmp_path: Path) -> None:
    tracks = LAB.truth.tracks.copy()
    tracks[100, 0] += (-3.0, 11.0)
    found = imported(replace(LAB, truth=replace(LAB.truth, tracks=tracks)).write(tmp_path))
    assert "jump: nose of M1 moves more than" in words(found)
    row = np.argmin(np.abs(found.session.time + 2.0 - 5.0))
    assert found.session.tracks[row, 0, 1] == pytest.approx(tracks[100, 0, 1], abs=1e-3)


def test_frames_beyond_the_times_told_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = LAB.write(tmp_path, tracks__top__frame_rate=None)
    path.write_text(path.read_text().replace("[tracks.top]\n", '[tracks.top]\ntimes = "frames.txt"\n'))
    times = path.parent / "frames.txt"
    times.write_text("".join(f"{each / 20:.3f}\n" for each in range(400)))
    first = imported(path).session
    assert np.allclose(first.tracks, imported(LAB.write(tmp_path / "rate")).session.tracks, atol=1e-4)
    times.write_text("".join(f"{each / 20:.3f}\n" for each in range(399)))
    assert "holds 399 times, and there are frames up to number 399" in refused(path, capsys)


@pytest.mark.parametrize("kept", ["derived", "file"])
def test_outcomes_of_a_file_are_held_against_the_rule(kept: str, tmp_path: Path) -> None:
    """The door opens once and is called a correct: the rule knows nothing of it, and the file of none of the rule's."""
    told = {"session__event_step": f'"1 ms"\noutcomes = "{kept}"', "events__box__kinds__door": '"agent_0 correct"'}
    found = imported(replace(LAB, door_s=9.0).write(tmp_path, **told))
    assert "1 correct of the files that the rule does not give" in words(found)
    assert f"by the rule that the files lack; the {'files' if kept == 'file' else 'rule'}'" in words(found)
    assert (len(found.session.events_of("correct", 0)) == 1) == (kept == "file")


def test_events_outside_the_session_are_counted(tmp_path: Path) -> None:
    found = imported(LAB.write(tmp_path, session__start='"6 s"'))
    early = sum((each < 6.0).sum() for each in (*LAB.truth.pokes, *LAB.truth.drinks))
    assert early > 0
    assert f"{early} events begin outside the session; left out" in words(found)


def test_pokes_without_arming_are_empty_where_that_is_told(tmp_path: Path) -> None:
    """Nothing ever arms the ports: every poke is an empty one."""
    found = imported(LAB.write(tmp_path, events__box__armed='"first after arm"'))
    assert len(found.session.events_of("poke")) == 0
    assert len(found.session.events_of("empty_poke")) > 3
    assert "came before the port was armed again" in words(found)
