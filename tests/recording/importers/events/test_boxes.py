"""BORIS, Bpod, MED-PC, pyControl and Bonsai: small files with what each writes, and the sentence for each trap."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io

from tests.recording.importers.events.options import read_as, refusal

PREAMBLE = "Observation id\tday 1\n\nTime offset (s)\t0.0\n\n"
HEADER = "Time\tSubject\tBehavior\tStatus\n"
BORIS = PREAMBLE + HEADER
AGGREGATED = "Observation id,Subject,Behavior,Modifiers,Behavior type,Start (s),Stop (s)\n"


def test_boris_pairs_of_two_behaviours_and_subjects_run_side_by_side(tmp_path: Path) -> None:
    rows = "1\ta\ts\tSTART\n2\ta\tt\tSTART\n2.5\tb\ts\tSTART\n3\ta\ts\tSTOP\n3.5\ta\tp\tPOINT\n4\ta\tt\tSTOP\n5\tb\ts\tSTOP\n"
    log = read_as(tmp_path, BORIS + rows, "boris")
    assert list(log.rows.itertuples(index=False, name=None)) == [
        ("a", "s", 1, 3), ("a", "t", 2, 4), ("b", "s", 2.5, 5), ("a", "p", 3.5, 3.5)
    ]  # fmt: skip


def test_boris_newer_columns_and_clock_times(tmp_path: Path) -> None:
    rows = "day 1,a,s,START,0:01:00.5\nday 1,a,s,STOP,0:01:01\nday 1,a,p,POINT,0:01:02\n"
    text = "Observation id,Subject,Behavior,Behavior type,Time\n" + rows
    assert read_as(tmp_path, text, "boris").rows["start"].tolist() == [60.5, 62]


def test_boris_modifiers_are_noted(tmp_path: Path) -> None:
    log = read_as(tmp_path, AGGREGATED + "o,a,s,m1,STATE,1,2\n", "boris")
    assert [note.words for note in log.notes] == ["rows with modifiers, which were not read: 1"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BORIS + "1\ta\ts\tSTART\n", 'line 6: "s" of "a" starts at 1 s and never stops; mend it in BORIS'),
        (BORIS + "1\ta\ts\tSTOP\n", 'line 6: "s" of "a" stops at 1 s and was not started; mend it in BORIS'),
        (
            BORIS + "1\ta\ts\tSTART\n2\ta\ts\tSTART\n",
            'line 7: "s" of "a" starts at 2 s and had started on line 6; mend it in BORIS',
        ),
        (BORIS + "1\ta\ts\tSTARTED\n", 'line 6: the status is "STARTED"; allowed: START, STOP, POINT'),
        (BORIS + "x\ta\ts\tPOINT\n", 'line 6, column "Time": "x" is not a number'),
        (BORIS, "holds a header and no rows"),
        (
            AGGREGATED + "o,a,s,,STATE,1,2\no2,a,s,,STATE,1,2\n",
            'holds 2 observations; write keep = {"Observation id" = "..."} with one of "o", "o2"',
        ),
        (AGGREGATED + "o,a,s,,POINT,1,2\n", "line 2: a POINT lasts from 1 to 2 s; it cannot last"),
        (AGGREGATED + "o,a,s,,STATE,1,NA\n", 'line 2, column "Stop (s)": "NA" is not a number'),
        (AGGREGATED + "o,a,s,,STATUS,1,1\n", 'line 2: Behavior type is "STATUS"; allowed: STATE, POINT'),
        (
            "time,kind\n1,a\n",
            "is no export of BORIS: no line has the columns Time, Subject, Behavior and Status, nor Start (s), Stop (s), Subject, "
            "Behavior, Behavior type; export events as tabular or aggregated csv or tsv",
        ),
    ],
)
def test_boris_traps(tmp_path: Path, text: str, words: str) -> None:
    assert refusal(tmp_path, text, "boris") == words


def bpod_file(trials: Any, starts: Any, ends: Any = None, **more: Any) -> bytes:
    """A .mat file of SessionData."""
    session = {"RawEvents": {"Trial": trials}, "TrialStartTimestamp": starts, "nTrials": np.size(starts), **more}
    written = io.BytesIO()
    scipy.io.savemat(written, {"SessionData": session | ({} if ends is None else {"TrialEndTimestamp": ends})})
    return written.getvalue()


TRIAL = {
    "States": {"Cue": [0.5, 1.0], "Wait": [[0.0, 0.5], [1.0, 1.5]], "Miss": [np.nan, np.nan]},
    "Events": {"Port1In": [0.25, 0.75]},
}


def test_bpod_session_of_one_trial(tmp_path: Path) -> None:
    log = read_as(tmp_path, bpod_file(TRIAL, 10.0, 12.0), "bpod")
    assert list(log.rows.itertuples(index=False, name=None)) == [
        ("", "Trial", 10, 12), ("", "Wait", 10, 10.5), ("", "Port1In", 10.25, 10.25), ("", "Cue", 10.5, 11), ("", "Port1In", 10.75, 10.75),
        ("", "Wait", 11, 11.5),
    ]  # fmt: skip
    assert [(note.kind, note.count) for note in log.notes] == [("unvisited", 1)]


def test_bpod_trial_without_an_end_lasts_to_its_last_time(tmp_path: Path) -> None:
    assert read_as(tmp_path, bpod_file(TRIAL, 10.0), "bpod").rows["stop"].iloc[0] == 11.5


def test_bpod_counts_of_trials_that_differ(tmp_path: Path) -> None:
    log = read_as(tmp_path, bpod_file(TRIAL, 10.0, nTrials=216), "bpod")
    assert log.notes[0].words == "nTrials says 216, and the file holds 1; those were read"
    counts = "RawEvents.Trial 1, TrialStartTimestamp 2, TrialEndTimestamp 2"
    words = f"its trials do not match in number: {counts}; which start is whose cannot be told"
    assert refusal(tmp_path, bpod_file(TRIAL, [10.0, 20.0]), "bpod") == words
    words = "trial 1 has no start; its times cannot be placed in the session"
    assert refusal(tmp_path, bpod_file(TRIAL, np.nan), "bpod") == words


def test_bpod_visits_without_a_stop_are_noted(tmp_path: Path) -> None:
    trial = {"States": {"Cue": [0.5, np.nan]}, "Events": np.array([])}
    log = read_as(tmp_path, bpod_file(trial, 10.0, 12.0), "bpod")
    assert (log.rows["label"].tolist(), [note.kind for note in log.notes]) == (["Trial"], ["unfinished"])


def test_bpod_other_mat_files(tmp_path: Path) -> None:
    written = io.BytesIO()
    scipy.io.savemat(written, {"x": 1})
    assert refusal(tmp_path, written.getvalue(), "bpod") == "holds no SessionData; name the file that Bpod saved for the session"
    assert (
        refusal(tmp_path, b"\x89HDF\r\n\x1a\n" + bytes(100), "bpod")
        == "is a MATLAB 7.3 file; save it in MATLAB with save(..., '-v7')"
    )
    assert "cannot be read as a MATLAB file" in refusal(tmp_path, bpod_file(TRIAL, 10.0)[:-200], "bpod")
    assert refusal(tmp_path, bpod_file({"States": 1, "Events": 2}, 1.0), "bpod").startswith(
        "SessionData is not as Bpod writes it ("
    )


def json_trial(start: float) -> str:
    behaviour = {"Trial start timestamp": start, "Trial end timestamp": start + 2}
    behaviour |= {
        "States timestamps": {"Cue": [[0.5, 1.0]], "Miss": [[np.nan, np.nan]]},
        "Events timestamps": {"Port1In": [0.25]},
    }
    return json.dumps({"behavior_data": behaviour}) + "\n"


def test_bpod_lines(tmp_path: Path) -> None:
    log = read_as(tmp_path, json_trial(10) + json_trial(20), "bpod")
    assert log.rows["start"].tolist() == [10, 10.25, 10.5, 20, 20.25, 20.5]
    cut = read_as(tmp_path, json_trial(10) + json_trial(20)[:50], "bpod")
    assert [note.words for note in cut.notes if note.kind == "cut line"] == ["line 2, the last, is cut; its trial was left out"]
    assert refusal(tmp_path, json_trial(10)[:50] + "\n" + json_trial(20), "bpod").startswith("line 1 is no trial of Bpod (")
    endless = json_trial(10).replace("0.25", "1e999")
    assert refusal(tmp_path, endless, "bpod") == 'event 3, "Port1In", has no time that is a number'
    assert refusal(tmp_path, json_trial(10).replace("0.25", "9" * 400), "bpod").startswith("line 1 is no trial of Bpod (")
    assert refusal(tmp_path, '{"a": 1}\n', "bpod") == "line 1 is no trial of Bpod (no 'behavior_data')"


HEAD = "File: C:\\x\r\n\r\nStart Date: 05/21/25\r\nSubject: R1\r\nMSN: Task\r\n"
MEDPC = (
    HEAD
    + "A:       1.000\r\nD:\r\n     0:  1.000  2.000  3.000  4.000  5.000\r\n     5:  6.000\r\nE:\r\n     0: 7 8 9 7 8\r\n     5: 9\r\n"
)
PAIR = {"arrays": {"times": "D", "codes": "E"}, "tick": "10 ms"}


def test_medpc_ways_to_hold_events(tmp_path: Path) -> None:
    log = read_as(tmp_path, MEDPC, "medpc", **PAIR)
    assert log.rows["start"].tolist() == [0.01, 0.02, 0.03, 0.04, 0.05, 0.06]
    assert (log.rows["label"].tolist(), log.unit, set(log.rows["subject"])) == (list("789789"), "s", {"R1"})
    log = read_as(tmp_path, MEDPC, "medpc", arrays={"moments": ["D"]}, tick="1 s")
    assert (log.rows["start"].tolist(), set(log.rows["label"])) == ([1, 2, 3, 4, 5, 6], {"D"})
    packed = HEAD + "A:\r\n     0: 2500.036 2600.001 0.000\r\n"
    log = read_as(tmp_path, packed, "medpc", arrays={"packed": "A"}, tick="2 ms")
    assert (log.rows["start"].tolist(), log.rows["label"].tolist()) == ([5, 5.2], ["036", "001"])


def test_medpc_one_of_several_boxes(tmp_path: Path) -> None:
    two = MEDPC + MEDPC.replace("R1", "R2").replace("6.000", "60.000")
    assert read_as(tmp_path, two, "medpc", **PAIR, keep={"Subject": "R2"}).rows["start"].iloc[-1] == 0.6
    assert (
        refusal(tmp_path, two, "medpc", **PAIR)
        == '2 of its 2 sessions fit; write keep = {Subject = "..."} with one of "R1", "R2"'
    )


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        (
            MEDPC,
            {"arrays": PAIR["arrays"]},
            'does not say how long a count of its times lasts; write tick = "10 ms", or what the program counts in',
        ),
        (
            MEDPC,
            {"tick": "10 ms"},
            'does not say which arrays hold events; it has A (1), D (6), E (6); write arrays = {times = "D", codes = "E"}, '
            '{packed = "A"} or {moments = ["L", "R"]}',
        ),
        (MEDPC, {"arrays": {"packed": "Q"}, "tick": "10 ms"}, "has no array Q; it has A (1), D (6), E (6)"),
        (MEDPC, {"arrays": {"packed": "E"}, "tick": "10 ms"}, 'array E, value 0: "7" is not time and code, such as 2500.036'),
        (
            MEDPC.replace("     5: 9\r\n", ""),
            PAIR,
            "array D holds 6 times and array E 5 codes; they must be as many; is the file cut?",
        ),
        (
            MEDPC.replace("     5:  6.000", "    10:  6.000"),
            PAIR,
            "line 9 starts at value 10, and 5 stand above it; is a line missing?",
        ),
        (MEDPC.replace("  2.000", "  2x"), PAIR, 'array D: "2x" is not a number'),
        (
            MEDPC.replace("     5:  6", "     " + "5" * 5000 + ":  6"),
            PAIR,
            "line 9, " + '"     ' + "5" * 54 + "..., is none of MED-PC; the file may be cut",
        ),
        (MEDPC + "garbage\r\n", PAIR, 'line 13, "garbage", is none of MED-PC; the file may be cut'),
        (MEDPC + "E:\r\n", PAIR, "line 13: the letter E stands there twice in one session"),
        ("A: 1\n", PAIR, "line 1: values without the head of a session (Start Date, Subject, ...) above them"),
    ],
)
def test_medpc_traps(tmp_path: Path, text: str, options: dict[str, Any], words: str) -> None:
    assert refusal(tmp_path, text, "medpc", **options) == words


PYCONTROL = 'I Subject ID : m1\n\nS {"wait": 1}\n\nE {"poke": 2}\n\nD 0 1\nP 5 hello\nD 10 2\n'


def test_pycontrol_names_and_prints(tmp_path: Path) -> None:
    log = read_as(tmp_path, PYCONTROL, "pycontrol")
    assert list(log.rows.itertuples(index=False, name=None)) == [("m1", "wait", 0, 0), ("m1", "poke", 10, 10)]
    assert (log.unit, [note.words for note in log.notes]) == (
        "ms",
        ["lines with prints, variables or remarks, which were not read: 1"],
    )
    cut = read_as(tmp_path, PYCONTROL + "D 1", "pycontrol")
    assert cut.notes[0].words == 'line 10, the last, is cut: "D 1"; it was left out'
    cut = read_as(tmp_path, PYCONTROL + "D 11 2", "pycontrol")
    assert cut.notes[0].words == 'line 10, the last, has no end of line and may be cut: "D 11 2"; it was kept'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PYCONTROL + "D 12 3\n", "line 10: the id 3 has no name in the lines S and E; is the file cut?"),
        (PYCONTROL + "D 12\nD 13 1\n", 'line 10, "D 12", is none of pyControl version 1'),
        (PYCONTROL + 'E {"lick": 2}\n', 'line 10: the id 2 is "lick" and "poke"'),
        (PYCONTROL + 'E {"lick": Infinity}\n', 'line 10: names and ids cannot be read from "{"lick": Infinity}"'),
        (PYCONTROL + "E {lick}\n", 'line 10: names and ids cannot be read from "{lick}"'),
        ("I Subject ID : m1\n", "holds no events"),
    ],
)
def test_pycontrol_traps(tmp_path: Path, text: str, words: str) -> None:
    assert refusal(tmp_path, text, "pycontrol") == words


ENCODER = "Position 4294967290 2 2019-02-07T16:49:20.5192064+00:00 \nPosition 4 3 2019-02-07T16:49:20.5192164+00:00 \n"


def test_bonsai_clocks(tmp_path: Path) -> None:
    log = read_as(tmp_path, ENCODER, "bonsai", clock="us_counter")
    assert (log.rows["start"].tolist(), log.unit) == ([4294967290, 4294967300], "us")
    assert log.notes[0].words == "the counter started again at zero, wraps: 1; it was made to run on"
    log = read_as(tmp_path, ENCODER, "bonsai", clock="computer")
    assert log.rows["start"].tolist() == [60560.5192064, 60560.5192164]
    assert log.rows["label"].tolist() == ["Position 2", "Position 3"]
    packed = (127 << 25) + (7999 << 12) + 3071
    log = read_as(
        tmp_path, f"2020-08-19T12:42:57-04:00 {packed} \n2020-08-19T12:42:58-04:00 0 \n", "bonsai", clock="camera_counter"
    )
    assert np.diff(log.rows["start"]).tolist() == pytest.approx([1 / 24.576e6], abs=1e-12)


def test_bonsai_last_lines(tmp_path: Path) -> None:
    cut = read_as(tmp_path, ENCODER + "Position 9", "bonsai", clock="us_counter")
    assert cut.notes[0].words == 'line 3, the last, is cut: "Position 9"; it was left out'
    cut = read_as(tmp_path, "5 1\n6 1", "bonsai", clock="us_counter")
    assert cut.notes[0].words == 'line 2, the last, has no end of line and may be cut: "6 1"; it was kept'


@pytest.mark.parametrize(
    ("text", "clock", "words"),
    [
        (ENCODER, "camera_counter", 'holds no clock camera_counter; write clock = "computer" or clock = "us_counter"'),
        ("5 1\n6 1\n", "computer", 'holds no clock computer; write clock = "us_counter"'),
        (
            "5 1\nPosition\n6 1\n",
            "us_counter",
            'line 2, "Position", is not written as the lines above it (encoder without words)',
        ),
        ("hello\n", "computer", 'line 1, "hello", is no event, position or frame of Bonsai'),
        ("5 1\n4294967296 1\n", "us_counter", "sample 1: the count 4294967296 is outside the counter's range, 0 to 4294967295"),
        (
            ENCODER.replace("02-07", "02-30"),
            "computer",
            'line 1: "2019-02-30T16:49:20.5192064+00:00" is on a day that does not exist',
        ),
        (
            "2020-08-19T12:42:57-04:00 32768000\n",
            "camera_counter",
            "sample 0: 32768000 is no count of a camera's cycle timer (128 s, 8000 cycles, 3072 parts of a cycle)",
        ),
    ],
)
def test_bonsai_traps(tmp_path: Path, text: str, clock: str, words: str) -> None:
    assert refusal(tmp_path, text, "bonsai", clock=clock) == words
