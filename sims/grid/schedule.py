"""The schedule of a pair on the grid: every session in order; no criterion cuts a phase short."""

from dataclasses import dataclass

from params.schema.grid import GridParameters, GridPhase, TrainingPhase
from sims.schedule import Place, keeps_rates


@dataclass(frozen=True)
class GridSession:
    """One session: training if its phase has any, then frozen play that is recorded. place: where the pair stands before it. divider:
    "opaque" where the partner is not seen, by the phase or by the world."""

    place: Place
    phase_name: str
    phase: GridPhase
    divider: str
    keep_rates: bool

    @property
    def number(self) -> int:
        return self.place.session

    @property
    def trained(self) -> int:
        """Steps of training in the session; 0 in an evaluation."""
        return self.lengths * self.phase.session_steps if isinstance(self.phase, TrainingPhase) else 0

    @property
    def lengths(self) -> int:
        """How many times its phase's `session_steps` it trains for; 0 in an evaluation."""
        return self.phase.lengths()[self.place.within] if isinstance(self.phase, TrainingPhase) else 0

    @property
    def next_place(self) -> Place:
        """Where the pair stands after it."""
        last = self.place.within + 1 == self.phase.sessions
        phase, within = (self.place.phase + 1, 0) if last else (self.place.phase, self.place.within + 1)
        return Place(self.place.session + 1, phase, within)


def sessions_of(params: GridParameters) -> list[GridSession]:
    """Every session of a pair, in order."""
    sessions: list[GridSession] = []
    for phase_number, (name, phase) in enumerate(params.schedule.phases):
        for within in range(phase.sessions):
            place = Place(len(sessions), phase_number, within)
            keep = keeps_rates(params, name, within, within + 1 == phase.sessions)
            sessions.append(GridSession(place, name, phase, divider_of(params, phase), keep))
    return sessions


def divider_of(params: GridParameters, phase: GridPhase) -> str:
    """Divider of a phase's sessions: "opaque" where it, or the world, hides the partner."""
    return phase.divider if params.world.sees_partner else "opaque"
