"""AlphaTracker: a box starts each animal, its points follow, and nothing says which animal it is."""

import json
from pathlib import Path

import numpy as np
import pytest

from recording.errors import ImportRefused
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.read import read_pose

OPTIONS = PoseOptions(format="alphatracker")
BOX = {"class": "Face", "x": 0.0, "y": 0.0, "width": 3.0, "height": 3.0}


def point(x: float, y: float) -> dict[str, object]:
    return {"class": "point", "x": x, "y": y}


def write(path: Path, images: object) -> Path:
    path.write_text(json.dumps(images))
    return path


def image(*annotations: dict[str, object]) -> dict[str, object]:
    return {"annotations": list(annotations), "class": "image", "filename": "img.png"}


def test_animals_are_numbered_in_each_image(tmp_path: Path) -> None:
    images = [image(BOX, point(1, 2), point(3, 4), BOX, point(5, 6), point(7, 8)), image(), image(BOX, point(9, 9), point(8, 8))]
    pose = read_pose(write(tmp_path / "a.json", images), OPTIONS)
    assert (pose.animals, pose.points) == (("animal_0", "animal_1"), ("point_0", "point_1"))
    assert pose.position[0].tolist() == [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
    assert np.isnan(pose.position[1]).all()
    assert [note.kind for note in pose.notes] == ["no identity", "empty frames"]


@pytest.mark.parametrize(
    ("images", "said"),
    [
        ({"annotations": []}, "is no file of AlphaTracker: allowed is a list of images with annotations"),
        (
            [image(BOX, point(1, 1)), image(BOX, point(1, 1), point(2, 2))],
            "animals have 1 to 2 points; allowed: the same number in all",
        ),
        ([image(point(1, 1))], "image 0: its annotations must be boxes (Face), each before its points with x and y"),
        (
            [image(BOX, {"class": "point", "x": 1})],
            "image 0: its annotations must be boxes (Face), each before its points with x and y",
        ),
        ([image()], "holds no animal with points; give a file with at least one"),
        ([image(BOX, point(1, float("inf")))], "point_0 of animal is infinite in frame 0; a missing point is written nan"),
    ],
)
def test_what_cannot_be_read(images: object, said: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", images)
    with pytest.raises(ImportRefused) as refused:
        read_pose(path, OPTIONS)
    assert str(refused.value) == f"{path}: {said}"
