"""What can be read from an animal's cells, against circular shifts of what is read.

Score: on held-out blocks (`analysis.neural.decoding.blocked_ridge`), 1 - sum (y - predicted)^2 / sum (y - baseline)^2 for numbers, over all
columns of a target; the baseline is the training mean, so this is R^2, or with a nuisance the partial R^2 beyond it. It is
negative where the fit does worse than its baseline. For yes and no without a nuisance it is balanced accuracy, the mean of the
two classes' shares that fall on the right side of the training threshold: 0.5 at chance, however rare one class is.

Null: what the nuisance leaves unexplained of the target is moved in time, circularly, put back on what it does explain, and
decoded and scored by the same cross-validation [freedman1983]. Without a nuisance that is the target itself moved. Both keep
their own rhythm; only the relation between them is broken. A slow drift that cells and target share is broken too, the less the
shorter the longest shift, and counts as decoding; docs/reference/decoding.md measures how much, and own behaviour as a nuisance holds time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from analysis.behaviour.bouts import runs
from analysis.core.nulls import draw_shifts, one_sided_p
from analysis.neural.decoding.blocked_ridge import DecodingError, Fold, held_out, standardised
from params.schema.measures import Decoding

FRAMES_A_CELL = 10  # with fewer, sums over cells are all but singular, and are taken in double precision


class Finding(NamedTuple):
    """A score on held-out time, the mean of its null, and its one-sided p-value; NaN where nothing can be said."""

    score: float
    chance: float
    p_value: float


NOTHING = Finding(float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True)
class Decoded:
    """One target, decoded.

    finding : score and null
    frames : int [T'], frames that were whole and so used
    actual, predicted, baseline : [T', k], every frame predicted while held out
    """

    finding: Finding
    frames: np.ndarray
    actual: np.ndarray
    predicted: np.ndarray
    baseline: np.ndarray


def frame_shifts(time_s: np.ndarray, settings: Decoding, rng: np.random.Generator) -> np.ndarray:
    """Shifts [draws] of a null in frames; none if the session is too short."""
    step_s = (time_s[-1] - time_s[0]) / (len(time_s) - 1)
    shortest, longest = (int(np.ceil(each / step_s)) for each in (settings.null_min_shift_s, settings.null_max_shift_s))
    return draw_shifts(rng, settings.null_draws, len(time_s), shortest, longest)


def decode(
    cells: np.ndarray,
    targets: Mapping[str, np.ndarray],
    time_s: np.ndarray,
    shifts: np.ndarray,
    settings: Decoding,
    nuisance: np.ndarray | None = None,
) -> dict[str, Decoded]:
    """Decode every target from cells.

    Parameters
    ----------
    cells : [T, c] Hz
    targets : name -> [T] or [T, k]
        Boolean ones are scored by balanced accuracy, others by R^2. With a nuisance all are numbers.
    time_s : [T] s, increasing
    shifts : int64 [draws] frames
        Of the null; all targets are moved together.
    nuisance : [T, m], optional

    Frames with a value that is not finite, in cells, targets or nuisance, are left out of all. A target that is constant, or is
    true or false for fewer than `fewest_events` stretches, has a NaN finding. Cells that are constant predict the mean and
    score 0 (or a half).

    Raises
    ------
    DecodingError
        No cells, no finite frames, or too short for its blocks and gaps.
    """
    columns = {name: _as_columns(values) for name, values in targets.items()}
    beyond = np.empty((len(time_s), 0)) if nuisance is None else np.asarray(nuisance, np.float64)
    frames = _whole_frames([cells, beyond, *columns.values()])
    binary = {name: values.dtype == bool and nuisance is None for name, values in columns.items()}
    judged = [name for name in columns if _says_something(columns[name][frames], settings)]
    actual = {name: columns[name][frames].astype(np.float64) for name in columns}
    decoded = {name: Decoded(NOTHING, frames, actual[name], *2 * [np.full_like(actual[name], np.nan)]) for name in columns}
    if not judged:
        return decoded
    kept = cells[frames], standardised(beyond[frames]), np.asarray(time_s, np.float64)[frames]
    owner = np.repeat(np.arange(len(judged)), [actual[name].shape[1] for name in judged])
    yes_no = np.array([binary[name] for name in judged])[owner]
    predictions, totals = _score_all(*kept, np.hstack([actual[name] for name in judged]), yes_no, shifts, settings)
    for place, name in enumerate(judged):
        mine = owner == place
        scores = _value(totals[:, :, mine].sum(axis=2), binary[name])
        null = scores[1:]
        chance = float(null.mean()) if len(null) else float("nan")
        finding = Finding(float(scores[0]), chance, one_sided_p(float(scores[0]), null))
        decoded[name] = Decoded(finding, frames, actual[name], predictions[0][:, mine], predictions[1][:, mine])
    return decoded


def _as_columns(values: np.ndarray) -> np.ndarray:
    values = np.asarray(values)
    return values[:, None] if values.ndim == 1 else values


def _whole_frames(arrays: list[np.ndarray]) -> np.ndarray:
    if not arrays[0].shape[1]:
        raise DecodingError("no cells to decode from")
    whole = np.logical_and.reduce([np.isfinite(array).all(axis=1) for array in arrays])
    if whole.sum() < 2:
        raise DecodingError("no frame in which cells, targets and own behaviour are all finite")
    return np.flatnonzero(whole)


def _says_something(values: np.ndarray, settings: Decoding) -> bool:
    """Whether a target [T', k] varies; if it is boolean, whether it is often enough true and false."""
    if values.dtype != bool:
        return bool(np.ptp(values, axis=0).any())
    return min(len(runs(values[:, 0])), len(runs(~values[:, 0]))) >= settings.fewest_events


def _score_all(
    cells: np.ndarray,
    nuisance: np.ndarray,
    time_s: np.ndarray,
    actual: np.ndarray,
    binary: np.ndarray,
    shifts: np.ndarray,
    settings: Decoding,
) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
    """Predictions and baselines [T', k] of the targets as they are, and sums [4, 1 + draws, k] of their scores, shifts after.

    binary [k] bool: which sums are wanted (`_fold_sums`).
    """
    k, n = actual.shape[1], 1 + len(shifts)
    precision: DTypeLike = np.float32 if len(cells) >= FRAMES_A_CELL * cells.shape[1] else np.float64
    everything = _with_moved(actual, nuisance, shifts, settings, precision)
    predicted, baseline = np.empty_like(actual), np.empty_like(actual)
    totals = np.zeros((4, n * k))
    yes_no = np.tile(binary, n)
    for fold in held_out(cells, everything, nuisance, time_s, settings):
        predicted[fold.frames], baseline[fold.frames] = fold.predicted[:, :k], fold.baseline[:, :k]
        totals += _fold_sums(everything[fold.frames], fold, yes_no)
    return (predicted, baseline), totals.reshape(4, n, k)


def _with_moved(
    actual: np.ndarray, nuisance: np.ndarray, shifts: np.ndarray, settings: Decoding, precision: DTypeLike
) -> np.ndarray:
    """Targets [T', (1 + draws) k] in a precision: as they are, then for each shift with their unexplained part moved by it."""
    explained = np.zeros_like(actual)
    if nuisance.shape[1]:
        gram = nuisance.T @ nuisance + len(nuisance) * settings.own_penalty * np.eye(nuisance.shape[1])
        explained = nuisance @ np.linalg.solve(gram, nuisance.T @ (actual - actual.mean(axis=0)))
    explained, left = explained.astype(precision), (actual - explained).astype(precision)
    everything: np.ndarray = np.empty((len(actual), 1 + len(shifts), actual.shape[1]), precision)
    for place, shift in enumerate([0, *shifts]):
        everything[:, place] = explained + np.roll(left, shift, axis=0)
    return everything.reshape(len(actual), -1)


def _fold_sums(actual: np.ndarray, fold: Fold, binary: np.ndarray) -> np.ndarray:
    """What scores are made of [4, q]: for numbers squared errors of prediction and baseline; for yes and no hits and size of
    class 1, then of class 0."""
    sums = np.zeros((4, actual.shape[1]))
    numbers, yes = actual[:, ~binary], actual[:, binary] > 0.5
    for place, guess in enumerate((fold.predicted, fold.baseline)):
        error = numbers - guess[:, ~binary]
        sums[place, ~binary] = np.einsum("tq,tq->q", error, error)
    said = fold.predicted[:, binary] > fold.threshold[binary]
    sums[:, binary] = [each.sum(axis=0) for each in (yes & said, yes, ~(yes | said), ~yes)]
    return sums


def _value(sums: np.ndarray, binary: bool) -> np.ndarray:
    """Score [draws] from `_fold_sums` over all folds [4, draws]."""
    if binary:
        return 0.5 * (sums[0] / sums[1] + sums[2] / sums[3])
    return 1.0 - sums[0] / sums[1]
