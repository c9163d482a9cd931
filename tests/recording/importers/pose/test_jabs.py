"""JABS: y before x, 0 for missing, and animals that change slots."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from recording.errors import ImportRefused
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.read import read_pose

OPTIONS = PoseOptions(format="jabs")


def write(path: Path, points: np.ndarray, **more: np.ndarray) -> Path:
    with h5py.File(path, "w") as file:
        group = file.create_group("poseest")
        group["points"] = points.astype(np.uint16)
        group["confidence"] = (points != 0).any(axis=-1).astype(np.float32)
        for name, values in more.items():
            group[name] = values
    return path


def two_mice() -> np.ndarray:
    """Points [frame, slot, point, (y, x)]: mouse 7 at (x, y) = (100, 10), mouse 9 at (200, 20); they change slots in frame 1."""
    points = np.zeros((3, 2, 12, 2))
    points[:, 0], points[:, 1] = (10, 100), (20, 200)
    points[1] = points[1, ::-1]
    points[2, 1] = 0
    return points


def test_tracks_and_not_slots_are_animals(tmp_path: Path) -> None:
    track = np.array([[7, 9], [9, 7], [7, 0]], np.uint32)
    pose = read_pose(write(tmp_path / "a.h5", two_mice(), instance_track_id=track, instance_count=np.array([2, 2, 1])), OPTIONS)
    assert pose.animals == ("track_7", "track_9")
    assert pose.points[0] == "nose"
    assert pose.position[:, 0, 0].tolist() == [[100, 10]] * 3
    assert pose.position[:2, 1, 0].tolist() == [[200, 20]] * 2
    assert np.isnan(pose.position[2, 1]).all()


def test_identities_where_the_file_has_them(tmp_path: Path) -> None:
    identity, masked = np.array([[1, 2], [2, 1], [1, 2]]), np.array([[0, 0], [0, 0], [0, 1]])
    pose = read_pose(write(tmp_path / "a.h5", two_mice(), instance_embed_id=identity, id_mask=masked), OPTIONS)
    assert pose.animals == ("identity_1", "identity_2")
    assert pose.position[:, 0, 0].tolist() == [[100, 10]] * 3


def test_a_single_mouse(tmp_path: Path) -> None:
    path = write(tmp_path / "a.h5", two_mice()[:, 0])
    with h5py.File(path, "r+") as file:
        file["poseest"].attrs["cm_per_pixel"] = 0.08
    pose = read_pose(path, OPTIONS)
    assert (pose.position.shape, pose.animals) == ((3, 1, 12, 2), ("animal",))
    assert [note.words for note in pose.notes] == ["the file gives cm_per_pixel = 0.08; positions are left in pixels"]


def test_what_is_none_of_jabs(tmp_path: Path) -> None:
    path = write(tmp_path / "a.h5", np.ones((3, 2, 5, 2)))
    with pytest.raises(ImportRefused, match=r"points has the shape \[3, 2, 5, 2\]; allowed: \[frame, slot, 12, 2\]"):
        read_pose(path, OPTIONS)
    path = write(tmp_path / "b.h5", two_mice())
    with pytest.raises(ImportRefused, match="has no data set instance_track_id; found: confidence, points"):
        read_pose(path, OPTIONS)
