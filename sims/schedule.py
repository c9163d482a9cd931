"""The schedule of a pair: which session comes next, under what rule and at what learning rate."""

from collections.abc import Iterator
from dataclasses import dataclass

from params.schema.grid import GridParameters
from params.schema.mice import Parameters
from params.schema.schedule import Phase, Schedule


@dataclass(frozen=True)
class Place:
    """Where a pair stands: `session` done so far, the phase under way and sessions done in it."""

    session: int = 0
    phase: int = 0
    within: int = 0


@dataclass(frozen=True)
class PlannedSession:
    """One session to be run.

    learning_rate: factor on all rates. keep_rates: whether cell rates are recorded; keep_rates_if_last: whether they are if the session
    turns out to be the last of its phase, which a criterion may end early.
    """

    session: int
    phase_name: str
    phase: Phase
    learning_rate: float
    keep_rates: bool
    keep_rates_if_last: bool = False
    ends_phase: bool = False


def next_session(params: Parameters, place: Place) -> PlannedSession | None:
    """The session to run at a place in the schedule, None at its end."""
    phases = params.schedule.phases
    if place.phase >= len(phases):
        return None
    name, phase = phases[place.phase]
    done = place.within / max(1, phase.sessions - 1)
    learning_rate = phase.learning_rate_start + done * (phase.learning_rate_end - phase.learning_rate_start)
    return PlannedSession(
        place.session,
        name,
        phase,
        learning_rate,
        keeps_rates(params, name, place.within, False),
        keeps_rates(params, name, place.within, True),
        place.within + 1 == phase.sessions,
    )


def advance(params: Parameters, place: Place, rewards_per_min: float) -> Place:
    """The place after a session in which the slower mouse earned so many rewards a minute: a criterion met ends its phase."""
    _, phase = params.schedule.phases[place.phase]
    criterion = phase.until_rewards_per_min
    met = criterion > 0 and rewards_per_min >= criterion
    if met or place.within + 1 == phase.sessions:
        return Place(place.session + 1, place.phase + 1, 0)
    return Place(place.session + 1, place.phase, place.within + 1)


def sessions_left(params: Parameters, place: Place) -> int:
    """Sessions from a place to the end of the schedule if no criterion cuts it short."""
    return sum(phase.sessions for _, phase in params.schedule.phases[place.phase :]) - place.within


def keeps_rates(params: Parameters | GridParameters, name: str, within: int, ends_phase: bool) -> bool:
    """Whether [recording] asks for the rates of the units of a phase's session, `within` sessions into the phase, the last of it or not."""
    keep = params.recording.rates
    training = [phase for phase, _ in params.schedule.phases if phase.startswith("coop")]
    first = bool(training) and name == training[0] and within == 0
    last = bool(training) and name == training[-1] and within + 1 == getattr(params.schedule, name).sessions
    return (
        "all" in keep
        or ("solo" in keep and name == "pretraining" and ends_phase)
        or ("first" in keep and first)
        or ("last" in keep and last)
        or ("evaluation" in keep and name.startswith("evaluation"))
    )


def longest(schedule: Schedule) -> Iterator[tuple[str, Phase, float]]:
    """(name, phase, hours) of every phase if no criterion cuts it short."""
    for name, phase in schedule.phases:
        yield name, phase, phase.sessions * schedule.session_s / 3600.0
