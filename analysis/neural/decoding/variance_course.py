"""The partner's share of the units' variance through training: every session whose units were kept."""

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from analysis.core.document import Array
from analysis.core.measure import NAN
from analysis.core.run import RunDirectory, SessionFile
from analysis.core.statistics import NOT_MEASURED, Estimate, median_over_pairs
from analysis.neural.decoding.partner_variance import partner_variance
from compute.threads import in_threads
from params.errors import UserError
from recording import holds_rates, read_session

NAIVE, SOLO, TRAINING, SOCIAL = "naive", "pretraining", "coop_training", "evaluation_social"
Slot = tuple[str, int]  # a phase, which session of it


@dataclass(frozen=True)
class VarianceCourse:
    """slots: sessions in the order they were run. pairs [pairs, slot]: the mean of a pair's agents, NaN without. estimates: over pairs.

    naive: before any training. solo, early, late, social: after the last session of solo training kept, the first and the last of
    cooperative training, and in the social evaluation. grown: of each pair late less solo, regrown: late over solo, of pairs whose
    solo share is above 0.
    """

    slots: tuple[Slot, ...]
    pairs: Array
    estimates: tuple[Estimate, ...]
    naive: Estimate = NOT_MEASURED
    solo: Estimate = NOT_MEASURED
    early: Estimate = NOT_MEASURED
    late: Estimate = NOT_MEASURED
    social: Estimate = NOT_MEASURED
    grown: Estimate = NOT_MEASURED
    regrown: Estimate = NOT_MEASURED


def variance_course(run: RunDirectory, workers: int | None) -> VarianceCourse:
    """Measure every session with units.

    Raises
    ------
    UserError
        A recording is damaged.
    """
    kept = [file for file in run.sessions if holds_rates(file.path)]
    with threadpool_limits(1, "blas"):
        found = dict(zip(_slots_of(run, kept), in_threads(lambda file: _of_session(run, file), kept, workers), strict=True))
    slots = tuple(dict.fromkeys(slot for _, slot in found))
    pairs = sorted({pair for pair, _ in found})
    matrix = np.array([[found.get((pair, slot), NAN) for slot in slots] for pair in pairs]).reshape(len(pairs), len(slots))

    def at(phase: str, place: int) -> np.ndarray:
        own = [index for index, slot in enumerate(slots) if slot[0] == phase]
        return matrix[:, own[place]] if own else np.full(len(pairs), NAN)

    solo, late = at(SOLO, -1), at(TRAINING, -1)
    return VarianceCourse(
        slots,
        matrix,
        tuple(median_over_pairs(column) for column in matrix.T),
        naive=median_over_pairs(at(NAIVE, -1)),
        solo=median_over_pairs(solo),
        early=median_over_pairs(at(TRAINING, 0)),
        late=median_over_pairs(late),
        social=median_over_pairs(at(SOCIAL, -1)),
        grown=median_over_pairs(late - solo),
        regrown=median_over_pairs(late / np.where(solo > 0, solo, NAN)),
    )


def _slots_of(run: RunDirectory, files: list[SessionFile]) -> list[tuple[int, Slot]]:
    """(pair, slot) of each file; a slot counts all sessions of its phase, kept or not."""
    first: dict[tuple[int, str], int] = {}
    for file in run.sessions:
        first.setdefault((file.pair, file.phase), file.session)
    return [(file.pair, (file.phase, file.session - first[file.pair, file.phase])) for file in files]


def _of_session(run: RunDirectory, file: SessionFile) -> float:
    """Mean over agents; NaN where it cannot be measured."""
    session, shares = read_session(file.path), []
    for agent in range(session.n_agents):
        try:
            shares.append(partner_variance(session, agent, run.resolved.params.analysis))
        except UserError:
            continue
    return float(np.mean(shares)) if shares else NAN
