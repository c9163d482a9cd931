"""From a tracker's file to two noses on the session's clock: tracks and points as told, and all that is odd said."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recording.errors import ImportRefused
from recording.importers.pose.checks import check
from recording.importers.pose.choose import choose
from recording.importers.pose.pose import Pose
from recording.importers.session.clocks import Clocks, read_times
from recording.importers.session.gaps import Gap, OnClock, on_clock
from recording.importers.session.space import Frame
from recording.importers.spec.facts import Animal
from recording.importers.spec.files import Tracks


@dataclass(frozen=True)
class Video:
    """The animals of one file. pose: under their own names, checked. frame_s [frame]: on the session's clock. period_s: frame to frame."""

    pose: Pose
    frame_s: np.ndarray
    period_s: float


@dataclass(frozen=True)
class Nose:
    """One animal's nose, frame by frame.

    Attributes
    ----------
    animal : what was told of it
    frame_s : float64 [frame], on the session's clock
    xy : float64 [frame, 2]
        cm in the global frame; NaN where it is missing.
    period_s : from frame to frame
    longest_gap_s : that may be filled
    cut : whether longer ones cut the session
    """

    animal: Animal
    frame_s: np.ndarray
    xy: np.ndarray
    period_s: float
    longest_gap_s: float
    cut: bool

    def on(self, time_s: np.ndarray) -> OnClock:
        """The track at times of the session's clock."""
        return on_clock(self.frame_s, self.xy, time_s, self.period_s)

    def too_long(self, gaps: list[Gap]) -> list[Gap]:
        """Gaps that no straight line may fill."""
        return [gap for gap in gaps if gap.length_s > self.longest_gap_s + 1e-9]

    @property
    def speed_cm_per_s(self) -> np.ndarray:
        """Between positions that follow each other."""
        there = np.isfinite(self.xy).all(axis=1)
        return np.linalg.norm(np.diff(self.xy[there], axis=0), axis=1) / np.diff(self.frame_s[there])


def find_video(
    name: str, pose: Pose, told: Tracks, animals: Sequence[Animal], clocks: Clocks, folder: Path, cm_per_pixel: float
) -> Video:
    """The animals that are told of a file, unlikely points missing, with notes on all that is odd.

    Parameters
    ----------
    name : of the table
    pose : content of the file
    told : of the file
    animals : which of its tracks are wanted, one at least
    clocks : which bring its frames to the session's
    folder : that paths are relative to
    cm_per_pixel : scale of the tracks

    Raises
    ------
    ImportRefused
        A track is not there, two are one animal, or frames have no times that rise.
    """
    where = f"tracks.{name}: {told.file}"
    chosen = choose(pose, [each.name for each in animals], [each.track for each in animals], where=where)
    frame_s = _frame_times(where, pose, told, clocks, folder)
    period = 1 / told.frame_rate_hz if told.frame_rate_hz else float(np.median(np.diff(frame_s)))
    jump = told.largest_speed_cm_per_s * period / cm_per_pixel
    return Video(check(chosen, told.least_likelihood, jump, where), frame_s, period)


def _frame_times(where: str, pose: Pose, told: Tracks, clocks: Clocks, folder: Path) -> np.ndarray:
    """When each frame of a file was taken [frame] s, on the session's clock."""
    if told.frame_rate_hz is not None:
        own = pose.frame / told.frame_rate_hz
    elif told.times is not None:
        times = read_times(folder / told.times)
        if len(times) <= pose.frame.max():
            raise ImportRefused(
                f"{where}: {told.times} holds {len(times)} times, and there are frames up to number {pose.frame.max()}"
            )
        own = times[pose.frame]
    else:
        assert pose.time_s is not None  # `missing` has asked for a rate
        own = pose.time_s
    if len(own) < 2 or not (np.diff(own) > 0).all():
        row = int(np.argmax(~(np.diff(own) > 0))) + 1 if len(own) > 1 else 0
        raise ImportRefused(
            f"{where}: row {row} (frame {pose.frame[row]}) is not later than the one before; frames must follow each other"
        )
    return clocks.to[told.clock](np.asarray(own, np.float64))


def find_nose(animal: Animal, video: Video, told: Tracks, frame: Frame) -> Nose:
    """The nose of one animal of a video.

    Raises
    ------
    ImportRefused
        The file has no such point, or no position of it.
    """
    pose, where = video.pose, f"tracks.{animal.tracks}: {told.file}"
    if animal.point not in pose.points:
        raise ImportRefused(f"{where}: has no point {animal.point!r}; it has {', '.join(pose.points)}")
    xy = frame.to_cm(pose.position[:, pose.animals.index(animal.name), pose.points.index(animal.point)])
    if not np.isfinite(xy).all(axis=1).any():
        raise ImportRefused(f"{where}: {animal.point} of track {animal.track!r} is nowhere as likely as least_likelihood")
    return Nose(animal, video.frame_s, xy, video.period_s, told.longest_gap_s, told.long_gaps == "cut")
