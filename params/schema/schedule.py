"""Tables of the schedule: phases of training and evaluation, and what of them is recorded."""

from typing import Literal

from params.schema.table import Duration, NonNegative, Sessions, Table

PHASES = ("pretraining", "coop_3s", "coop_150s", "coop_075s", "evaluation_social", "evaluation_opaque", "evaluation_solo")


class Phase(Table):
    """A run of sessions under one task, window and divider."""

    sessions: Sessions
    task: Literal["solo", "coop"]
    window_s: Duration
    divider: Literal["transparent", "opaque"]
    plastic: bool
    reward: Literal["own", "yoked"]
    learning_rate_start: NonNegative
    learning_rate_end: NonNegative
    until_rewards_per_min: NonNegative

    def lengths(self) -> list[int]:
        """Length of each session, in `schedule.session`."""
        return [1] * self.sessions


class Schedule(Table):
    session_s: Duration
    pretraining: Phase
    coop_3s: Phase
    coop_150s: Phase
    coop_075s: Phase
    evaluation_social: Phase
    evaluation_opaque: Phase
    evaluation_solo: Phase

    @property
    def known(self) -> tuple[str, ...]:
        """All phases there can be, in the order they are run."""
        return PHASES

    @property
    def phases(self) -> list[tuple[str, Phase]]:
        """(name, phase) in the order they are run, those without sessions left out."""
        return [(name, getattr(self, name)) for name in PHASES if getattr(self, name).sessions > 0]


class Recording(Table):
    """Which sessions keep the rates of their units."""

    rates: list[Literal["solo", "first", "last", "evaluation", "all"]]
