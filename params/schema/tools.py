"""Tables of the experimenter's tools: the calcium indicator, and what is done to trained pairs. They shape no brain."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from params.schema.table import (
    CellCount,
    Draws,
    Duration,
    DurationOrNone,
    Fraction,
    NonNegative,
    Parts,
    Positive,
    SomeSessions,
    Table,
    refuse_too_many,
)

MOST_PLACES = 10_000  # lesioned one by one
MICE = {"mouse_0": (0,), "mouse_1": (1,), "both": (0, 1)}  # agents by `who`


class Calcium(Table):
    frame_rate_hz: Annotated[float, Field(gt=0, le=1000)]  # no miniscope is as fast
    rise_tau_s: Positive
    decay_tau_s: Positive
    single_spike: Positive
    half_saturation: Positive
    hill: Positive
    peak_snr: Positive
    shot_share: Fraction
    motion: NonNegative
    motion_tau_s: Positive
    neuropil: NonNegative

    @model_validator(mode="after")
    def _ordered(self) -> "Calcium":
        if self.decay_tau_s <= self.rise_tau_s:
            raise ValueError(f"decay_tau = {self.decay_tau_s:g} s is not longer than rise_tau = {self.rise_tau_s:g} s")
        return self


class Silencing(Table):
    target: Literal["none", "exc", "exc_by_pv", "pv", "sst", "vip", "partner_input"]
    when: Literal["session", "before_poke", "waiting", "after_reward"]
    who: Literal["mouse_0", "mouse_1", "both"]
    doses: Annotated[list[Fraction], Field(min_length=2)]
    chemo_rate_gain: Fraction
    chemo_release_gain: Fraction
    light_rate_gain: Fraction
    light_pv_drive_hz: NonNegative
    rebound_gain: Annotated[float, Field(ge=1, le=100)]
    rebound_s: DurationOrNone
    near_port_cm: Positive
    standing_speed_cm_per_s: Positive
    standing_over_s: Duration
    lesion_from_divider_min_cm: NonNegative
    lesion_from_divider_max_cm: NonNegative
    lesion_from_port_end_min_cm: NonNegative
    lesion_from_port_end_max_cm: NonNegative
    lesion_cues: bool
    sessions: SomeSessions
    session_s: Duration

    @field_validator("doses")
    @classmethod
    def _rising_from_zero(cls, doses: list[float]) -> list[float]:
        if doses[0] != 0 or any(below >= above for below, above in pairwise(doses)):
            raise ValueError("must start at 0, the baseline, and rise")
        if any(abs(100 * dose - round(100 * dose)) > 1e-9 for dose in doses):
            raise ValueError("must be whole hundredths")
        return doses

    @model_validator(mode="after")
    def _possible(self) -> "Silencing":
        if self.target == "partner_input" and self.when != "session":
            raise ValueError(f"when = {self.when!r} is not possible: a lesion lasts; allowed: 'session'")
        for axis in ("from_divider", "from_port_end"):
            low, high = getattr(self, f"lesion_{axis}_min_cm"), getattr(self, f"lesion_{axis}_max_cm")
            if high < low:
                raise ValueError(f"lesion_{axis}_max = {high:g} cm is less than lesion_{axis}_min = {low:g} cm")
        return self

    @property
    def mice(self) -> tuple[int, ...]:
        """Agents that `who` names."""
        return MICE[self.who]


class UnitSets(Table):
    """Sets of units to be silenced: the most tuned, and as many drawn at random among matched ones."""

    counts: Annotated[list[CellCount], Field(min_length=1, max_length=100)]
    draws: Draws
    neighbours: CellCount
    judged_count: CellCount

    @field_validator("counts")
    @classmethod
    def _rising(cls, counts: list[int]) -> list[int]:
        if any(below >= above for below, above in pairwise(counts)):
            raise ValueError("must rise")
        return counts

    @model_validator(mode="after")
    def _judged(self) -> "UnitSets":
        if self.judged_count not in self.counts:
            raise ValueError(f"judged_count = {self.judged_count} is not among counts: {', '.join(map(str, self.counts))}")
        return self


def check_shared_out(draws: int, name: str, sessions: int) -> None:
    """Raise ValueError unless the random sets can be shared out evenly among the sessions of a ranked set, called `name`."""
    if draws % sessions:
        raise ValueError(f"draws = {draws} is not a multiple of {name} = {sessions}, and every one must meet as many")


class Ablation(UnitSets):
    """Of the mice's cells."""

    sessions: SomeSessions
    session_s: Duration

    @model_validator(mode="after")
    def _balanced(self) -> "Ablation":
        check_shared_out(self.draws, "sessions", self.sessions)
        return self


class Pathways(Table):
    grid_from_divider: Parts
    grid_from_port_end: Parts
    near_port_end_cm: Positive
    permutations: Annotated[Draws, Field(ge=100)]
    sessions: SomeSessions
    map_sessions: SomeSessions
    session_s: Duration

    @model_validator(mode="after")
    def _places(self) -> "Pathways":
        refuse_too_many(
            self.grid_from_divider * self.grid_from_port_end,
            MOST_PLACES,
            "places",
            f"grid_from_divider = {self.grid_from_divider}",
        )
        return self


class Shadow(Table):
    session_s: Duration
    cells: CellCount
