"""What functional groups do: whether they last, what they are tuned to, whether they amplify, and how they are wired."""

from dataclasses import dataclass

import numpy as np

from analysis.neural.groups import UNGROUPED
from analysis.nulls import one_sided_p
from params.compiled import kernel


def adjusted_rand(first: np.ndarray, second: np.ndarray) -> float:
    """Agreement of two partitions of the same cells [n]: 1 if equal, 0 on average by chance [hubert1985].

    Only cells grouped in both count; NaN for fewer than two. Two partitions that leave no choice (one group each) agree: 1.
    """
    both = (first != UNGROUPED) & (second != UNGROUPED)
    n = int(both.sum())
    if n < 2:
        return float("nan")
    table = np.zeros((int(first[both].max()) + 1, int(second[both].max()) + 1))
    np.add.at(table, (first[both], second[both]), 1)
    pairs = _pairs(table).sum()
    rows, columns = _pairs(table.sum(axis=1)).sum(), _pairs(table.sum(axis=0)).sum()
    expected, most = rows * columns / _pairs(n), (rows + columns) / 2
    return float((pairs - expected) / (most - expected)) if most != expected else 1.0


def _pairs(count: np.ndarray | int) -> np.ndarray:
    return np.asarray(count) * (np.asarray(count) - 1) / 2


def group_tuning(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Mean over each group's cells [groups, k] of any measure [n, k], such as area under the ROC or response, a column a behaviour.

    NaN of a cell (not measured) is left out; NaN where a group has none.
    """
    n_groups = int(labels.max(initial=UNGROUPED)) + 1
    member = (labels[None, :] == np.arange(n_groups)[:, None]).astype(np.float64)
    measured = np.isfinite(values)
    count = member @ measured
    total = member @ np.where(measured, values, 0.0)
    return np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)


@dataclass(frozen=True, eq=False)
class ResponseGain:
    """Gain of a cell's response by its own and by other groups.

    own, other [n]: z of response per z of the groups' mean activity just before, NaN for a cell without a group, alone in it,
    without others, or silent around all events. n_events: events used. null [shifts]: `difference` at the same events, all shifted in time.
    """

    own: np.ndarray
    other: np.ndarray
    n_events: int
    null: np.ndarray

    @property
    def difference(self) -> float:
        """Median over cells of own less other; NaN if no cell has both."""
        return _median_difference(self.own, self.other)

    @property
    def excess(self) -> float:
        """Difference at the events less its median at shifted times: what is particular to the event."""
        return self.difference - float(np.median(self.null)) if len(self.null) else float("nan")

    @property
    def p_value(self) -> float:
        """One-sided: how often shifted events show as large a difference."""
        return one_sided_p(self.difference, self.null)


def response_gain(
    scores: np.ndarray, labels: np.ndarray, events: np.ndarray, shifts: np.ndarray, before_frames: int, after_frames: int
) -> ResponseGain:
    """Whether a cell answers an event more when its own group was active just before than when others were.

    For cell i and event e, with means of z-scored activity over the window before and the window after,

        after_ie = a_i + s_i before_ie + own_i (mean before of the rest of its group) + other_i (mean before of all other groups)

    by least squares over events. The cell's own activity before is a regressor because a plain difference of after and before
    falls with it (regression to the mean), and the group moves with the cell. Cells of a group also predict each other at any
    time, and the groups come from the same data: the measure of an event is therefore its difference own - other beyond that at
    the same events shifted together, circularly.

    Parameters
    ----------
    scores : [T, n] z-scores
    labels : int [n] groups, `UNGROUPED` for none
    events, shifts : int64 [e], [draws] frames
    before_frames, after_frames : frames
        Windows [event - before, event) and [event, event + after); events at the edges are left out. With fewer than five events
        there is no gain (NaN).
    """
    summed = np.zeros((len(scores) + 1, scores.shape[1]))
    _sum_up(scores, summed)
    own, other, n_events = _gains(summed, labels, events, before_frames, after_frames)
    moved = (_gains(summed, labels, (events + shift) % len(scores), before_frames, after_frames) for shift in shifts)
    null = np.array([_median_difference(*gains[:2]) for gains in moved])
    return ResponseGain(own, other, n_events, null[~np.isnan(null)])


@kernel
def _sum_up(scores, out):
    """Running sums out [T + 1, n], the first row 0 already."""
    for t in range(scores.shape[0]):
        for i in range(scores.shape[1]):
            out[t + 1, i] = out[t, i] + scores[t, i]


def _gains(
    summed: np.ndarray, labels: np.ndarray, events: np.ndarray, before_frames: int, after_frames: int
) -> tuple[np.ndarray, np.ndarray, int]:
    """(own [n], other [n], events used) from running sums [T + 1, n] of the scores."""
    inside = events[(events >= before_frames) & (events + after_frames < len(summed))]
    nothing = np.full(summed.shape[1], np.nan)
    if len(inside) < 5:
        return nothing, nothing, len(inside)
    before = (summed[inside] - summed[inside - before_frames]) / before_frames
    after = (summed[inside + after_frames] - summed[inside]) / after_frames
    own, other, grouped = _group_activity(before, labels)
    defined = grouped[(np.ptp(before[:, grouped], axis=0) > 0) & (np.ptp(after[:, grouped], axis=0) > 0)]
    if not len(defined):
        return nothing, nothing, len(inside)
    design = [_centred(each[:, defined]) for each in (own, other, before)]
    response = _centred(after[:, defined])
    normal = np.stack([[np.einsum("ec,ec->c", p, q) for q in design] for p in design]).transpose(2, 0, 1)
    moment = np.stack([np.einsum("ec,ec->c", p, response) for p in design], axis=1)
    gain = np.einsum("cpq,cq->cp", np.linalg.pinv(normal, rcond=1e-10, hermitian=True), moment)
    own_gain, other_gain = nothing.copy(), nothing.copy()
    own_gain[defined], other_gain[defined] = gain[:, 0], gain[:, 1]
    return own_gain, other_gain, len(inside)


def _centred(columns: np.ndarray) -> np.ndarray:
    return columns - columns.mean(axis=0)


def _group_activity(before: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean activity [e, n] of the rest of each cell's group and of all other groups, and the cells [m] that have both."""
    n_groups = int(labels.max(initial=UNGROUPED)) + 1
    member = (labels[:, None] == np.arange(n_groups)[None, :]).astype(np.float64)
    total, size = before @ member, member.sum(axis=0)
    size_of_own = np.where(labels == UNGROUPED, 0.0, np.append(size, 0.0)[labels])
    defined = np.flatnonzero((size_of_own > 1) & (size_of_own < size.sum()))
    own, other = np.zeros_like(before), np.zeros_like(before)
    if len(defined):
        mine = labels[defined]
        own[:, defined] = (total[:, mine] - before[:, defined]) / (size[mine] - 1)
        other[:, defined] = (total.sum(axis=1)[:, None] - total[:, mine]) / (size.sum() - size[mine])
    return own, other, defined


def _median_difference(own: np.ndarray, other: np.ndarray) -> float:
    difference = own - other
    difference = difference[~np.isnan(difference)]
    return float(np.median(difference)) if len(difference) else float("nan")


@dataclass(frozen=True, eq=False)
class Assortativity:
    """ratio: mean magnitude of synapses within groups over that between; null [draws]: the same with labels permuted."""

    ratio: float
    null: np.ndarray

    @property
    def p_value(self) -> float:
        """One-sided: how often permuted labels are as assortative; NaN if there is no synapse within or none between."""
        return one_sided_p(self.ratio, self.null)


def assortativity(
    labels: np.ndarray,
    strata: np.ndarray,
    pre: np.ndarray,
    post: np.ndarray,
    weight: np.ndarray,
    draws: int,
    rng: np.random.Generator,
) -> Assortativity:
    """Are synapses within a functional group stronger than those between? mean |w| within / mean |w| between.

    Labels are permuted among cells of one stratum (their class), so a class's own weights make no group. Give the weights of a
    trained and of the initial graph in turn, or their ratio synapse by synapse for what learning has changed.

    Parameters
    ----------
    labels, strata : int [n]
        Groups (synapses of ungrouped cells do not count), classes.
    pre, post, weight : [synapses]
    """
    magnitude = np.abs(weight)
    null = np.empty(draws)
    permuted = labels.copy()
    members = [np.flatnonzero(strata == each) for each in np.unique(strata)]
    for draw in range(draws):
        for cells in members:
            permuted[cells] = labels[rng.permutation(cells)]
        null[draw] = _within_over_between(permuted, pre, post, magnitude)
    return Assortativity(_within_over_between(labels, pre, post, magnitude), null[~np.isnan(null)])


def _within_over_between(labels: np.ndarray, pre: np.ndarray, post: np.ndarray, magnitude: np.ndarray) -> float:
    grouped = (labels[pre] != UNGROUPED) & (labels[post] != UNGROUPED)
    within = grouped & (labels[pre] == labels[post])
    n_within, n_between = int(within.sum()), int(grouped.sum() - within.sum())
    if not n_within or not n_between:
        return float("nan")
    between = magnitude[grouped].sum() - magnitude[within].sum()
    return float((magnitude[within].sum() / n_within) / (between / n_between)) if between > 0 else float("nan")
