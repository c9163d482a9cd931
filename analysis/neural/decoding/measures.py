"""What an animal's cells tell of its partner and of the outcome, as the report has it."""

import numpy as np

from analysis.core.measure import NAN, Measure, Measures, absent, attempt, measured
from analysis.neural.decoding.decoding import Finding
from analysis.neural.decoding.outcome import outcome_information
from analysis.neural.decoding.partner_information import (
    PARTNER_TARGETS,
    PartnerInformation,
    partner_information,
    time_course,
    unique_variance,
)
from analysis.neural.inputs.activity import changing
from params.schema.measures import Analysis
from params.schema.measures import Report as Settings
from recording import Session

AT_ALL = tuple(f"at_all_{name}" for name in ("own_position", *PARTNER_TARGETS))
NET = tuple(f"net_{name}" for name in PARTNER_TARGETS)
UNIQUE = tuple(f"unique_{name}" for name in PARTNER_TARGETS)
NAMES = (*AT_ALL, *NET, *UNIQUE)


def course_edges_s(settings: Settings) -> np.ndarray:
    """Edges [bins + 1] s of the bins around a closing poke."""
    half = round(settings.course_reach_s / settings.course_bin_s)
    return np.arange(-half, half + 1) * settings.course_bin_s


def partner(session: Session, agent: int, analysis: Analysis, rng: np.random.Generator) -> tuple[Measures, np.ndarray]:
    """What an animal's cells tell of its partner: its place, whether it is at its port, whether it is about to poke.

    At all: decoded from the cells on held-out blocks of time. Net: of what the animal's own behaviour leaves unexplained of the
    partner, the share that the cells explain. Unique: the same as a share of all of the partner's variance, so net times what
    own behaviour leaves. Net and unique can move in opposite directions when animals coordinate better: they are reported, and
    the verdict rests on what is decoded at all. Chance of net and unique is a circular shift of what own behaviour leaves
    unexplained, of the first a shift of the target. The p-value of unique is that of net, of which it is a multiple, and so is its
    chance.

    Beside the numbers the course of the net score of the partner's place, by the time from the closing poke, the second of a
    correct.
    """
    edges_s = course_edges_s(analysis.report)
    course = np.full(len(edges_s) - 1, np.nan)

    def measure() -> Measures:
        changing(session, agent)
        found = partner_information(session, agent, analysis, rng)
        course[:] = _course(session, found, edges_s, analysis.decoding.fewest_events)
        return _measures(found)

    return attempt(NAMES, measure), course


def _measures(found: PartnerInformation) -> Measures:
    measures = {f"at_all_{name}": _measure(each.finding) for name, each in found.at_all.items()}
    for name, each in found.net.items():
        net, unique = each.finding, unique_variance(each)
        scale = unique / net.score if net.score else NAN
        measures[f"net_{name}"] = _measure(net)
        measures[f"unique_{name}"] = _measure(Finding(unique, net.chance * scale, net.p_value))
    return measures


def _measure(finding: Finding) -> Measure:
    return measured(*finding, "the partner does it, or leaves it, too seldom to be decoded")


def _course(session: Session, found: PartnerInformation, edges_s: np.ndarray, fewest: int) -> np.ndarray:
    closing_s = session.events_of("correct", found.agent)["start"]
    decoded = found.net["partner_position"]
    if len(closing_s) < fewest or np.isnan(decoded.finding.score):
        return np.full(len(edges_s) - 1, np.nan)
    return time_course(decoded, session.time, closing_s, edges_s)


def outcome(session: Session, agent: int, analysis: Analysis, rng: np.random.Generator) -> Measures:
    """Whether an animal's cells tell, before the outcome, if the partner will follow its poke: balanced accuracy of correct against
    miss on held-out attempts which the animal opened; chance moves the outcomes along the attempts."""

    def measure() -> Measures:
        changing(session, agent)
        finding = outcome_information(session, agent, analysis.decoding, rng)
        few = f"fewer than {analysis.decoding.fewest_events} corrects or misses that this animal opened"
        return {"outcome": measured(*finding, few) if not np.isnan(finding.score) else absent(few)}

    return attempt(["outcome"], measure)
