"""Cells of one animal by what they carry: cooperation or the partner beyond own behaviour, own behaviour itself, and their group.

Defined before any ablation was scored, and blind to the readout's weights. For every excitatory cell, or hidden unit, of a frozen
cooperative session:

    own(t)       what the animal itself does and did (`analysis.neural.inputs.own_behaviour`: place, movement, acts, its own events), and
                 where ports move also what it is after (`analysis.neural.inputs.partner_state.goals`)
    r(t)         its rate;  e(t) = r(t) - b own(t), least squares: what own behaviour does not explain
    self         R^2 = 1 - var e / var r, how much of the cell own behaviour explains
    partner      R^2 of own(t) and the partner's state (`analysis.neural.inputs.partner_state`) together, less self: how much of the cell
                 the partner explains that own behaviour does not
    A_b          auROC of e in the frames of behaviour b against all others (`analysis.neural.tuning.auroc`)
    cooperation  max of |A_b - 1/2| over b = partner_approach, partner_wait, partner_poke, and of
                 |A_before_correct - A_before_miss| / 2, the decision that will succeed against the one that will not

All scales are 0 for a cell that tells nothing; cooperation ends at 1/2, the others at 1. Fits are in-sample: the shares of all cells are
too high alike, by about columns over frames of what is left. A behaviour with fewer than `min_events` events does not count. Both mice
drink at once after a correct, so drinking of the partner is left out. The order of a ranking is falling selectivity, ties by cell.
"""

from dataclasses import dataclass

import numpy as np

from analysis.neural.groups.groups import consensus_groups, functional_network
from analysis.neural.inputs.activity import residuals
from analysis.neural.inputs.frames import Frames
from analysis.neural.inputs.own_behaviour import own_behaviour
from analysis.neural.inputs.partner_state import goals, partner_state
from analysis.neural.tuning.auroc import auroc, excess_over_others
from params.schema.measures import Analysis, Groups
from recording import Session

RANKED = ("exc", "unit")
PARTNER = ("partner_approach", "partner_wait", "partner_poke")
DECISION = ("before_correct", "before_miss")


@dataclass(frozen=True, eq=False)
class CellRanking:
    """Of every ranked cell: cell [n] place among all cells of the brain; class_name [n]; rate_hz, variance_hz2 [n] over the session,
    of hidden units of their activation; cooperation, partner, self_tuning [n], see the module; group [n] functional group, -1 for
    none."""

    cell: np.ndarray
    class_name: np.ndarray
    rate_hz: np.ndarray
    variance_hz2: np.ndarray
    cooperation: np.ndarray
    partner: np.ndarray
    self_tuning: np.ndarray
    group: np.ndarray


def rank_cells(session: Session, frames: Frames, agent: int, analysis: Analysis, rng: np.random.Generator) -> CellRanking:
    """The excitatory cells or hidden units of one agent of a session with rates; rng draws shifts and partitions of the groups."""
    activity, classes = session.cells_of(agent)
    class_name, decoding, baseline_s = np.array(classes), analysis.decoding, analysis.ethogram.speed_baseline_s
    cell = np.flatnonzero(np.isin(class_name, RANKED))
    rate_hz = activity[:, cell].astype(np.float64)
    own = np.hstack(
        [own_behaviour(session, agent, decoding, baseline_s), goals(session, agent, decoding.bump_spacing_cm)],
    )
    beyond = residuals(rate_hz, own)
    beyond_both = residuals(rate_hz, np.hstack([own, partner_state(session, agent, decoding, baseline_s)]))
    return CellRanking(
        cell,
        class_name[cell],
        rate_hz.mean(axis=0),
        rate_hz.var(axis=0),
        cooperation_selectivity(beyond, frames, analysis.selectivity.min_events),
        explained(rate_hz, beyond_both) - explained(rate_hz, beyond),
        explained(rate_hz, beyond),
        functional_labels(rate_hz, analysis.groups, rng),
    )


def explained(activity: np.ndarray, beyond: np.ndarray) -> np.ndarray:
    """Share of each cell's variance [n] that is not in what is left of it [T, n]; 0 for a cell that never changes."""
    variance, left = activity.var(axis=0), beyond.var(axis=0)
    return np.where(variance > 0, 1 - left / np.where(variance > 0, variance, 1), 0.0)


def cooperation_selectivity(beyond: np.ndarray, frames: Frames, min_events: int) -> np.ndarray:
    """Strongest of the four tunings [n] that the module names, of activity without own behaviour [T, n]; 0 if none is measured."""
    chosen = frames.only((*PARTNER, *DECISION))
    n_in = chosen.masks.sum(axis=1)
    n_out = chosen.masks.shape[1] - n_in
    measured = (chosen.events >= min_events) & (n_in > 0) & (n_out > 0)
    excess = excess_over_others(np.ascontiguousarray(beyond.T), chosen.masks, np.zeros(1, np.int64))[..., 0]
    area = auroc(excess, np.where(measured, n_in, 1), np.where(measured, n_out, 1))
    tuning = [np.abs(area[:, place] - 0.5) for place in range(len(PARTNER)) if measured[place]]
    if measured[len(PARTNER) :].all():
        tuning.append(np.abs(area[:, -2] - area[:, -1]) / 2)
    return np.max([np.zeros(beyond.shape[1]), *tuning], axis=0)


def functional_labels(rate_hz: np.ndarray, settings: Groups, rng: np.random.Generator) -> np.ndarray:
    """Functional group of every cell [n] from its rates [T, n]; -1 for none."""
    network = functional_network(rate_hz, settings.shifts, settings.false_discovery, rng)
    return consensus_groups(network.weight, settings, rng)
