"""Functional groups of an animal's cells, as the report has them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from analysis.core.measure import NAN, Measure, Measures, absent, attempt, measured
from analysis.neural.groups.agreement import adjusted_rand
from analysis.neural.groups.enhancement import enhancement, event_responses
from analysis.neural.groups.groups import UNGROUPED, FunctionalGroups, consensus_groups, functional_groups, functional_network
from analysis.neural.inputs.activity import changing, z_scored
from analysis.neural.inputs.arrivals import arrivals
from params.schema.measures import Analysis
from params.schema.measures import Groups as Settings
from recording import Session


def response_names(event: str) -> tuple[str, str, str]:
    """Enhancement of the response to an event, and the response within the chosen group and outside."""
    return f"enhancement_{event}", f"response_{event}_within", f"response_{event}_outside"


EVENTS: dict[str, Callable[[Session, int, Analysis], np.ndarray]] = {
    "arrival": lambda session, agent, analysis: arrivals(session, agent, analysis.ethogram.wait_zone_cm),
    "correct": lambda session, agent, analysis: session.events_of("correct", agent)["start"],
}  # times of each
OF_GROUPS = ("groups", "grouped", "density", "modularity", "stability")
NAMES = (*OF_GROUPS, *(name for event in EVENTS for name in response_names(event)))


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
    - Response to an event, z: mean activity in a window after it less that before. The events are arrivals, the partner's nose
      coming into the waiting zone of its own armed port, and own corrects; one whose windows would overlap with those of the one
      before is left out. Every other event chooses the group that responds most; the rest measure the response within that group
      and outside it. Chance: labels permuted among the cells, a group chosen anew.
    - Enhancement: response within the group less that chance.
    """
    pictures: list[Grouped] = []

    def measure() -> Measures:
        cells = changing(session, agent)
        found = functional_groups(cells, analysis.groups, rng)
        pictures.append(Grouped(found.network.correlation.astype(np.float32), found.labels))
        return {
            **_of_network(found),
            "stability": _stability(cells, analysis.groups, rng),
            **_of_responses(session, agent, found.labels, analysis, rng),
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


def _of_responses(session: Session, agent: int, labels: np.ndarray, analysis: Analysis, rng: np.random.Generator) -> Measures:
    scores = z_scored(changing(session, agent))
    changes = scores.any(axis=0)  # a cell that never changes can neither respond nor be in a group
    if not changes.all():
        scores, labels = scores[:, changes], labels[changes]
    permuted = rng.permuted(np.tile(labels, (analysis.report.group_permutations, 1)), axis=1)
    found: Measures = {}
    for event in EVENTS:
        found |= attempt(response_names(event), partial(_of_event, session, agent, event, scores, labels, permuted, analysis))
    return found


def _of_event(
    session: Session,
    agent: int,
    event: str,
    scores: np.ndarray,
    labels: np.ndarray,
    permuted: np.ndarray,
    analysis: Analysis,
) -> Measures:
    window, fewest = max(1, round(analysis.groups.response_window_s / session.step)), analysis.decoding.fewest_events
    moments = np.searchsorted(session.time, EVENTS[event](session, agent, analysis))
    responses = event_responses(scores, moments, window)
    if len(responses) < fewest:
        return dict.fromkeys(response_names(event), absent(f"{len(responses)} events of {event}; needs {fewest}"))
    if labels.max(initial=UNGROUPED) < 1:
        return dict.fromkeys(response_names(event), absent("fewer than two groups"))
    found = enhancement(responses, labels, permuted)
    measures = (
        Measure(found.excess, 0.0),
        Measure(found.within, found.chance),
        measured(found.outside, NAN, NAN, "all cells are in the chosen group"),
    )
    return dict(zip(response_names(event), measures, strict=True))
