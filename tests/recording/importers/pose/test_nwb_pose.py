"""NWB PoseEstimation: points by name, times as the file has them, and what it says wrongly."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from recording.errors import ImportRefused
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.pose import Pose
from recording.importers.pose.read import read_pose

ndx_pose = pytest.importorskip("ndx_pose")
pynwb = pytest.importorskip("pynwb")
pytestmark = pytest.mark.filterwarnings("ignore")

NOSE, TAIL = np.array([[1.0, 2], [3, 4], [5, 6]]), np.array([[11.0, 12], [13, 14], [15, 16]])


def series(name: str, data: np.ndarray, **more: object) -> object:
    given = {"rate": 25.0, "confidence": np.full(len(data), 0.9), "reference_frame": "", "unit": "pixels"} | more
    return ndx_pose.PoseEstimationSeries(
        name=name, data=data, **{key: value for key, value in given.items() if value is not None}
    )


def write(path: Path, animals: Mapping[str, list[object]], subject: str = "") -> Path:
    file = pynwb.NWBFile(session_description="s", identifier="i", session_start_time=datetime(2024, 1, 1, tzinfo=UTC))
    if subject:
        file.subject = pynwb.file.Subject(subject_id=subject, species="Mus musculus")
    module = file.create_processing_module("behavior", "b")
    for name, parts in animals.items():
        skeleton = ndx_pose.Skeleton(name=f"skeleton_{name}", nodes=["tail", "nose"])
        module.add(ndx_pose.Skeletons(name=f"skeletons_{name}", skeletons=[skeleton]))
        module.add(ndx_pose.PoseEstimation(name=name, pose_estimation_series=parts, skeleton=skeleton))
    with pynwb.NWBHDF5IO(path, "w") as io:
        io.write(file)
    return path


def read(path: Path) -> Pose:
    return read_pose(path, PoseOptions(format="nwb"))


def refusal(path: Path) -> str:
    with pytest.raises(ImportRefused) as refused:
        read(path)
    assert "\n" not in str(refused.value)
    return str(refused.value).removeprefix(f"{path}: ")


def words(pose: Pose) -> dict[str, str]:
    return {note.kind: note.words for note in pose.notes}


def test_points_follow_the_skeleton_and_times_the_rate(tmp_path: Path) -> None:
    pose = read(write(tmp_path / "a.nwb", {"mouse": [series("nose", NOSE), series("tail", TAIL, starting_time=0.0)]}, "m1"))
    assert (pose.animals, pose.points) == (("mouse",), ("tail", "nose"))
    np.testing.assert_array_equal(pose.position[:, 0], np.stack([TAIL, NOSE], axis=1))
    assert pose.time_s is not None
    assert pose.time_s.tolist() == [0, 0.04, 0.08]
    assert pose.likelihood[0, 0, 0] == 0.9
    assert pose.notes == ()


def test_names_that_a_writer_put_before_points(tmp_path: Path) -> None:
    parts = [series(f"PoseEstimationSeries{name}", data) for name, data in (("nose", NOSE), ("tail", TAIL))]
    assert read(write(tmp_path / "a.nwb", {"mouse": parts})).points == ("tail", "nose")


def test_times_of_the_file(tmp_path: Path) -> None:
    pose = read(write(tmp_path / "a.nwb", {"mouse": [series("nose", NOSE, rate=None, timestamps=[5.0, 5.04, 5.09])]}))
    assert pose.time_s is not None
    assert pose.time_s.tolist() == [5.0, 5.04, 5.09]


@pytest.mark.parametrize("clock", [{"rate": 1.0}, {"rate": None, "timestamps": [0.0, 1, 2]}])
def test_one_hertz_is_a_count_of_frames(clock: dict[str, object], tmp_path: Path) -> None:
    pose = read(write(tmp_path / "a.nwb", {"mouse": [series("nose", NOSE, **clock)]}))
    assert (pose.time_s, pose.frame.tolist()) == (None, [0, 1, 2])
    assert words(pose)["frame numbers as times"] == (
        "times of mouse/nose are 0, 1 ... 2 in a field of seconds, which would be 1 Hz: taken as numbers of frames; "
        "the frame rate must be told"
    )


def test_frame_numbers_keep_their_holes(tmp_path: Path) -> None:
    pose = read(write(tmp_path / "a.nwb", {"mouse": [series("nose", np.ones((5, 2)), rate=None, timestamps=[3.0, 4, 5, 8, 9])]}))
    assert pose.frame.tolist() == [3, 4, 5, 8, 9]


def test_two_animals_in_one_subject_are_told(tmp_path: Path) -> None:
    pose = read(write(tmp_path / "a.nwb", {"white": [series("nose", NOSE)], "black": [series("nose", TAIL)]}, "m1"))
    assert pose.animals == ("black", "white")
    np.testing.assert_array_equal(pose.position[:, 0, 0], TAIL)
    assert words(pose)["one subject"] == (
        "2 PoseEstimation (black, white) are of one Subject, m1: two animals, or two views of one"
    )


def test_what_the_file_says_of_units_and_axes(tmp_path: Path) -> None:
    more = {"unit": "meters", "conversion": 0.5, "reference_frame": "(0,0) is the bottom left corner"}
    pose = read(write(tmp_path / "a.nwb", {"mouse": [series("nose", NOSE, **more)]}))
    np.testing.assert_array_equal(pose.position[:, 0, 0], NOSE / 2)
    assert words(pose) == {
        "conversion": "1 series are multiplied by their conversion, 0.5, and shifted by 0",
        "unit": "positions are in meters, not in pixels",
        "axes": 'the file says of its axes: "(0,0) is the bottom left corner"; see in the drawing whether y goes up',
        "no subject": "the file does not say which animal it is of",
    }


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (
            [("nose", NOSE, {}), ("tail", np.ones((3, 3)), {})],
            "mouse/tail has 3 coordinates; allowed: 2, x and y of a plane, in every series",
        ),
        (
            [("nose", NOSE, {}), ("tail", TAIL, {"rate": 30.0})],
            "mouse/nose has other times than mouse/tail; allowed: the same in all series",
        ),
        (
            [("nose", NOSE, {}), ("tail", TAIL[:2], {})],
            "mouse/nose has other times than mouse/tail; allowed: the same in all series",
        ),
        (
            [("nose", NOSE, {"rate": None, "timestamps": [0.0, np.nan, 2.0]})],
            "the time of frame 1 is nan; allowed: seconds",
        ),
    ],
)
def test_what_cannot_be_read(parts: list[tuple[str, np.ndarray, dict[str, object]]], said: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.nwb", {"mouse": [series(name, data, **more) for name, data, more in parts]})
    assert refusal(path) == said


def test_no_positions(tmp_path: Path) -> None:
    path = tmp_path / "a.nwb"
    write(path, {})
    assert refusal(path) == "holds no PoseEstimation; give the NWB file that positions were written to"


def test_a_cut_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.nwb", {"mouse": [series("nose", NOSE)]})
    path.write_bytes(path.read_bytes()[:5000])
    assert refusal(path).startswith("cannot be read as NWB (")
