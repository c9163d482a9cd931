"""Plain tables: what is read, and the sentence for each trap."""

from pathlib import Path
from typing import Any

import pytest

from tests.recording.importers.events.options import read_as, refusal

MOMENTS = [("a", "poke", 1.5, 1.5), ("b", "drink", 2.25, 2.25)]


@pytest.mark.parametrize("separator", ["\t", ",", ";", " "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_separator_any_end_of_line_and_a_byte_order_mark(tmp_path: Path, separator: str, end: str, mark: str) -> None:
    lines = ["time animal kind", "1.5 a poke", "2.25 b drink"]
    text = mark + end.join(line.replace(" ", separator) for line in lines) + end
    log = read_as(tmp_path, text, "plain")
    assert list(log.rows.itertuples(index=False, name=None)) == MOMENTS
    assert (log.unit, log.notes) == (None, ())


def test_utf_16_is_told_by_its_mark(tmp_path: Path) -> None:
    assert len(read_as(tmp_path, "time\tkind\n1\tk\u00e4se\n".encode("utf-16"), "plain").rows) == 1


@pytest.mark.parametrize(
    ("header", "told", "unit"),
    [
        ("time", None, None), ("time", "ms", "ms"), ("Time (secs)", None, "s"), ("time [ms]", None, "ms"), ("time_us", "us", "us"),
        ("Time (\u00b5s)", None, "us"),
    ],
)  # fmt: skip
def test_the_unit_stands_in_the_header_or_is_told_or_is_unknown(
    tmp_path: Path, header: str, told: str | None, unit: str | None
) -> None:
    options: dict[str, Any] = {"columns": {"time": header}} | ({"time_unit": told} if told else {})
    assert read_as(tmp_path, f"{header},kind\n5,a\n", "plain", **options).unit == unit


def test_a_first_time_that_is_not_zero_is_kept(tmp_path: Path) -> None:
    assert read_as(tmp_path, "time,kind\n549.233,a\n", "plain").rows["start"].tolist() == [549.233]


def test_decimal_commas_when_told(tmp_path: Path) -> None:
    log = read_as(tmp_path, "start;stop;label\n1,5;2,25;wait\n", "plain", decimal=",")
    assert log.rows[["start", "stop"]].to_numpy().tolist() == [[1.5, 2.25]]


def test_a_single_column(tmp_path: Path) -> None:
    assert read_as(tmp_path, "time\n1\n2\n", "plain").rows["start"].tolist() == [1, 2]


def test_a_quoted_cell_may_hold_the_separator(tmp_path: Path) -> None:
    assert read_as(tmp_path, 'time,kind\n1,"poke, left"\n', "plain").rows["label"].tolist() == ["poke, left"]


def test_hours_minutes_and_seconds(tmp_path: Path) -> None:
    log = read_as(tmp_path, "time,kind\n0:00:01.5,a\n12:00:00.000001,b\n", "plain")
    assert (log.rows["start"].tolist(), log.unit) == ([1.5, 43200.000001], "s")


def test_dates_count_from_midnight_of_the_first_and_heed_their_zones(tmp_path: Path) -> None:
    log = read_as(tmp_path, "time,kind\n2023-04-03T23:59:59.5+02:00,a\n2023-04-03T22:00:00.25Z,b\n", "plain")
    assert (log.rows["start"].tolist(), log.unit) == ([86399.5, 86400.25], "s")
    assert log.notes[0].words == "times are dates; they were counted in s from 2023-04-03T00:00:00+02:00"


def test_microseconds_of_twelve_hours_stay_exact(tmp_path: Path) -> None:
    assert read_as(tmp_path, "time,kind\n43199.999999,a\n43200000001,b\n", "plain").rows["start"].tolist() == [
        43199.999999,
        43200000001,
    ]


def test_rows_are_chosen(tmp_path: Path) -> None:
    text = "file,time,kind\nv1,1,a\nv2,1,b\nv2,2,c\n"
    assert read_as(tmp_path, text, "plain", keep={"file": "v2"}).rows["label"].tolist() == ["b", "c"]


NOTED = {
    "cut line": ("time,animal,kind\n1,a,poke\n2,a", 'line 3, the last, is cut: "2 a" has 2 of 3 cells; it was left out'),
    "out of order": ("time,kind\n2,a\n1,b\n", "1 of 2 events started before the one above in the file; the order of the file was kept"),
    "repeated": ("time,kind\n1,a\n1,a\n", "1 of 2 events have the subject, label, start and stop of another one; all were kept"),
    "overlap": (
        "start,stop,kind\n1,3,a\n2,4,a\n3,5,b\n", "1 of 3 events started while another of the same subject and label lasted; all were kept"
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", NOTED)
def test_what_is_odd_is_noted(tmp_path: Path, kind: str) -> None:
    text, words = NOTED[kind]
    assert [(note.kind, note.words, note.corrected) for note in read_as(tmp_path, text, "plain").notes] == [(kind, words, False)]


ASK = 'write columns = {time = "..."} of moments, or columns = {start = "...", stop = "..."} of bouts'
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("", {}, "is empty"),
    ("time,kind\n", {}, "holds a header and no rows"),
    ("time,kind\n1,a\n,b\n", {}, 'line 3, column "time": is empty; write a time, or take the line out'),
    ("time,kind\nNA,a\n", {}, 'line 2, column "time": "NA" is not a number'),
    ("time,kind\ninf,a\n", {}, 'line 2, column "time": "inf" is not a number'),
    ("time,kind\n1,a\n2\n3,c\n", {}, "line 3 has 1 cells, the header has 2"),
    ("time,kind\n1,5,a\n2,5,b\n", {"separator": "comma"}, "line 2 has 3 cells, the header has 2; are its decimals commas?"),
    ("time;kind\n1,5;a\n", {}, 'line 2, column "time": "1,5" has a comma; if it parts the decimals, write decimal = ","'),
    ("time;kind\n1.5;a\n", {"decimal": ","}, 'line 2, column "time": "1.5" has a decimal point, and decimal says comma'),
    (
        "time,kind\n03/04/2023 12:00,a\n",
        {},
        'line 2, column "time": "03/04/2023 12:00" is a date that may be read two ways; write it as 2023-04-03T12:00:00, or write seconds',
    ),
    (
        "time,kind\n12:30,a\n",
        {},
        'line 2, column "time": "12:30" may be hours and minutes or minutes and seconds; write h:mm:ss, or seconds',
    ),
    ("time,kind\n2023-02-30T12:00:00,a\n", {}, '"2023-02-30T12:00:00" is on a day that does not exist'),
    (
        "time,kind\n1,a\n0:00:02,b\n",
        {},
        'line 3, column "time": "0:00:02" is written otherwise than the times above it; write all times alike',
    ),
    ("time,kind\n0:00:02,b\n", {"time_unit": "ms"}, 'its times are written as "0:00:02", and their unit is said to be ms'),
    (
        "Time (s),kind\n1,b\n",
        {"columns": {"time": "Time (s)"}, "time_unit": "ms"},
        'column "Time (s)" is in s, and time_unit says ms',
    ),
    (
        "start_s,stop_ms\n1,2\n",
        {"columns": {"start": "start_s", "stop": "stop_ms"}},
        'column "stop_ms" is in ms, and column "start_s" says s',
    ),
    (
        "time,kind\n2023-04-03T12:00:00,a\n2023-04-03T12:00:01Z,b\n",
        {},
        'line 3, column "time": "2023-04-03T12:00:01Z" is written otherwise than the times above it; write all times alike',
    ),
    ("from,to,type\n1,2,a\n", {}, f'does not say which column is the time; it has "from", "to", "type"; {ASK}'),
    ("time,start,stop\n1,2,3\n", {}, f'does not say which column is the time; it has "time", "start", "stop"; {ASK}'),
    (
        "time,animal,subject\n1,a,b\n",
        {},
        'columns "animal" and "subject" may each be the subject; write columns = {subject = "..."}',
    ),
    ("time,animal,kind\n1,a", {}, 'line 2, the last, is cut: "1 a" has 2 of 3 cells; it was left out; there is no other row'),
    ("time,kind\n1,a\n", {"columns": {"time": "t"}}, 'has no column "t"; it has "time", "kind"'),
    ("time,x,x\n1,a,b\n", {"columns": {"label": "x"}}, '2 columns are called "x"; give each a name of its own'),
    ("time,kind\n1,a\n", {"keep": {"kind": "b"}}, 'no row has "b" in the column "kind"; found: "a"'),
    ("start,stop,kind\n3,2,a\n", {}, 'event 1, "a", stops at 2 before it starts at 3'),
    (
        "time;x,kind;y\n1;2,3;4\n",
        {},
        'its cells may be parted by semicolon or comma; write separator = "semicolon", or the other',
    ),
    ('time,kind\n1,"a\n2,b\n', {}, "line 3 cannot be split into cells (unexpected end of data)"),
    ("time,kind\n1,k\u00e4se\n".encode("latin-1"), {}, "line 2 is not UTF-8 text; save the file as UTF-8"),
    (b"time,kind\n1,\0\n", {}, "is no text file"),
]  # type: ignore[list-item]


@pytest.mark.parametrize(("text", "options", "words"), REFUSED)
def test_what_is_refused(tmp_path: Path, text: str | bytes, options: dict[str, Any], words: str) -> None:
    assert refusal(tmp_path, text, "plain", **options) == words


def test_times_alone(tmp_path: Path) -> None:
    assert read_as(tmp_path, "1.5\r\n\r\n2.5", "times").rows["start"].tolist() == [1.5, 2.5]
    words = 'line 1: "time" is not a number; a list of times holds one number a line'
    assert refusal(tmp_path, "time\n1\n", "times") == words
