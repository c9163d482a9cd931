"""What two animals' cells do in a stretch of a session, as a picture of rows and bins, and where they say that the partner is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from analysis.neural.decoding.blocked_ridge import DecodingError
from analysis.neural.decoding.decoding import decode
from analysis.neural.groups.groups import UNGROUPED
from analysis.neural.inputs.activity import changing
from analysis.neural.inputs.frames import session_frames
from analysis.neural.inputs.stages import NO_RATES
from analysis.neural.tuning.selectivity import selectivity
from params.schema.measures import Analysis
from recording import RecordingError, Session

MOST_BINS, MOST_ROWS = 720, 200  # of a raster
GROUP = "group"  # of cells: how the names of such bands begin
BRIGHT = 99  # percentile of a cell's activity over the session that is drawn brightest
NO_SHIFTS = np.empty(0, np.int64)  # of a null: only what is decoded, and how cells are tuned, is asked


@dataclass(frozen=True, eq=False)
class Brain:
    """One animal's cells.

    Attributes
    ----------
    raster : uint8 [row, bin]
        Mean of a bin's samples, and of neighbouring cells where there are more than `MOST_ROWS`: 0 silent, 255 the cell's
        99th percentile of the session or more.
    per_bin : samples in a bin
    bands : (name, rows) of the functional groups, or of the classes, from the first row on
    decoded : float32 [T, space]
        The partner's place, predicted for every sample by a fit to other stretches of the session; NaN where it is not.
    score : R^2 of `decoded` over the session; NaN if it was not decoded, for the reason in `missing`
    """

    raster: np.ndarray
    per_bin: int
    bands: tuple[tuple[str, int], ...]
    decoded: np.ndarray
    score: float
    missing: str = ""


@dataclass(frozen=True)
class Brains:
    """brains: of each animal, None without cells. missing: why not both are there."""

    brains: tuple[Brain | None, ...]
    missing: str = ""

    @property
    def any(self) -> bool:
        return any(brain is not None for brain in self.brains)


NOTHING = Brains((None, None), NO_RATES)


def brains_of(session: Session, kept: slice, analysis: Analysis, labels: Sequence[np.ndarray | None] = (None, None)) -> Brains:
    """Both animals' cells in the samples `kept` of a session.

    Parameters
    ----------
    session : with rates, or without: then nothing is there
    kept : samples that are shown
        Cells are scaled, ordered and decoded over the whole session.
    analysis : parameters of the decoder and of behaviours
    labels : functional group of each cell [n], of each animal
        None where groups were not measured: then cells are ordered by class.
    """
    if session.rates is None:
        return NOTHING
    found: list[Brain | None] = []
    missing = ""
    with threadpool_limits(1, "blas"):  # more threads sum in an order that depends on the number of cores
        for agent in range(session.n_agents):
            try:
                found.append(_brain(session, agent, kept, analysis, labels[agent]))
            except RecordingError as error:
                found.append(None)
                missing = str(error)
    return Brains(tuple(found), missing)


def _brain(session: Session, agent: int, kept: slice, analysis: Analysis, labels: np.ndarray | None) -> Brain:
    cells = changing(session, agent)
    band = bands_of(session.cells_of(agent).classes, labels)
    order = np.lexsort((preferred(session, agent, cells, analysis), band[1]))
    decoded, score, missing = decoded_partner(session, agent, cells, analysis)
    rows, counts = _merged(_brightness(cells, kept)[:, order].T, band[1][order])
    per_bin = -(-rows.shape[1] // MOST_BINS)
    names = tuple(zip(band[0], counts, strict=True))
    return Brain(_binned(rows, per_bin), per_bin, names, decoded[kept], score, missing)


def bands_of(classes: Sequence[str], labels: np.ndarray | None) -> tuple[list[str], np.ndarray]:
    """Names of the bands that a raster falls into, and the band [n] of each cell: functional groups by size, the ungrouped last; or
    classes [n], in the order of the recording."""
    if labels is not None and (labels != UNGROUPED).any():
        n = int(labels.max()) + 1
        alone = ["no group"] if (labels == UNGROUPED).any() else []
        return [f"{GROUP} {each + 1}" for each in range(n)] + alone, np.where(labels == UNGROUPED, n, labels)
    known = [name or "cell" for name in classes]
    names = list(dict.fromkeys(known))
    return names, np.array([names.index(each) for each in known])


def preferred(session: Session, agent: int, cells: np.ndarray, analysis: Analysis) -> np.ndarray:
    """For each cell [n] the behaviour, of `analysis.neural.inputs.frames.BEHAVIOURS`, whose frames its activity [T, n] tells best by
    rising (auROC, no test); 0 if none is measured."""
    frames = session_frames(session, analysis)[agent]
    area = selectivity(np.ascontiguousarray(cells), frames, NO_SHIFTS, analysis.selectivity, 1).auroc
    return np.where(np.isnan(area), 0.0, area).argmax(axis=1)


def decoded_partner(session: Session, agent: int, cells: np.ndarray, analysis: Analysis) -> tuple[np.ndarray, float, str]:
    """The partner's place [T, space] float32 as cells [T, n] of an animal say on held-out time, its R^2, and why it is not there."""
    place = np.full(session.tracks.shape[::2], np.nan, np.float32)
    try:
        partner = {"partner_position": session.tracks[:, 1 - agent]}
        found = decode(cells, partner, session.time, NO_SHIFTS, analysis.decoding)["partner_position"]
    except DecodingError as error:
        return place, float("nan"), str(error)
    place[found.frames] = found.predicted
    return place, found.finding.score, ""


def _brightness(cells: np.ndarray, kept: slice) -> np.ndarray:
    """Activity [kept, n] as a share of the cell's bright level, 0 to 1; a cell that never fires is dark."""
    bright = np.percentile(cells, BRIGHT, axis=0)
    bright = np.where(bright > 0, bright, cells.max(axis=0))
    return np.clip(cells[kept] / np.where(bright > 0, bright, 1.0), 0.0, 1.0)


def _merged(rows: np.ndarray, band: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """Means of so many neighbours in a band that about `MOST_ROWS` rows [row, T] are left, and how many of each band.

    band: of each row, ascending.
    """
    together = -(-len(rows) // MOST_ROWS)
    of_bands = [_means(rows[start:stop], together) for start, stop in runs_of(band)]
    return np.concatenate(of_bands), [len(each) for each in of_bands]


def runs_of(band: np.ndarray) -> list[tuple[int, int]]:
    """(start, past the end) of every run of equal values."""
    edges = np.flatnonzero(np.diff(band)) + 1
    return list(zip([0, *edges], [*edges, len(band)], strict=True))


def _binned(rows: np.ndarray, per_bin: int) -> np.ndarray:
    return np.round(255 * _means(rows.T, per_bin).T).astype(np.uint8)


def _means(rows: np.ndarray, together: int) -> np.ndarray:
    """Means of every so many rows [n, k]; the last may be of fewer."""
    first = np.arange(0, len(rows), together)
    held = np.diff(np.append(first, len(rows)))
    means: np.ndarray = np.add.reduceat(rows, first) / held[:, None]
    return means
