"""Each oddity, planted in an otherwise clean pose: found, counted, placed, in these words, and left as it is unless the note says so."""

from dataclasses import replace

import numpy as np
import pytest

from recording.errors import ImportRefused
from recording.importers.note import Note
from recording.importers.pose.checks import check, coverage
from recording.importers.pose.pose import Pose
from tests.fixtures.poses import make_pose, wandering

POINTS = ("nose", "tail", "ear")


def clean(n: int = 60) -> Pose:
    return make_pose(wandering(n), points=POINTS)


def found(pose: Pose, least_likelihood: float | None = None, jump: float | None = 50) -> list[Note]:
    """What all checks say; they leave every position as it was."""
    checked = check(pose, least_likelihood, jump, "f.csv")
    if least_likelihood is None:
        np.testing.assert_array_equal(checked.position, pose.position)
    return list(checked.notes)


def changed(pose: Pose, where: tuple[object, ...], value: object) -> Pose:
    position = pose.position.copy()
    position[where] = value
    return replace(pose, position=position)


def test_a_clean_pose_has_nothing_to_tell() -> None:
    assert found(clean()) == []
    assert coverage(clean()).tolist() == [[1, 1, 1], [1, 1, 1]]


def test_one_frame_and_one_animal() -> None:
    assert found(clean(1)) == []
    pose = clean()
    assert found(replace(pose, position=pose.position[:, :1], likelihood=pose.likelihood[:, :1], animals=("a",))) == []


def test_missing_points() -> None:
    pose = changed(changed(clean(), (slice(0, 15), 0, 1), np.nan), (slice(0, 3), 0), np.nan)
    assert found(pose) == [
        Note(
            "missing",
            "a: 21 of 180 points missing (11.7 %); no point known in 3 frames",
            21,
            ("tail in 15 frames", "nose in 3 frames", "ear in 3 frames"),
        )
    ]
    np.testing.assert_allclose(coverage(pose), [[0.95, 0.75, 0.95], [1, 1, 1]])


def test_nothing_known_at_all() -> None:
    pose = changed(clean(), (slice(None), 1), np.nan)
    assert [note.kind for note in found(pose)] == ["missing"]


def test_unlikely_points_become_missing() -> None:
    pose = clean()
    pose.likelihood[[4, 7], 1, 2] = 0.59
    pose.likelihood[9, 0, 0] = 0.6
    checked = check(pose, 0.6, None)
    assert np.argwhere(np.isnan(checked.position[..., 0])).tolist() == [[4, 1, 2], [7, 1, 2]]
    assert checked.notes[0] == Note(
        "unlikely", "a likelihood below 0.6 in 2 points: taken as missing", 2, ("frame 4", "frame 7"), corrected=True
    )
    assert not np.isnan(pose.position).any()


def test_a_point_without_a_likelihood_stays() -> None:
    pose = clean()
    pose.likelihood[:] = np.nan
    assert found(pose, 0.6) == []


def test_a_jump_and_back() -> None:
    pose = clean()
    pose = changed(pose, (20, 0, 1), pose.position[19, 0, 1] + [300, 400])
    notes = found(pose)
    assert [note.kind for note in notes] == ["jump"]
    assert notes[0].words.startswith("tail of a moves more than 50 in a frame 2 times, at most 50")
    assert notes[0].places[0] == "frame 19 to 20: 500.0"


def test_a_move_over_missing_frames_is_held_against_their_time() -> None:
    pose = changed(clean(), (slice(20, 30), 0, 1), np.nan)
    far = changed(pose, (slice(30, None), 0, 1), pose.position[30:, 0, 1] + [300, 400])
    assert [note.kind for note in found(far)] == ["missing"]
    assert [note.kind for note in found(far, jump=40)] == ["missing", "jump"]


def test_a_tail_that_goes_over_to_the_other_animal() -> None:
    pose = clean()
    pose = changed(pose, (slice(20, 25), 0, 1), pose.position[20:25, 1, 1] + [0, 1])
    note = next(note for note in found(pose) if note.kind == "jump")
    assert "; once it lands where tail of another animal was" in note.words
    assert [place.split(":")[0] for place in note.places] == ["frame 19 to 20", "frame 24 to 25"]


def test_animals_that_change_places() -> None:
    pose = clean()
    pose = changed(pose, (slice(20, 40),), pose.position[20:40, ::-1])
    swap = next(note for note in found(pose) if note.kind == "swap")
    assert swap == Note(
        "swap", "a and b seem to change places 2 times; identities may be swapped", 2, ("frame 19 to 20", "frame 39 to 40")
    )


def test_animals_that_meet_do_not_change_places() -> None:
    position = wandering()
    position[:, 1] = position[:, 0] + np.random.default_rng(1).normal(size=(60, 1, 2))
    assert [note for note in found(make_pose(position, points=POINTS)) if note.kind == "swap"] == []


def test_copied_tracks_are_refused() -> None:
    pose = clean()
    pose = changed(pose, (slice(10, None), 1), pose.position[10:, 0] * (1 + 1e-9))
    with pytest.raises(ImportRefused) as refused:
        found(pose)
    assert str(refused.value) == (
        "f.csv: a and b are the same numbers in 150 of 180 points: one animal, not two; give the file of a pair"
    )


def test_points_at_one_place_are_told() -> None:
    pose = clean()
    pose = changed(pose, (slice(10, 13), 1, 0), pose.position[10:13, 0, 0])
    assert found(pose, jump=None) == [
        Note("same place", "a and b have 3 points at exactly the same place", 3, ("frame 10", "frame 11", "frame 12"))
    ]


@pytest.mark.parametrize(
    ("frame", "note"),
    [
        (
            [*range(10), *range(12, 40), *range(45, 67)],
            Note("lost frames", "the numbers of frames leave out 7 frames", 7, ("9 to 12 in row 10", "39 to 45 in row 38")),
        ),
        (
            [*range(10), 9, *range(10, 59)],
            Note("repeated frames", "1 frame with the number of the one before", 1, ("9 to 9 in row 10",)),
        ),
        (
            [*range(10), *range(7, 57)],
            Note("frames back", "the numbers of frames step back once", 1, ("9 to 7 in row 10",)),
        ),
        (
            [*range(30), *range(30)],
            Note(
                "counter",
                "the numbers of frames begin anew once: a restart, a second file or a counter's end",
                1,
                ("29 to 0 in row 30",),
            ),
        ),
    ],
)
def test_numbers_of_frames(frame: list[int], note: Note) -> None:
    assert found(replace(clean(), frame=np.array(frame))) == [note]


def test_times_that_run_back() -> None:
    time = np.arange(60) / 30
    time[20] = time[18]
    assert found(replace(clean(), time_s=time)) == [
        Note("times back", "times do not run forward once", 1, ("19 to 20 in row 20",))
    ]


def test_numbers_that_stand_still() -> None:
    pose = changed(clean(), (slice(20, 32), 1), clean().position[20, 1])
    assert found(pose) == [
        Note("stale", "b has the same numbers to the last digit for 10 frames or more, 12 frames in all", 12, ("frame 20 to 31",))
    ]
    assert found(changed(clean(600), (slice(20, 29), 1), clean(600).position[20, 1])) == []


def test_every_frame_twice() -> None:
    pose = make_pose(np.repeat(wandering(30), 2, axis=0), points=POINTS)
    assert [note.words for note in found(pose)] == [
        f"{name} repeats the numbers of the frame before in 30 of 60 frames; is the frame rate lower than told?" for name in "ab"
    ]
