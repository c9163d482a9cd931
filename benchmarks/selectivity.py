"""Tuning of 400 cells to 10 behaviours with 1000 shifts, beside the obvious ways: equal first, then timed in one run.

The obvious ways take minutes to hours, so they are timed on a part and scaled by the number of (cell, behaviour, shift).
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from scipy.stats import rankdata

from analysis.neural.inputs.frames import Frames
from analysis.neural.tuning.auroc import auroc
from analysis.neural.tuning.selectivity import EXCESS, selectivity, selectivity_shifts
from benchmarks.peers import NotEqualError
from benchmarks.timing import seconds
from params import resolve
from params.schema.measures import Selectivity as Settings

N_CELLS, N_BEHAVIOURS = 400, 10
RATES_HZ = (8, 15)
SESSION_S = 1800
PART_CELLS, PART_BEHAVIOURS, PART_SHIFTS = 40, 2, 5
TOLERANCE = 1e-12

Peer = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def measure(cores: int, rates_hz: Sequence[int] = RATES_HZ) -> dict:
    """Seconds of everything, by baseline and sampling rate; the peers' scaled."""
    settings = resolve("coop_075s").params.analysis.selectivity
    return {
        f"{baseline}, {rate_hz} Hz": _one(settings.model_copy(update={"baseline": baseline}), rate_hz, cores)
        for baseline in EXCESS
        for rate_hz in rates_hz
    }


def _one(settings: Settings, rate_hz: int, cores: int) -> dict:
    rng = np.random.default_rng(0)
    activity, frames = _session(rng, SESSION_S * rate_hz, rate_hz)
    shifts = selectivity_shifts(len(activity), 1 / rate_hz, settings, rng)
    part = np.ascontiguousarray(activity[:, :PART_CELLS].T), frames.masks, shifts[:PART_SHIFTS]
    peers = _peers(settings.baseline, part[0])
    differences = check_equal(peers, *part, settings.baseline)
    own = {
        f"{workers} thread{'s' if workers > 1 else ''}": seconds(
            partial(selectivity, activity, frames, shifts, settings, workers)
        )
        for workers in sorted({1, cores})
    }
    scale = N_CELLS * N_BEHAVIOURS * settings.shifts / (PART_CELLS * PART_BEHAVIOURS * PART_SHIFTS)
    theirs = {name: scale * seconds(partial(peer, *part)) for name, peer in peers.items()}
    return {"frames": len(activity), "shifts": settings.shifts, "own_s": own, "peer_s": theirs, "difference": differences}


def _session(rng: np.random.Generator, n_time: int, rate_hz: int) -> tuple[np.ndarray, Frames]:
    """Cells without two equal values, and behaviours of 80 bouts of 0.5 to 3 s."""
    masks = np.zeros((N_BEHAVIOURS, n_time), bool)
    for mask in masks:
        for first in rng.integers(0, n_time, 80):
            mask[first : first + rng.integers(rate_hz // 2, 3 * rate_hz)] = True
    names = tuple(str(index) for index in range(N_BEHAVIOURS))
    return rng.standard_normal((n_time, N_CELLS)).astype(np.float32), Frames(names, masks, np.full(N_BEHAVIOURS, 80))


def check_equal(
    peers: dict[str, Peer], activity: np.ndarray, masks: np.ndarray, shifts: np.ndarray, baseline: str
) -> dict[str, float]:
    """Greatest difference of each peer's null auROC [cell, behaviour, shift] from ours.

    Raises
    ------
    NotEqualError
        If it is more than `TOLERANCE`.
    """
    n_in = masks.sum(axis=1)
    n_out = np.full_like(n_in, (~masks.any(axis=0)).sum()) if baseline == "free" else masks.shape[1] - n_in
    excess = EXCESS[baseline](activity, masks, shifts)[:, :PART_BEHAVIOURS]
    ours = auroc(np.moveaxis(excess, 2, 0), n_in[:PART_BEHAVIOURS], n_out[:PART_BEHAVIOURS])
    differences = {name: float(np.abs(peer(activity, masks, shifts) - ours).max()) for name, peer in peers.items()}
    for name, difference in differences.items():
        if not difference <= TOLERANCE:
            raise NotEqualError(f"{name}: auROC against {baseline} differs by {difference:.2g}, more than {TOLERANCE:g}")
    return differences


def _peers(baseline: str, activity: np.ndarray) -> dict[str, Peer]:
    """Peers by name; ranking each cell once, which no shift repeats, is not timed."""
    ranks = {
        "others": ("NumPy, ranked once", partial(_numpy_others, rankdata(activity, axis=1))),
        "free": ("SciPy, ranked at every shift", _scipy_free),
    }[baseline]
    found = dict([ranks])
    try:
        import sklearn  # noqa: F401
    except ImportError:
        return found
    return found | {"scikit-learn": lambda *part: _scikit_learn(*part, baseline)}


def _scikit_learn(activity: np.ndarray, masks: np.ndarray, shifts: np.ndarray, baseline: str) -> np.ndarray:
    """roc_auc_score of the frames in use, for every shift, behaviour and cell: [shift, cell, behaviour]."""
    from sklearn.metrics import roc_auc_score

    found = np.empty((len(shifts), len(activity), PART_BEHAVIOURS))
    free = ~masks.any(axis=0)
    for s, shift in enumerate(shifts):
        for b, mask in enumerate(masks[:PART_BEHAVIOURS]):
            used = np.roll(mask | free if baseline == "free" else np.ones_like(mask), shift)
            label = np.roll(mask, shift)[used]
            for c, cell in enumerate(activity):
                found[s, c, b] = roc_auc_score(label, cell[used])
    return found


def _numpy_others(ranks: np.ndarray, activity: np.ndarray, masks: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """Ranks [cell, T] summed under every rolled mask; all cells at a time."""
    found = np.empty((len(shifts), len(activity), PART_BEHAVIOURS))
    for s, shift in enumerate(shifts):
        for b, mask in enumerate(masks[:PART_BEHAVIOURS]):
            n_in, n_out = mask.sum(), (~mask).sum()
            found[s, :, b] = (ranks[:, np.roll(mask, shift)].mean(axis=1) - (n_in + 1) / 2) / n_out
    return found


def _scipy_free(activity: np.ndarray, masks: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """Ranks within the frames in use at every shift; all cells at a time."""
    found = np.empty((len(shifts), len(activity), PART_BEHAVIOURS))
    free = ~masks.any(axis=0)
    for s, shift in enumerate(shifts):
        for b, mask in enumerate(masks[:PART_BEHAVIOURS]):
            used, n_in = np.roll(mask | free, shift), mask.sum()
            ranks = rankdata(activity[:, used], axis=1)[:, np.roll(mask, shift)[used]]
            found[s, :, b] = (ranks.mean(axis=1) - (n_in + 1) / 2) / free.sum()
    return found


def lines(figures: dict) -> list[str]:
    """What the command prints."""
    found = [
        f"selectivity: {N_CELLS} cells, {N_BEHAVIOURS} behaviours, {next(iter(figures.values()))['shifts']} shifts, 30 min; equal "
        f"to {TOLERANCE:g} first",
        f"  (peers on one thread, timed on {PART_CELLS} cells and {PART_BEHAVIOURS} behaviours and scaled to all; ratio to one thread)",
        "                                              s     ratio",
    ]
    for case, part in figures.items():
        found.append(f"  against {case}, {part['frames']} frames")
        found += [f"    {name:34s}{taken:10.2f}" for name, taken in part["own_s"].items()]
        found += [
            f"    {name:34s}{taken:10.0f}{taken / part['own_s']['1 thread']:10.0f}" for name, taken in part["peer_s"].items()
        ]
    return found
