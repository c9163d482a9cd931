"""Functional groups of an animal's cells, as the report has them."""

from dataclasses import dataclass

import numpy as np

from analysis.neural.activity import changing, z_scored
from analysis.neural.group_measures import adjusted_rand, response_gain
from analysis.neural.groups import UNGROUPED, FunctionalGroups, consensus_groups, functional_groups, functional_network
from analysis.neural.measure import NAN, Measure, Measures, absent, attempt, measured
from analysis.nulls import draw_shifts
from params.measures import Analysis
from params.measures import Groups as Settings
from recording import RecordingError, Session

GAIN_EVENT = "correct"
NAMES = ("groups", "grouped", "density", "modularity", "stability", "gain")


@dataclass(frozen=True, eq=False)
class Grouped:
    """What is drawn of an animal's groups: correlation [n, n] float32 and labels [n]."""

    correlation: np.ndarray
    labels: np.ndarray


def grouping(session: Session, agent: int, analysis: Analysis, rng: np.random.Generator) -> tuple[Measures, Grouped | None]:
    """Into how many groups an animal's cells fall, whether that is more than a few dimensions, whether it lasts, what it does.

    - Modularity of the graph of correlations beyond chance; its chance is the mean of a Gaussian population with the same
      eigenvalues, mean correlation and number of edges.
    - Stability: adjusted Rand index of the groups found in the first and in the second half of the session; 0 by chance.
    - Gain: how much more a cell answers a correct when the rest of its own group was active just before than when other groups
      were, the median over cells; its chance is the same at shifted times.
    """
    pictures: list[Grouped] = []

    def measure() -> Measures:
        cells = changing(session, agent)
        found = functional_groups(cells, analysis.groups, rng)
        pictures.append(Grouped(found.network.correlation.astype(np.float32), found.labels))
        return {
            **_of_network(found),
            "stability": _stability(cells, analysis.groups, rng),
            "gain": _gain(session, agent, found.labels, analysis, rng),
        }

    return attempt(NAMES, measure), pictures[0] if pictures else None


def _of_network(found: FunctionalGroups) -> Measures:
    chance = float(found.null.mean()) if len(found.null) else NAN
    return {
        "groups": Measure(float(found.n_groups)),
        "grouped": Measure(float((found.labels != UNGROUPED).mean())),
        "density": measured(found.network.density, NAN, NAN, "one cell has no correlations"),
        "modularity": measured(found.modularity, chance, found.p_value, "no two cells correlate beyond chance"),
    }


def _stability(cells: np.ndarray, settings: Settings, rng: np.random.Generator) -> Measure:
    halves = np.array_split(cells, 2)
    networks = [functional_network(half, settings.shifts, settings.false_discovery, rng) for half in halves]
    labels = [consensus_groups(network.weight, settings, rng) for network in networks]
    return measured(adjusted_rand(*labels), 0.0, NAN, "fewer than two cells are in a group in both halves of the session")


def _gain(session: Session, agent: int, labels: np.ndarray, analysis: Analysis, rng: np.random.Generator) -> Measure:
    n, window = len(session.time), max(1, round(analysis.groups.response_window_s / session.step))
    events = np.searchsorted(session.time, session.events_of(GAIN_EVENT, agent)["start"])
    if len(events) < analysis.decoding.fewest_events:
        return absent(f"{len(events)} events of {GAIN_EVENT}; needs {analysis.decoding.fewest_events}")
    if labels.max(initial=UNGROUPED) < 1:
        return absent("fewer than two groups")
    shortest = int(np.ceil(analysis.report.gain_min_shift_s / session.step))
    shifts = draw_shifts(rng, analysis.report.gain_shifts, n, shortest, n // 2)
    if not len(shifts):
        raise RecordingError(f"{session.duration:g} s are too short for shifts of {analysis.report.gain_min_shift_s:g} s")
    found = response_gain(z_scored(changing(session, agent)), labels, events, shifts, window, window)
    chance = float(np.median(found.null)) if len(found.null) else NAN
    return measured(found.difference, chance, found.p_value, "no cell has both a group and other groups")
