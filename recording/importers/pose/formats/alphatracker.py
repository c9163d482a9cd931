"""AlphaTracker: JSON with an entry for each image, in which a box starts each animal and its points follow."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from recording.errors import ImportRefused
from recording.importers.pose.formats.instances import UNTRACKED, Instances, pose_of
from recording.importers.pose.formats.text_file import read_text
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.pose import Pose

BOX, POINT = "Face", "point"


def read(path: Path, options: PoseOptions) -> Pose:
    """Positions of a file of AlphaTracker; frames are its images in their order, and points are numbered.

    Raises
    ------
    ImportRefused
        It is no JSON, or none of AlphaTracker's; animals differ in how many points they have.
    """
    images = _images(path)
    animals = [(number, points) for number, image in enumerate(images) for points in _animals(path, number, image)]
    counts = {len(points) for _, points in animals}
    if len(counts) > 1:
        raise ImportRefused(f"{path}: animals have {min(counts)} to {max(counts)} points; allowed: the same number in all")
    if counts <= {0}:
        raise ImportRefused(f"{path}: holds no animal with points; give a file with at least one")
    frame = np.array([number for number, _ in animals])
    position = np.array([points for _, points in animals], float)
    seen = Instances(frame, np.full(len(frame), UNTRACKED), position, np.full(position.shape[:2], np.nan))
    return pose_of(path, seen, [], [f"point_{number}" for number in range(position.shape[1])], np.arange(len(images)))


def _images(path: Path) -> list[Any]:
    try:
        images = json.loads(b"\n".join(read_text(path).lines))
    except (ValueError, RecursionError) as error:
        raise ImportRefused(f"{path}: is no JSON, it may be cut off ({error})") from None
    if not isinstance(images, list) or not all(isinstance(image, dict) and "annotations" in image for image in images):
        raise ImportRefused(f"{path}: is no file of AlphaTracker: allowed is a list of images with annotations")
    return images


def _animals(path: Path, number: int, image: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """Points of each animal of an image."""
    animals: list[list[tuple[float, float]]] = []
    try:
        for each in image["annotations"]:
            if each["class"] == BOX:
                animals.append([])
            elif each["class"] == POINT:
                animals[-1].append((float(each["x"]), float(each["y"])))
    except (KeyError, TypeError, ValueError, IndexError):
        raise ImportRefused(
            f"{path}: image {number}: its annotations must be boxes ({BOX}), each before its points with x and y"
        ) from None
    return animals
