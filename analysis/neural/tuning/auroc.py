"""Area under the receiver-operating curve of cells, as seen and under circular shifts of the behaviours, exactly and fast.

auROC is the chance that a cell is more active in a frame of class 1 than in one of class 0, ties counting half: U / (n1 n0) with
the statistic U of [mann1947]. Everything here returns the whole number

    excess = 2 U - n1 n0,    auROC = 1/2 + excess / (2 n1 n0),

so that a draw as far from 1/2 as the recording itself is a tie and not a matter of rounding. A shift s moves the behaviours and
leaves the activity: at frame t the animal is taken to do what it did at t - s, around the session's end.

Against all other frames. With rho the mid-ranks of a cell's T frames, excess = sum over the behaviour's frames of (2 rho - T - 1).
Over a bout that is the difference of two running sums, at its end and at its start, wherever a shift moves it: two additions a cell,
bout and shift, however long the session, where Fourier transforms of ranks and masks take T log T for each cell and behaviour. All
ranks of a cell sum to 0, so a running sum that passes the session's end goes on from its start.

Against the behaviour-free frames. Ranks within the two classes change with the shift, and no correlation gives them. The kernel
walks through a cell's frames in order of activity, counts the free frames below each, and sums over the behaviours' bouts:
linear in frames for each cell and shift, whatever the number of behaviours (plus their own frames).

Frames are put in order of activity as whole numbers that hold a value above and its frame below: these sort four times as fast as the
places of values do.
"""

import numpy as np

from analysis.behaviour.bouts import runs
from compute.kernel import allocating_kernel, kernel

FRAME_BITS = np.uint64(32)
FRAME_MASK = np.uint64(2**32 - 1)


def excess_over_others(activity: np.ndarray, masks: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """Excess [cell, behaviour, shift] int64 of each behaviour's frames over all other frames.

    Parameters
    ----------
    activity : [cell, T], finite
    masks : bool [behaviour, T]
    shifts : int64 [shift], frames
    """
    whole = np.int32 if activity.shape[1] ** 2 < 2**32 else np.int64  # no sum of ranks is beyond T^2 / 4; half the memory to read
    before = np.zeros(activity.T.shape, whole)
    for cell, keys in enumerate(_in_order(activity)):
        _rank_kernel(keys, before[:, cell])
    _sum_of_those_before(before)
    found = np.zeros((len(masks), len(shifts), len(activity)), whole)
    _sum_over_bouts(before, _bouts(masks), shifts % len(before), found)
    return np.moveaxis(found, 2, 0).astype(np.int64)


def excess_over_free(activity: np.ndarray, masks: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """Excess [cell, behaviour, shift] int64 of each behaviour's frames over the frames in none of `masks`; all move together.

    Parameters as in `excess_over_others`.
    """
    free = ~masks.any(axis=0)
    table = _bouts(masks)
    pairs = masks.sum(axis=1) * free.sum()
    found = np.empty((len(activity), len(masks), len(shifts)), np.int64)
    for cell, keys in enumerate(_in_order(activity)):
        order, ties = keys.astype(np.uint32), _tie_starts(keys >> FRAME_BITS).astype(np.uint32)
        _free_kernel(order, ties, free.view(np.uint8), table, shifts % len(keys), found[cell])
    return found - pairs[:, None]


def _bouts(masks: np.ndarray) -> np.ndarray:
    """(behaviour, first frame, frame past the last) [bouts, 3] int64 of masks [behaviour, T]."""
    bouts = [(behaviour, *bout) for behaviour, mask in enumerate(masks) for bout in runs(mask)]
    return np.array(bouts, np.int64).reshape(-1, 3)


def auroc(excess: np.ndarray, n_in: np.ndarray, n_out: np.ndarray) -> np.ndarray:
    """1/2 + excess / (2 n_in n_out), for [cell, behaviour] and frames [behaviour] in and out of each behaviour."""
    return 0.5 + excess / (2.0 * n_in * n_out)


def _in_order(activity: np.ndarray) -> np.ndarray:
    """Frames of each cell from the least active: uint64 [cell, T], the lower 32 bits the frame, the upper ones grow with its activity."""
    keys = np.stack([_ordered_like(row) for row in activity]).astype(np.uint64) << FRAME_BITS
    keys |= np.arange(activity.shape[1], dtype=np.uint64)
    keys.sort(axis=1)
    return keys


def _ordered_like(values: np.ndarray) -> np.ndarray:
    """uint32 [n] in the order of the values [n], finite, equal where they are. The bits of a positive float32 grow with it, those of a
    negative one fall."""
    if values.dtype != np.float32:
        return np.unique(values, return_inverse=True)[1].astype(np.uint32)
    bits = (values + np.float32(0)).view(np.uint32)  # of -0 too those of 0
    return np.where(bits >> 31, ~bits, bits | np.uint32(1 << 31))


def _tie_starts(ordered: np.ndarray) -> np.ndarray:
    """Where each group of equal values begins in values in order, and their number at the end: int64 [groups + 1]."""
    return np.concatenate([[0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, [len(ordered)]])


@kernel
def _rank_kernel(keys, out):
    """2 rho - T - 1 of each frame but the last, for its mid-rank rho, to the place [T] after it; keys [T] from `_in_order`.

    Frames that tie, at places first to past - 1, share the mid-rank (first + past + 1) / 2.
    """
    n = keys.size
    first = 0
    while first < n:
        past = first + 1
        while past < n and keys[past] >> FRAME_BITS == keys[first] >> FRAME_BITS:
            past += 1
        for place in range(first, past):
            after = np.int64(keys[place] & FRAME_MASK) + 1
            if after < n:
                out[after] = first + past - n
        first = past


@kernel
def _sum_of_those_before(values):
    """Running sum of whole numbers [T, cell] over time, in place."""
    for t in range(1, values.shape[0]):
        for cell in range(values.shape[1]):
            values[t, cell] += values[t - 1, cell]


@kernel
def _sum_over_bouts(before, bouts, shifts, out):
    """Add to out [behaviour, shift, cell] the ranks within each moved bout; before: int64 [T, cell], the sum of those before a frame."""
    n = before.shape[0]
    for s in range(shifts.size):
        for bout in range(bouts.shape[0]):
            first, past = bouts[bout, 1] + shifts[s], bouts[bout, 2] + shifts[s]
            at_first, at_past = before[first - n if first >= n else first], before[past - n if past >= n else past]
            total = out[bouts[bout, 0], s]
            for cell in range(total.size):
                total[cell] += at_past[cell] - at_first[cell]


@allocating_kernel
def _free_kernel(order, tie_starts, free, bouts, shifts, out):
    """Fill out [behaviour, shift] with 2 U: over each behaviour's frames, twice the free frames below and once those that tie.

    order: uint32 [T] frames from the least active; tie_starts: uint32 [groups + 1]; unsigned, or numba asks of every index whether
    it counts from the end.
    """
    n = order.size
    group_of = np.empty(n, np.uint32)
    _groups(order, tie_starts, group_of)
    moved = np.empty(n, np.uint8)
    below, twice = np.zeros(n + 1, np.int32), np.empty(tie_starts.size - 1, np.int32)
    for s in range(shifts.size):
        shift = shifts[s]
        moved[shift:] = free[: n - shift]
        moved[:shift] = free[n - shift :]
        _count_up(order, moved, below)
        for group in range(twice.size):
            twice[group] = below[tie_starts[group]] + below[tie_starts[group + 1]]
        for behaviour in range(out.shape[0]):
            out[behaviour, s] = 0
        for bout in range(bouts.shape[0]):
            first, past = bouts[bout, 1] + shift, bouts[bout, 2] + shift
            total = _sum_at(twice, group_of[min(first, n) : min(past, n)])
            total += _sum_at(twice, group_of[max(first, n) - n : max(past, n) - n])
            out[bouts[bout, 0], s] += total


@kernel
def _groups(order, tie_starts, out):
    """Group of equal values that each frame belongs to, [T]."""
    for group in range(tie_starts.size - 1):
        for place in range(tie_starts[group], tie_starts[group + 1]):
            out[order[place]] = group


@kernel
def _count_up(order, free, out):
    """Free frames before each place of the order, and in all: out [T + 1], out[0] is 0 already."""
    count = np.int32(0)
    for place in range(order.size):
        count += free[order[place]]
        out[place + 1] = count


@kernel
def _sum_at(values, places):
    total = np.int64(0)
    for i in range(places.size):
        total += values[places[i]]
    return total
