"""SLEAP's analysis files: the layout is read from the file, tracks keep their names, and blanks are no animal."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest

from recording.errors import ImportRefused
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.pose import Pose
from recording.importers.pose.read import read_pose
from tests.fixtures.poses import wandering, write_lines

AXES = ("frame", "track", "node", "xy")
OLD = ("track", "xy", "node", "frame")
OPTIONS = PoseOptions(format="sleap")
POSITION = wandering(5, 2)  # as many tracks as points as coordinates: only the axes' names tell them apart
SCORES = np.linspace(0, 1, 20).reshape(5, 2, 2)


def write(
    path: Path, axes: tuple[str, ...] = OLD, dims: bool = False, tracks: tuple[str, ...] = ("a", "b"), scores: bool = True
) -> Path:
    with h5py.File(path, "w") as file:
        file["tracks"] = POSITION.transpose([AXES.index(axis) for axis in axes])
        file["node_names"] = [b"head", b"tail"]
        file["track_names"] = np.array([name.encode() for name in tracks]) if tracks else np.zeros(0)
        if scores:
            file["point_scores"] = SCORES.transpose([AXES.index(axis) for axis in axes if axis != "xy"])
        if dims:
            file["tracks"].attrs["dims"] = json.dumps(axes)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ImportRefused) as refused:
        read_pose(path, OPTIONS)
    assert "\n" not in str(refused.value)
    return str(refused.value).removeprefix(f"{path}: ")


def assert_is_written(pose: Pose) -> None:
    assert pose.points == ("head", "tail")
    np.testing.assert_array_equal(pose.position, POSITION)
    np.testing.assert_array_equal(pose.likelihood, SCORES)


@pytest.mark.parametrize("axes", [OLD, AXES, ("xy", "node", "track", "frame")])
def test_axes_that_the_file_names(axes: tuple[str, ...], tmp_path: Path) -> None:
    assert_is_written(read_pose(write(tmp_path / "a.h5", axes, dims=True), OPTIONS))


def test_old_layouts(tmp_path: Path) -> None:
    assert_is_written(read_pose(write(tmp_path / "a.h5"), OPTIONS))
    path = write(tmp_path / "kept.h5", ("frame", "node", "xy", "track"))
    with h5py.File(path, "r+") as file:
        file.attrs["transpose"] = False
    assert_is_written(read_pose(path, OPTIONS))


def test_no_scores(tmp_path: Path) -> None:
    assert np.isnan(read_pose(write(tmp_path / "a.h5", scores=False), OPTIONS).likelihood).all()


def test_instances_without_tracks_are_no_animals(tmp_path: Path) -> None:
    pose = read_pose(write(tmp_path / "a.h5", tracks=()), OPTIONS)
    assert pose.animals == ("animal_0", "animal_1")
    assert [note.words for note in pose.notes] == [
        "the file names no tracks; its 2 instances are numbered, which tells no animal from another"
    ]


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    assert refusal(write(tmp_path / "three.h5", tracks=("a", "b", "c"))) == "names 3 tracks, and holds positions of 2"
    assert refusal(write(tmp_path / "twins.h5", tracks=("a", "a"))) == '2 animals are called "a"; names must differ'
    path = write(tmp_path / "axes.h5", dims=True)
    with h5py.File(path, "r+") as file:
        file["tracks"].attrs["dims"] = json.dumps(("frame", "xyz"))
    assert refusal(path) == (
        "tracks has the shape [2, 2, 2, 5] and the axes frame, xyz; allowed: track, xy, node, frame in any order, 2 of xy"
    )
    with h5py.File(path, "r+") as file:
        del file["node_names"]
    assert refusal(path).startswith("has no data set node_names; found: point_scores, track_names, tracks")


HEAD = "track,frame_idx,instance.score,head.x,head.y,head.score,tail.x,tail.y,tail.score"
ROWS = [HEAD, "a,3,0.9,1,2,0.5,3,4,0.6", "b,3,0.9,11,12,0.5,,,", "a,6,0.9,5,6,0.5,7,8,0.6"]


def test_csv_has_a_row_for_each_instance(tmp_path: Path) -> None:
    pose = read_pose(write_lines(tmp_path / "a.csv", ROWS), OPTIONS)
    assert (pose.animals, pose.points, pose.frame.tolist()) == (("a", "b"), ("head", "tail"), [3, 4, 5, 6])
    assert pose.position[0].tolist()[0] == [[1, 2], [3, 4]]
    assert pose.position[3, 0].tolist() == [[5, 6], [7, 8]]
    assert np.isnan(pose.position[1:3]).all()
    assert np.isnan(pose.position[0, 1, 1]).all()
    assert pose.likelihood[0, 0].tolist() == [0.5, 0.6]
    assert [(note.words, note.places) for note in pose.notes] == [("no animal in 2 of 4 frames", ("frame 4", "frame 5"))]


def test_blank_tracks_are_left_out_beside_named_ones(tmp_path: Path) -> None:
    pose = read_pose(write_lines(tmp_path / "a.csv", [*ROWS, ",6,nan,9,9,1,9,9,1"]), OPTIONS)
    assert pose.animals == ("a", "b")
    assert pose.notes[0].words == "1 instance of no track: left out"


def test_blank_tracks_alone_are_numbered_and_told(tmp_path: Path) -> None:
    rows = [HEAD, ",0,nan,1,1,1,2,2,1", ",0,nan,5,5,1,6,6,1", ",1,nan,5,5,1,6,6,1"]
    pose = read_pose(write_lines(tmp_path / "a.csv", rows), OPTIONS)
    assert pose.animals == ("animal_0", "animal_1")
    assert pose.position[1, 0, 0].tolist() == [5, 5]
    assert [note.words for note in pose.notes] == [
        "the file says of no instance which animal it is; up to 2 in a frame are numbered as they come"
    ]


def test_two_instances_of_a_track_in_a_frame(tmp_path: Path) -> None:
    pose = read_pose(write_lines(tmp_path / "a.csv", [*ROWS, "a,3,0.9,99,99,0.5,99,99,0.6"]), OPTIONS)
    assert pose.position[0, 0, 0].tolist() == [1, 2]
    note = next(note for note in pose.notes if note.kind == "two instances")
    assert (note.words, note.places, note.corrected) == (
        "1 instance of a track that has another in the same frame: left out", ("frame 3",), True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([HEAD.replace("head.y", "head.z"), *ROWS[1:]], "is no analysis file of SLEAP: it has no column head.y"),
        (["track,frame_idx", "a,1"], "is no analysis file of SLEAP: it has no column POINT.x"),
        ([HEAD.replace("tail", "head"), *ROWS[1:]], "has two columns head.x; each may be there once"),
        ([HEAD], "holds no frame; its header ends at line 1"),
        ([HEAD, "a,1.5,0.9,1,2,0.5,3,4,0.6"], "line 2: the frame's number is 1.5; allowed: whole numbers from 0"),
        ([HEAD, "a,,0.9,1,2,0.5,3,4,0.6"], "line 2: the frame's number is nan; allowed: whole numbers from 0"),
        ([HEAD, "a,0,0.9,x,2,0.5,3,4,0.6"], 'line 2, head.x: "x" is not a number'),
        (
            [*ROWS, "a,900000000000,0.9,1,2,0.5,3,4,0.6"],
            "899999999998 frames of 2 tracks with 2 points are more than 300000000 numbers; "
            "give a file in which the tracks are joined to animals, or the session alone",
        ),
    ],
)
def test_csv_that_cannot_be_read(rows: list[str], said: str, tmp_path: Path) -> None:
    assert refusal(write_lines(tmp_path / "a.csv", rows)) == said
