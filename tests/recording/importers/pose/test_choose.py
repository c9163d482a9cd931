"""Tracks become animals as a person says, in the order asked, and two files of one video become one pose."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recording.errors import ImportRefused
from recording.importers.pose.choose import choose
from recording.importers.pose.join import join
from recording.importers.pose.pose import Pose
from tests.docs.pages import ROOT, blocks
from tests.fixtures.poses import dlc_table, make_pose


def numbered(
    animals: tuple[str, ...], points: tuple[str, ...] = ("nose", "tail"), frame: tuple[int, ...] = (0, 1), **more: object
) -> Pose:
    """Positions that tell where they come from: x = 100 animal + 10 point + frame, y = -x."""
    a, p = np.arange(len(animals))[:, None], np.arange(len(points))
    x = np.array(frame)[:, None, None] + 100.0 * a + 10 * p
    return make_pose(np.stack([x, -x], axis=-1), None, animals, points, frame, **more)


def test_the_page_of_the_reference_shows_what_works(tmp_path: Path) -> None:
    names: dict[str, Any] = {}
    exec(blocks(ROOT / "docs/reference/import-pose.md", "python")[0], names)
    position = numbered(("mouse_black_tail", "mouse_white_tail")).position + 1
    table = dlc_table(position, np.ones((2, 2, 2)), ("mouse_black_tail", "mouse_white_tail"), ("nose", "tail"))
    table.to_csv(tmp_path / "a.csv")
    pair, share = names["import_pair"](tmp_path / "a.csv")
    np.testing.assert_array_equal(pair.position, position[:, ::-1])
    assert share.tolist() == [[1, 1], [1, 1]]


def words(pose: Pose) -> list[str]:
    return [note.words for note in pose.notes]


def test_animals_come_in_the_order_asked_under_their_names() -> None:
    pose = choose(numbered(("t0", "t1", "t2")), ("A", "B"), ("t2", "t0"))
    assert pose.animals == ("A", "B")
    assert pose.position[0, :, 0, 0].tolist() == [200, 0]
    assert words(pose) == ["1 track left out: t1"]


def test_one_animal() -> None:
    pose = choose(numbered(("t0", "t1")), ("A",), ("t1",))
    assert (pose.animals, pose.position.shape) == (("A",), (2, 1, 2, 2))


def test_as_many_tracks_as_animals_are_taken_in_order_and_told() -> None:
    pose = choose(numbered(("t0", "t1")), ("A", "B"))
    assert pose.position[0, :, 0, 0].tolist() == [0, 100]
    assert words(pose) == ["nobody said which track is which animal; in the file's order A is t0, B is t1"]


def test_points_are_taken_by_name() -> None:
    first = numbered(("t0", "t1"), ("nose", "tail"))
    second = numbered(("t0", "t1"), ("tail", "ear", "nose"))
    pose = choose(second, ("A", "B"), ("t0", "t1"), first.points)
    assert pose.points == ("nose", "tail")
    assert pose.position[0, 0, :, 0].tolist() == [20, 0]
    assert words(pose) == [
        "1 point left out: ear",
        "points are in another order than asked for, tail, ear, nose: taken by name",
    ]


def half_seen() -> Pose:
    position = numbered(("t0", "t1", "t2")).position.copy()
    position[0, 1], position[:, 2] = np.nan, np.nan
    return make_pose(position, None, ("t0", "t1", "t2"), ("nose", "tail"))


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "more tracks than animals": (
        lambda: choose(half_seen(), ("A", "B"), where="f.h5"),
        "f.h5: holds 3 tracks for 2 animals; say which track is which animal; tracks and their frames, of 2: t0 (2), t1 (1), t2 (0)",
    ),
    "fewer tracks than animals": (
        lambda: choose(numbered(("animal",)), ("A", "B"), where="f.h5"),
        "f.h5: holds 1 track for 2 animals; give a file that holds as many; tracks and their frames, of 2: animal (2)",
    ),
    "a track that is not there": (
        lambda: choose(numbered(("t0", "t1")), ("A", "B"), ("t0", "t7"), where="f.h5"),
        'f.h5: has no track "t7"; tracks and their frames, of 2: t0 (2), t1 (2)',
    ),
    "a track twice": (
        lambda: choose(numbered(("t0", "t1")), ("A", "B"), ("t0", "t0"), where="f.h5"),
        "f.h5: one track is named twice (t0, t0)",
    ),
    "a name twice": (
        lambda: choose(numbered(("t0", "t1")), ("A", "A"), ("t0", "t1"), where="f.h5"),
        "f.h5: one animal is named twice (A, A)",
    ),
    "one track for two": (
        lambda: choose(numbered(("t0", "t1")), ("A", "B"), ("t0",), where="f.h5"),
        "f.h5: 1 track named for 2 animals; name one for each",
    ),
    "a point that is not there": (
        lambda: choose(numbered(("t0",)), ("A",), (), ("snout",), where="f.h5"),
        'f.h5: has no point "snout"; found: nose, tail',
    ),
    "a track that is never seen": (
        lambda: choose(half_seen(), ("A",), ("t2",), where="f.h5"),
        'f.h5: track "t2", named for A, is seen in no frame; tracks and their frames, of 2: t0 (2), t1 (1), t2 (0)',
    ),
    "files of other frames": (
        lambda: join([numbered(("A",), frame=(0, 1)), numbered(("B",), frame=(5, 6))], "a.csv, b.csv"),
        "a.csv, b.csv: the files have no frame in common (0 to 1, 5 to 6); give files of one video",
    ),
    "files of other points": (
        lambda: join([numbered(("A",), ("nose",)), numbered(("B",), ("ear",))], "a.csv, b.csv"),
        "a.csv, b.csv: the files have no point in common (nose and ear); give files of one set of points",
    ),
    "animals of one name": (
        lambda: join([numbered(("A",)), numbered(("A",))], "a.csv, b.csv"),
        "a.csv, b.csv: two animals have one name (A, A); give each its own",
    ),
    "frames that run back": (
        lambda: join([numbered(("A",)), numbered(("B",), frame=(1, 0))], "a.csv, b.csv"),
        "a.csv, b.csv: frames of B do not run forward, so they cannot be matched by number",
    ),
    "other times": (
        lambda: join([numbered(("A",), time_s=(0.0, 0.04)), numbered(("B",), time_s=(0.0, 0.05))], "a.nwb, b.nwb"),
        "a.nwb, b.nwb: frame 1 is at 0.040000 s in one file and 0.050000 s in another",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(case: str) -> None:
    ask, said = REFUSED[case]
    with pytest.raises(ImportRefused) as refused:
        ask()
    assert str(refused.value) == said


def test_two_files_are_matched_by_frame_and_point() -> None:
    one = numbered(("A",), ("nose", "tail", "ear"), (0, 1, 2, 3), time_s=(0.0, 0.1, 0.2, 0.3))
    other = numbered(("B",), ("tail", "nose"), (1, 2, 5))
    pair = join([one, other])
    assert (pair.animals, pair.points, pair.frame.tolist()) == (("A", "B"), ("nose", "tail"), [1, 2])
    assert pair.position[:, 0, :, 0].tolist() == [[1, 11], [2, 12]]
    assert pair.position[:, 1, :, 0].tolist() == [[11, 1], [12, 2]]
    assert pair.time_s is not None
    assert pair.time_s.tolist() == [0.1, 0.2]
    assert words(pair) == [
        "1 point left out: ear",
        "points are in another order than asked for, tail, nose: taken by name",
        "2 frames of A in no other file: left out",
        "1 frame of B in no other file: left out",
    ]
