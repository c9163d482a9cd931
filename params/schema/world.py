"""Tables of the world: time, chamber, bodies, senses, the rule, and who is beyond the divider."""

from typing import Literal

from pydantic import ValidationInfo, model_validator

from params.schema.table import (
    Copies,
    Duration,
    DurationOrNone,
    Length,
    NonNegative,
    Positive,
    SomeSessions,
    Spread,
    Table,
    refuse_disorder,
    refuse_too_many,
)
from params.units import key_of_field, n_steps

MOST_STEPS_PER_DECISION = 2000


class Time(Table):
    physics_step_s: Duration
    network_step_s: Duration
    decision_s: Duration

    @model_validator(mode="after")
    def _on_grid(self) -> "Time":
        for name in ("physics_step_s", "network_step_s"):
            step_s = getattr(self, name)
            steps = n_steps(self.decision_s, step_s, "time.decision")
            refuse_too_many(steps, MOST_STEPS_PER_DECISION, "steps a decision", f"time.{key_of_field(name)} = {step_s:g} s")
        return self

    @property
    def physics_steps_per_decision(self) -> int:
        return n_steps(self.decision_s, self.physics_step_s, "time.decision")

    @property
    def network_steps_per_decision(self) -> int:
        return n_steps(self.decision_s, self.network_step_s, "time.decision")


class Chamber(Table):
    length_cm: Length
    width_cm: Length
    port_from_divider_cm: Length
    spout_from_divider_cm: Length
    reach_cm: Length

    @model_validator(mode="after")
    def _inside(self) -> "Chamber":
        for name in ("port_from_divider_cm", "spout_from_divider_cm"):
            if getattr(self, name) > self.width_cm:
                raise ValueError(
                    f"{key_of_field(name)} = {getattr(self, name):g} cm lies outside the width of {self.width_cm:g} cm"
                )
        if 2 * self.reach_cm >= self.length_cm:
            raise ValueError(f"reach = {self.reach_cm:g} cm lets port and spout overlap in a length of {self.length_cm:g} cm")
        return self


class Body(Table):
    speed_median_cm_per_s: Positive
    speed_spread: Spread
    speed_tau_s: Positive
    bout_s: Positive
    poke_latency_median_s: Positive
    poke_latency_spread: Spread
    dwell_min_s: Positive
    dwell_max_s: Positive
    drink_median_s: Positive
    drink_spread: Spread

    @model_validator(mode="after")
    def _ordered(self, info: ValidationInfo) -> "Body":
        refuse_disorder(self, "dwell_min_s", "dwell_max_s", info)
        return self


class Senses(Table):
    place_spacing_cm: Length
    place_width_cm: Length
    channels_per_cue: Copies
    channels_per_partner_field: Copies
    click_decay_s: Positive
    partner_delay_s: DurationOrNone
    partner_range_cm: Positive
    partner_softness_cm: Positive
    partner_noise_near_cm: NonNegative
    partner_noise_per_cm_distance: NonNegative
    touch_range_cm: Positive


class Rule(Table):
    click: bool
    miss_cost: NonNegative
    miss_timeout_s: DurationOrNone
    affiliation_reward: NonNegative


class Partner(Table):
    kind: Literal["mouse", "signal"]
    recorded_sessions: SomeSessions
