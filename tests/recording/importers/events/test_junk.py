"""Junk: whatever a file holds, every reader either reads it or refuses it in one line, and `sniff` raises nothing."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recording.errors import ImportRefused
from recording.importers.events import text
from recording.importers.events.read import FORMATS, sniff
from tests.recording.importers.events.options import one_line_of, read
from tests.recording.importers.events.test_boxes import AGGREGATED, BORIS, ENCODER, MEDPC, PYCONTROL, TRIAL, bpod_file, json_trial

# format -> options with which a good file of it is read
OPTIONS: dict[str, dict[str, Any]] = {
    "plain": {}, "times": {}, "boris": {}, "bpod": {}, "medpc": {"arrays": {"times": "D", "codes": "E"}, "tick": "10 ms"}, "pycontrol": {},
    "bonsai": {"clock": "us_counter"},
}  # fmt: skip
GOOD: dict[str, list[bytes]] = {
    "plain": [b"start,stop,kind\n1,2,a\n3,4,b\n"],
    "times": [b"1.5\n2.5\n"],
    "boris": [BORIS.encode() + b"1\ta\ts\tPOINT\n", AGGREGATED.encode() + b"o,a,s,,STATE,1,2\n"],
    "bpod": [bpod_file(TRIAL, 10.0, 12.0), json_trial(1).encode()],
    "medpc": [MEDPC.encode()],
    "pycontrol": [PYCONTROL.encode()],
    "bonsai": [ENCODER.encode(), b"5 1\n6 1\n"],
}
JUNK = {
    "empty": b"", "blanks": b" \n\n\t\n", "zeros": bytes(1000), "binary": bytes(range(256)) * 4, "one line": b"time,kind",
    "prose": b"Dear all,\nhere is the data.\n\nBest\n", "json": b'{"observations": 3, "behaviors_conf": []}', "deep": b"[" * 10_000,
    "html": b"<html><body><table><tr><td>1</td></tr></table></body></html>", "png": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "matlab head": b"MATLAB 5.0 MAT-file" + bytes(200), "hdf5 head": b"\x89HDF\r\n\x1a\n" + bytes(50), "long line": b"x" * 300_000,
    "quotes": b'"' * 999, "separators": b",;\t, ;\n;,\t\n", 
    "huge number": b"time,kind\n" + b"9" * 5000 + b",a\n",
    "bom only": b"\xef\xbb\xbf",
    "odd utf-16": b"\xff\xfea", 
    "surrogate": b"\xff\xfe\x00\xd8", "separator line": "time,kind\u2028\n1,a".encode(),
}  # fmt: skip


def read_or_refuse(path: Path, form: str) -> None:
    """Read a file, or check that it is refused in one line that names it."""
    try:
        assert len(read(path, form, **OPTIONS[form]).rows)
    except ImportRefused as error:
        one_line_of(error, path)


@pytest.mark.parametrize("name", JUNK)
def test_junk_of_every_kind_for_every_reader(tmp_path: Path, name: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(JUNK[name])
    assert sniff(path) in (None, *FORMATS)
    for form in FORMATS:
        read_or_refuse(path, form)


def test_good_files_are_known_by_their_content_and_refused_by_other_readers(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for form, contents in GOOD.items():
        for content in contents:
            path.write_bytes(content)
            assert sniff(path) == form
            assert len(read(path, form, **OPTIONS[form]).rows)
            for other in FORMATS:
                read_or_refuse(path, other)


@given(st.sampled_from(sorted(GOOD)), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
def test_cut_and_damaged_files(tmp_path: Path, form: str, data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(GOOD[form])))
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "file"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    sniff(path)
    read_or_refuse(path, form)


def test_what_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    big = tmp_path / "big"
    big.write_bytes(b"time,kind\n1,a\n")
    monkeypatch.setattr(text, "MOST_BYTES", 10)
    told = {tmp_path: "is no file; name one file of events", tmp_path / "none": "cannot be read (No such file or directory)"}
    told[big] = "holds 0 MB; a file of events holds at most 0 MB"
    for path, words in told.items():
        assert sniff(path) is None
        for form in FORMATS:
            with pytest.raises(ImportRefused) as refused:
                read(path, form, **OPTIONS[form])
            assert str(refused.value) == f"{path}: {words}"
