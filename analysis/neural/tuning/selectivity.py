"""Which cells tell by their activity what the animal or its partner does: auROC with a circular-shift null.

The null keeps each cell's own rhythm and each behaviour's bouts and breaks only the relation between them: all behaviours are
moved together by `shifts` random shifts, each at least `min_shift` from zero in both directions, up to half a session.

    p = (1 + #(draws with |auROC - 1/2| at least the recording's)) / (1 + draws)

Two-sided, never 0, ties against. Then, for each behaviour over its cells, false discovery is controlled (`analysis.core.discovery`).
Three things to know:

- p is at least 1 / (1 + draws). With m cells, at level q, the rule takes nothing unless m / ((1 + draws) q) cells reach that floor:
  8 of 400 cells with 1000 draws at 0.05. More draws lower the floor; but once they lie closer than activity's own memory they
  repeat each other, and p claims more than the session holds (measured in docs/reference/selectivity.md).
- A cell that drifts over the session beside a behaviour that grows rare is tuned to it by this measure: shifts break both.
- The draws are the same for every cell and behaviour.
"""

from dataclasses import dataclass

import numpy as np

from analysis.core.discovery import false_discovery
from analysis.core.nulls import draw_shifts
from analysis.neural.inputs.frames import Frames
from analysis.neural.tuning.auroc import auroc, excess_over_free, excess_over_others
from compute.threads import in_threads
from params.schema.measures import Selectivity as Settings
from recording import RecordingError

CELLS_AT_ONCE = 64  # bounds the memory of a worker; no number depends on it
EXCESS = {"others": excess_over_others, "free": excess_over_free}


@dataclass(frozen=True, eq=False)
class Selectivity:
    """Tuning of cells to behaviours.

    behaviours: names. auroc, p_value: float64 [cell, behaviour], NaN for a behaviour that is not measured (below `min_events`, or
    frames of only one class); without any allowed shift only p is NaN. tuned: int8 [cell, behaviour], 1 more active in the
    behaviour than outside, -1 less, 0 not tuned or not measured. events, n_frames: int64 [behaviour].
    """

    behaviours: tuple[str, ...]
    auroc: np.ndarray
    p_value: np.ndarray
    tuned: np.ndarray
    events: np.ndarray
    n_frames: np.ndarray

    @property
    def measured(self) -> np.ndarray:
        """Whether each behaviour [behaviour] has p-values."""
        return ~np.isnan(self.p_value).any(axis=0)

    @property
    def fraction_up(self) -> np.ndarray:
        """Share of cells [behaviour] more active in the behaviour; NaN where not measured."""
        return self._fraction(1)

    @property
    def fraction_down(self) -> np.ndarray:
        """Share of cells [behaviour] less active in the behaviour; NaN where not measured."""
        return self._fraction(-1)

    def _fraction(self, sign: int) -> np.ndarray:
        return np.where(self.measured, (self.tuned == sign).mean(axis=0), np.nan)


def selectivity_shifts(n_frames: int, step_s: float, settings: Settings, rng: np.random.Generator) -> np.ndarray:
    """Shifts [draws] frames for a session of `n_frames`; none if it is shorter than two of the shortest."""
    shortest = int(np.ceil(settings.min_shift_s / step_s - 1e-6))
    return draw_shifts(rng, settings.shifts, n_frames, shortest, n_frames // 2)


def selectivity(activity: np.ndarray, frames: Frames, shifts: np.ndarray, settings: Settings, workers: int) -> Selectivity:
    """Tuning of every cell to every behaviour of `frames`.

    With the baseline "free", a frame is free if none of `frames` holds, measured or not.

    Parameters
    ----------
    activity : [T, cell], any unit
        Only the order of a cell's values counts. One at least.
    shifts : int64 [draws] frames
        From `selectivity_shifts`.
    workers : threads
        The same numbers whatever their number. Each holds at most about 64 cells x (4 T + 3 behaviours x draws) x 8 bytes; time
        grows linearly with cells, and as T log T + bouts x draws ("others") or T x draws ("free").

    Raises
    ------
    RecordingError
        If activity and frames differ in length, or a value is not finite: cells are not cut to their finite frames, because a
        shift would fill the gaps of one with the behaviour of others.
    """
    _check(activity, frames)
    n_in = frames.masks.sum(axis=1)
    n_out = {"others": frames.masks.shape[1] - n_in, "free": np.full_like(n_in, frames.free().sum())}[settings.baseline]
    enough = (frames.events >= settings.min_events) & (n_in > 0) & (n_out > 0)
    shape = (activity.shape[1], len(frames.names))
    area, p_value = np.full(shape, np.nan), np.full(shape, np.nan)
    seen, p_of_seen = _against_null(activity, frames.masks, shifts, settings.baseline, workers)
    area[:, enough] = auroc(seen[:, enough], n_in[enough], n_out[enough])
    if len(shifts):
        p_value[:, enough] = p_of_seen[:, enough]
    tuned = np.where(false_discovery(p_value, settings.false_discovery), np.sign(seen), 0).astype(np.int8)
    return Selectivity(frames.names, area, p_value, tuned, frames.events, n_in)


def _check(activity: np.ndarray, frames: Frames) -> None:
    n_time = frames.masks.shape[1]
    if activity.ndim != 2 or len(activity) != n_time or not activity.shape[1]:
        raise RecordingError(f"activity has shape {list(activity.shape)}; allowed: [{n_time}, cells]")
    bad = ~np.isfinite(activity).all(axis=0)
    if bad.any():
        raise RecordingError(f"activity of cell {np.argmax(bad)} is not finite ({bad.sum()} cells); allowed: finite numbers")


def _against_null(
    activity: np.ndarray, masks: np.ndarray, shifts: np.ndarray, baseline: str, workers: int
) -> tuple[np.ndarray, np.ndarray]:
    """Excess as seen int64, and its two-sided p-value, both [cell, behaviour]."""

    def measure(first: int) -> tuple[np.ndarray, np.ndarray]:
        cells = np.ascontiguousarray(activity[:, first : first + CELLS_AT_ONCE].T)
        excess = EXCESS[baseline](cells, masks, np.append(0, shifts))
        seen, draws = excess[..., 0], excess[..., 1:]
        as_far = (np.abs(draws) >= np.abs(seen)[..., None]).sum(axis=-1)
        return seen, (1 + as_far) / (1 + len(shifts))

    parts = in_threads(measure, range(0, activity.shape[1], CELLS_AT_ONCE), workers)
    seen, p_value = zip(*parts, strict=True)
    return np.concatenate(seen), np.concatenate(p_value)
