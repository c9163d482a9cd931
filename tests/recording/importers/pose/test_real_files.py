"""Real files of trackers: the numbers that were computed from their bytes by other means."""

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pytest

from recording.errors import ImportRefused
from recording.importers.pose.checks import check, coverage
from recording.importers.pose.choose import choose, frames_seen
from recording.importers.pose.join import join
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.pose import Pose
from recording.importers.pose.read import read_pose
from recording.importers.pose.sniff import sniff
from tests.fixtures.real_files import real

LIBRARIES = {"slp": "sleap_io", "nwb": "ndx_pose"}


@cache
def read(file: str, *prefixes: str) -> Pose:
    path = real(file)
    name = sniff(path)
    assert name is not None
    pytest.importorskip(LIBRARIES.get(name, "h5py"))
    return read_pose(path, PoseOptions.model_validate({"format": name, "prefixes": prefixes}))


@dataclass(frozen=True)
class Right:
    """shape: frames, animals, points. missing: points. at: (frame, animal, point) -> x, y, or None if missing. mean: animal -> of x, y."""

    shape: tuple[int, int, int]
    missing: int
    at: dict[tuple[int, str, str], tuple[float, float] | None]
    mean: dict[str, tuple[float, float]] = field(default_factory=dict)
    valid: dict[str, int] = field(default_factory=dict)
    prefixes: tuple[str, ...] = ()


BLACK, WHITE = "mouse_black_tail", "mouse_white_tail"
RIGHT = {
    "pose/dlc_2mice_4row.csv": Right(
        (97, 2, 14),
        679,
        {(0, BLACK, "Nose"): (188.547, 379.996), (96, WHITE, "Right_fhip"): None},
        {BLACK: (324.5642, 335.1109), WHITE: (258.3393, 356.7166)},
        {BLACK: 1014, WHITE: 1023},
    ),
    "pose/dlc_2mice_df_with_missing.h5": Right((100, 2, 14), 700, {(99, WHITE, "Right_fhip"): (285.167, 358.714)}),
    "pose/dlc_2mice_prefix.h5": Right(
        (100, 2, 14),
        0,
        {(0, "B", "Nose"): (261.76999, 215.63528), (99, "W", "Right_fhip"): (179.03423, 316.63007)},
        prefixes=("B_", "W_"),
    ),
    "pose/dlc_1mouse_3row.csv": Right(
        (300, 1, 4),
        0,
        {(0, "animal", "snout"): (76.67398834, 88.24728394), (299, "animal", "tailbase"): (284.1350708, 79.80461121)},
    ),
    "pose/sleap_2flies.analysis.h5": Right(
        (3000, 2, 13),
        1526,
        {(0, "track_0", "head"): (756.8067627, 240.48591614), (2999, "track_1", "eyeR"): (631.6618042, 248.5123291)},
        {"track_0": (616.2613, 400.5643), "track_1": (583.0581, 540.2530)},
    ),
    "pose/sleap_no_tracks.analysis.h5": Right(
        (3, 1, 3), 0, {(0, "animal", "top"): (322.876, 60.30785), (2, "animal", "rear"): (143.40972, 181.86607)}
    ),
    "pose/sleap_2animals_clip.predictions.slp": Right(
        (1500, 2, 2),
        142 + 52 * 2,
        {
            (0, "female", "head"): (447.43271, 390.61200),
            (0, "female", "thorax"): (400.19818, 420.67697),
            (0, "male", "head"): (332.74493, 444.57593),
            (1499, "male", "thorax"): None,
        },
    ),
    "pose/sleap_2flies_27tracks.slp": Right((400, 14, 24), 117160, {(0, "1", "head"): (201, 186)}),
    "pose/sleap_minimal_blank_track.analysis.csv": Right(
        (1, 1, 2), 0, {(0, "animal", "A"): (205.93005, 187.88964), (0, "animal", "B"): (278.63521, 203.36587)}
    ),
    "pose/alphatracker.json": Right((4, 2, 3), 0, {(0, "animal_0", "point_0"): (1, 2), (0, "animal_1", "point_2"): (2, 4)}),
    "pose/jabs_pose_v3_upto5.h5": Right((1800, 232, 12), 1800 * 232 * 12 - 48881, {(0, "track_37", "nose"): (654, 86)}),
    "nwb/dlc2nwb_1mouse_no_subject.nwb": Right(
        (2330, 1, 4),
        0,
        {(0, "PoseEstimation", "ind1_snout"): (77.298, 88.876), (2329, "PoseEstimation", "ind1_snout"): (440.529, 438.939)},
    ),
    "nwb/neuroconv_pair_black.nwb": Right((100, 1, 14), 351, {(0, "PoseEstimationDeepLabCut", "Nose"): (188.547, 379.996)}),
    "nwb/neuroconv_pair_white.nwb": Right((100, 1, 14), 349, {(0, "PoseEstimationDeepLabCut", "Nose"): (294.166, 332.475)}),
}


@pytest.mark.parametrize("file", RIGHT)
def test_positions_are_those_of_the_file(file: str) -> None:
    right = RIGHT[file]
    pose = read(file, *right.prefixes)
    assert pose.position.shape == (*right.shape, 2)
    assert int(np.isnan(pose.position[..., 0]).sum()) == right.missing
    for (frame, animal, point), place in right.at.items():
        found = pose.position[frame, pose.animals.index(animal), pose.points.index(point)]
        np.testing.assert_allclose(found, place or (np.nan, np.nan), rtol=0, atol=5e-4)
    for animal, mean in right.mean.items():
        here = pose.position[:, pose.animals.index(animal)]
        np.testing.assert_allclose(np.nanmean(here, axis=(0, 1)), mean, atol=5e-5)
    for animal, count in right.valid.items():
        assert coverage(pose)[pose.animals.index(animal)].sum() * len(pose.frame) == pytest.approx(count)


REFUSED = {
    "pose/dlc_labels_3index_cols_single.csv": (
        'is a table of labelled images ("labeled-data/video/img000.png" ...), no recording; '
        "give the positions DeepLabCut tracked in the video"
    ),
    "nwb/ndxpose_0.1.1.nwb": "PoseEstimation/front_left_paw has 3 coordinates; allowed: 2, x and y of a plane, in every series",
    "nwb/units_blank_subject.nwb": "holds no PoseEstimation; give the NWB file that positions were written to",
}


@pytest.mark.parametrize("file", REFUSED)
def test_what_is_no_recording_in_a_plane_is_refused(file: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        read(file)
    assert str(refused.value) == f"{real(file)}: {REFUSED[file]}"


def test_the_csv_of_a_recording_is_the_beginning_of_its_h5() -> None:
    text, table = read("pose/dlc_2mice_4row.csv"), read("pose/dlc_2mice_df_with_missing.h5")
    np.testing.assert_array_equal(text.position, table.position[:97])
    assert text.points == table.points
    assert text.likelihood[0, 0, 0] == pytest.approx(0.991)


def test_missing_points_are_counted_for_each_animal() -> None:
    pose = check(read("pose/dlc_2mice_4row.csv"), least_likelihood=None, jump=None)
    words = [note.words for note in pose.notes if note.kind == "missing"]
    assert words == [
        "0, 0 with likelihood 0 in 679 of 2716 points: taken as missing",
        "mouse_black_tail: 344 of 1358 points missing (25.3 %); no point known in 3 frames",
        "mouse_white_tail: 335 of 1358 points missing (24.7 %)",
    ]


def test_jumps_of_tails_and_noses_are_told_and_not_repaired() -> None:
    read_in = read("pose/dlc_2mice_df_with_missing.h5")
    pose = check(read_in, least_likelihood=None, jump=170)
    notes = {note.words.split(" moves")[0]: note for note in pose.notes if note.kind == "jump"}
    tail = notes["Tail_1 of mouse_white_tail"]
    assert [place[:15] for place in tail.places[:4]] == [f"frame {a} to {a + 1}: 2" for a in (2, 3, 4, 5)]
    assert notes["Tail_2 of mouse_white_tail"].places[0] == "frame 1 to 2: 235.3"
    assert notes["Nose of mouse_black_tail"].places[:2] == ("frame 1 to 2: 177.5", "frame 2 to 3: 177.4")
    assert "where Tail_1 of another animal was" in tail.words
    np.testing.assert_array_equal(pose.position, read_in.position)


def test_three_copies_of_one_mouse_are_no_pair() -> None:
    pose = read("pose/dlc_3tracks_one_mouse_copied.csv")
    with pytest.raises(ImportRefused, match="A and B are the same numbers in 800 of 800 points: one animal, not two"):
        check(choose(pose, ("A", "B"), ("ind1", "ind3")), None, None)


def test_names_that_bear_animals_are_noticed() -> None:
    note = next(note for note in read("pose/dlc_2mice_prefix.h5").notes if note.kind == "prefixes")
    assert note.words == "names of the 28 points look like 2 animals; say prefixes = ['B_', 'W_'] if they are"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("pose/sleap_no_tracks.analysis.h5", "holds 1 track for 2 animals; give a file that holds as many"),
        (
            "pose/jabs_pose_v3_upto5.h5",
            "holds 232 tracks for 2 animals; say which track is which animal; tracks and their frames",
        ),
        ("pose/sleap_2flies_27tracks.slp", r"tracks and their frames, of 400: 1 \(400\), 2 \(400\), 13 \(15\), 7 \(5\)"),
    ],
)
def test_a_pair_is_not_picked_from_other_numbers_of_tracks(file: str, said: str) -> None:
    with pytest.raises(ImportRefused, match=said):
        choose(read(file), ("A", "B"))


def test_the_pair_of_27_tracks_when_named() -> None:
    pose = choose(read("pose/sleap_2flies_27tracks.slp"), ("A", "B"), ("1", "2"))
    assert frames_seen(pose).tolist() == [400, 400]


def test_each_animal_of_the_clip_is_seen_in_its_frames() -> None:
    pose = read("pose/sleap_2animals_clip.predictions.slp")
    placed = ~np.isnan(pose.likelihood).all(axis=2)
    assert placed.sum(axis=0).tolist() == [1500, 1448]
    assert int(np.isnan(pose.position).sum()) == 492


def test_places_of_mice_in_the_jabs_file_are_x_and_y() -> None:
    pose = read("pose/jabs_pose_v3_upto5.h5")
    mean = np.nanmean(pose.position.reshape(-1, 2), axis=0)
    np.testing.assert_allclose(mean, (620.778, 122.684), atol=5e-4)


def test_frame_numbers_in_a_field_of_seconds_are_no_times() -> None:
    pose = read("nwb/dlc2nwb_1mouse_no_subject.nwb")
    assert pose.time_s is None
    assert pose.frame[-1] == 2329
    assert [note.kind for note in pose.notes] == ["frame numbers as times", "axes", "no subject"]
    assert pose.notes[0].words == (
        "times of PoseEstimation/ind1_snout are 0, 1 ... 2329 in a field of seconds, which would be 1 Hz: "
        "taken as numbers of frames; the frame rate must be told"
    )


def test_a_pair_in_two_files_is_joined_when_told() -> None:
    black, white = (choose(read(f"nwb/neuroconv_pair_{name}.nwb"), (name,)) for name in ("black", "white"))
    pair = join([black, white])
    assert pair.animals == ("black", "white")
    assert pair.time_s is not None
    assert pair.time_s[-1] == pytest.approx(99 / 25)
    table = read("pose/dlc_2mice_df_with_missing.h5")
    np.testing.assert_array_equal(pair.position, table.position)
    nose = np.isnan(pair.position[:, :, pair.points.index("Nose"), 0]).sum(axis=0)
    assert nose.tolist() == [15, 51]
