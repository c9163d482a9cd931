"""SLEAP's project files, as sleap-io writes them."""

from pathlib import Path

import numpy as np
import pytest

from recording.errors import ImportRefused
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.read import read_pose

sleap_io = pytest.importorskip("sleap_io")
OPTIONS = PoseOptions(format="slp")


def write(path: Path, frames: dict[int, list[object]], tracks: list[object], videos: int = 1) -> Path:
    films = [sleap_io.Video(filename=f"film{number}.mp4", open_backend=False) for number in range(videos)]
    labelled = [
        sleap_io.LabeledFrame(video=films[number % videos], frame_idx=frame, instances=seen)
        for number, (frame, seen) in enumerate(frames.items())
    ]
    skeleton = next(each.skeleton for seen in frames.values() for each in seen)
    sleap_io.save_slp(sleap_io.Labels(labelled, videos=films, skeletons=[skeleton], tracks=tracks), str(path))
    return path


@pytest.fixture
def skeleton() -> object:
    return sleap_io.Skeleton(["head", "tail"])


def predicted(skeleton: object, track: object, x: float) -> object:
    return sleap_io.PredictedInstance.from_numpy(
        np.array([[x, x + 1], [x + 2, np.nan]]), skeleton=skeleton, track=track, point_scores=np.array([0.5, 0.25]), score=1.0
    )


def test_tracks_are_animals_and_what_a_person_placed_counts_first(skeleton: object, tmp_path: Path) -> None:
    one, two = sleap_io.Track("one"), sleap_io.Track("two")
    by_hand = sleap_io.Instance.from_numpy(np.array([[70.0, 71], [72, 73]]), skeleton=skeleton, track=two)
    frames = {4: [predicted(skeleton, one, 10), predicted(skeleton, two, 20), by_hand], 6: [predicted(skeleton, None, 30)]}
    pose = read_pose(write(tmp_path / "a.slp", frames, [one, two]), OPTIONS)
    assert (pose.animals, pose.points, pose.frame.tolist()) == (("one", "two"), ("head", "tail"), [4])
    assert pose.position[0, 0, 0].tolist() == [10, 11]
    assert pose.position[0, 1].tolist() == [[70, 71], [72, 73]]
    assert pose.likelihood[0, 0].tolist() == [0.5, 0.25]
    kinds = {note.kind: note.words for note in pose.notes}
    assert kinds["by hand"] == "placed by hand and without likelihood: 1 of 4 instances"
    assert kinds["no track"] == "1 instance of no track: left out"
    assert np.isnan(pose.position[0, 0, 1]).all()


def test_several_videos_are_no_session(skeleton: object, tmp_path: Path) -> None:
    one = sleap_io.Track("one")
    path = write(tmp_path / "a.slp", {0: [predicted(skeleton, one, 1)], 1: [predicted(skeleton, one, 2)]}, [one], videos=2)
    with pytest.raises(ImportRefused, match="holds frames of 2 videos; export the session's video alone"):
        read_pose(path, OPTIONS)


def test_a_cut_file(skeleton: object, tmp_path: Path) -> None:
    one = sleap_io.Track("one")
    path = write(tmp_path / "a.slp", {0: [predicted(skeleton, one, 1)]}, [one])
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(ImportRefused, match="cannot be read as slp") as refused:
        read_pose(path, OPTIONS)
    assert "\n" not in str(refused.value)
