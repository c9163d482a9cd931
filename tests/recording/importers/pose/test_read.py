"""One door for all formats: what a file is, what is no such file, and one line for whatever somebody gives."""

import sys
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from recording.errors import ImportRefused
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.read import EXTRAS, FORMATS, read_pose
from recording.importers.pose.sniff import sniff
from tests.fixtures.poses import pair_lines, write_lines

WELL = ("\n".join(pair_lines()) + "\n").encode()
LIBRARIES = {"slp": "sleap_io", "nwb": "ndx_pose"}


def refusal(path: Path, name: str) -> str:
    """The one line, less the name of the file."""
    pytest.importorskip(LIBRARIES.get(name, "h5py"))
    with pytest.raises(ImportRefused) as refused:
        read_pose(path, PoseOptions.model_validate({"format": name}))
    said = str(refused.value)
    assert said.startswith(f"{path}: ")
    assert_one_line(said)
    assert len(said) < len(str(path)) + 400
    return said.removeprefix(f"{path}: ")


def assert_one_line(said: str) -> None:
    assert said
    assert "\n" not in said


def empty(path: Path) -> None:
    path.write_bytes(b"")


def directory(path: Path) -> None:
    path.mkdir()


def nothing(path: Path) -> None:
    pass


def binary(path: Path) -> None:
    path.write_bytes(np.random.default_rng(0).bytes(5000))


def zeros(path: Path) -> None:
    path.write_bytes(bytes(5000))


def blanks(path: Path) -> None:
    path.write_bytes(b" \n\n,,,\n")


def utf_16(path: Path) -> None:
    path.write_bytes("\n".join(pair_lines()).encode("utf-16"))


def prose(path: Path) -> None:
    path.write_text("The mice, it is said, waited.\nOne of them, the other not.\n")


def wide(path: Path) -> None:
    path.write_text("scorer," + "x" * 3_000_000 + "\n")


def names_by_the_thousand(path: Path) -> None:
    names = ",".join(f"n{number}" for number in range(13_000))
    head = f"scorer{',s' * 13_000}", f"individuals,{names}", f"bodyparts,{names}", f"coords{',x' * 13_000}"
    path.write_text("\n".join([*head, "0" + ",0" * 13_000, ""]))


def names_of_two_lines(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["tracks"] = np.full((1, 2, 1, 3), np.inf)
        file["node_names"] = [b"a\nb"]


def unclosed(path: Path) -> None:
    path.write_text('scorer,"net\nbodyparts,nose\n')


def deep(path: Path) -> None:
    path.write_text("[" * 100_000)


def other_hdf5(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["speed"] = np.arange(5.0)
        file.create_group("poses")


def cut_hdf5(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["tracks"] = np.zeros((2, 2, 3, 5000))
        file["node_names"] = [b"a", b"b", b"c"]
    path.write_bytes(path.read_bytes()[:3000])


def groups_for_data(path: Path) -> None:
    with h5py.File(path, "w") as file:
        for name in ("tracks", "node_names", "track_names", "metadata", "tracks_json", "poseest/points", "frame"):
            file.create_group(name)
        file["frame"].attrs["pandas_type"] = "frame_table"


def texts_for_numbers(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["tracks"] = np.full((1, 2, 1, 3), b"x")
        file["node_names"] = [b"a"]
        file["poseest/points"] = np.full((2, 1, 12, 2), b"x")
        file["poseest/confidence"] = [1.0]


def endless(path: Path) -> None:
    with h5py.File(path, "w") as file:
        for name in ("tracks", "poseest/points"):
            file.create_dataset(name, (10**9, 2, 12, 2), float, chunks=(1000, 2, 12, 2))
        file["node_names"] = [b"a"] * 12


JUNK = [
    empty, directory, nothing, binary, zeros, blanks, utf_16, prose, wide, unclosed, deep, names_by_the_thousand, names_of_two_lines,
    other_hdf5, cut_hdf5, groups_for_data, texts_for_numbers, endless,
]  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("junk", JUNK)
def test_junk_is_refused_in_one_line(name: str, junk: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "file"
    junk(path)
    refusal(path, name)


SAID = {
    empty: "is empty",
    directory: "is a directory; give a file",
    nothing: "cannot be read (No such file or directory)",
    binary: "is no text in UTF-8; save it as CSV in UTF-8",
    utf_16: "is no text in UTF-8; save it as CSV in UTF-8",
    zeros: "is no text; it holds zero bytes",
    blanks: "is empty",
    prose: 'is no table of DeepLabCut: its header has no row "scorer"; needed: scorer, bodyparts, coords',
    wide: "line 1: field larger than field limit (131072)",
    names_by_the_thousand: (
        "1 frames of 13000 tracks with 13000 points are more than 300000000 numbers; "
        "give a file in which the tracks are joined to animals, or the session alone"
    ),
    other_hdf5: "holds no table of pandas; found: poses, speed",
}


@pytest.mark.parametrize("junk", SAID)
def test_what_is_said_of_junk(junk: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "file"
    junk(path)
    assert refusal(path, "deeplabcut") == SAID[junk]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 600), byte=st.binary(min_size=0, max_size=3), cut=st.integers(0, 700))
def test_a_damaged_table_is_read_or_refused(place: int, byte: bytes, cut: int, tmp_path: Path) -> None:
    data = WELL[:cut]
    (tmp_path / "a.csv").write_bytes(data[:place] + byte + data[place + 1 :])
    try:
        found = read_pose(tmp_path / "a.csv", PoseOptions(format="deeplabcut")).position
    except ImportRefused as refused:
        assert_one_line(str(refused))
        return
    assert not np.isinf(found).any()


def test_another_format_is_suggested(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.csv", pair_lines())
    assert refusal(path, "sleap") == (
        'is no analysis file of SLEAP: it has no column track; it seems to be format = "deeplabcut"'
    )


def test_formats_are_known_by_their_content(tmp_path: Path) -> None:
    def of_hdf5(*names: str, **attributes: object) -> str | None:
        with h5py.File(tmp_path / "a.csv", "w") as file:
            for each in names:
                file.create_group(each).attrs.update(attributes)
        return sniff(tmp_path / "a.csv")

    def of_text(text: str) -> str | None:
        (tmp_path / "a.h5").write_text(text)
        return sniff(tmp_path / "a.h5")

    assert of_hdf5("poseest") == "jabs"
    assert of_hdf5("tracks", "node_names") == "sleap"
    assert of_hdf5("metadata", "tracks_json") == "slp"
    assert of_hdf5("any/where", pandas_type="frame_table") == "deeplabcut"
    assert of_hdf5("speed") is None
    assert of_text("\ufeffscorer,net\n") == "deeplabcut"
    assert of_text("track,frame_idx,a.x\n") == "sleap"
    assert of_text('[{"annotations": []}]') == "alphatracker"
    assert of_text("time,animal,kind\n") is None
    assert sniff(tmp_path) is None
    assert sniff(tmp_path / "none") is None


@pytest.mark.parametrize(("name", "library"), [("slp", "sleap_io"), ("nwb", "pynwb")])
def test_a_library_that_is_not_installed_is_named(
    name: str, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("x")
    monkeypatch.delitem(sys.modules, f"recording.importers.pose.formats.{FORMATS[name]}", raising=False)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ImportRefused) as refused:
        read_pose(tmp_path / "a", PoseOptions.model_validate({"format": name}))
    assert str(refused.value) == (
        f"{tmp_path}/a: format = \"{name}\" needs {library}; install it with: pip install 'acc-cooperation[{EXTRAS[name]}]'"
    )


def test_options_are_a_strict_table() -> None:
    assert PoseOptions.model_validate({"format": "jabs", "prefixes": ["a", "b"]}).prefixes == ("a", "b")
    for wrong in ({"format": "csv"}, {"format": "jabs", "prefixes": [""]}, {"format": "jabs", "fps": 30}, {}):
        with pytest.raises(ValidationError):
            PoseOptions.model_validate(wrong)
