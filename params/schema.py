"""The frozen, checked form of the parameters: one class per TOML table, same names, units as suffixes (params/units.py).

What each value means, its unit and its source stand in `base.toml`; ranges and cross-checks stand here.
"""

from math import prod
from typing import Literal

from pydantic import ValidationInfo, model_validator

from params.measures import Analysis
from params.room import Room
from params.table import (
    CellCount,
    Copies,
    Duration,
    DurationOrNone,
    Fraction,
    Length,
    LessThanOne,
    NonNegative,
    Positive,
    RateHz,
    Sessions,
    SomeSessions,
    Spread,
    Table,
    refuse_disorder,
    refuse_too_many,
)
from params.tools import Ablation, Calcium, Pathways, Shadow, Silencing
from params.units import key_of_field, n_steps

CELL_CLASSES = ("exc", "pv", "sst", "vip")
PHASES = ("pretraining", "coop_3s", "coop_150s", "coop_075s", "evaluation_social", "evaluation_opaque", "evaluation_solo")

MOST_STEPS_PER_DECISION = 1000
MOST_CHANNELS = 20_000  # of the senses, each with fibres onto a share of all cells: a hundred times the base
MOST_DECISIONS = 10_000_000  # in any duration: two weeks of the base's
MOST_FRAMES = 10_000_000  # of an imaged session
CUES = 7  # that senses have, worlds.senses.CUES


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


class CellClass(Table):
    count: CellCount
    tau_s: Positive
    tau_spread: Spread
    rest_rate_hz: RateHz
    rest_spread: Spread
    max_rate_hz: RateHz


class Cells(Table):
    exc: CellClass
    pv: CellClass
    sst: CellClass
    vip: CellClass
    noise_hz: NonNegative

    @property
    def total(self) -> int:
        return sum(getattr(self, name).count for name in CELL_CLASSES)


class PerClassFraction(Table):
    """A fraction for each postsynaptic class."""

    exc: Fraction
    pv: Fraction
    sst: Fraction
    vip: Fraction


class PerClassStrength(Table):
    """A mean postsynaptic potential for each postsynaptic class."""

    exc_mv: NonNegative
    pv_mv: NonNegative
    sst_mv: NonNegative
    vip_mv: NonNegative


class ProbabilityTable(Table):
    """Connection probability, presynaptic class first."""

    exc: PerClassFraction
    pv: PerClassFraction
    sst: PerClassFraction
    vip: PerClassFraction


class StrengthTable(Table):
    """Connection strength, presynaptic class first."""

    exc: PerClassStrength
    pv: PerClassStrength
    sst: PerClassStrength
    vip: PerClassStrength


class Connectivity(Table):
    probability: ProbabilityTable
    strength: StrengthTable
    excitation_gain: NonNegative
    inhibition_gain: NonNegative
    weight_spread: Spread


class Afferents(Table):
    probability: PerClassFraction
    weight_hz: NonNegative
    weight_spread: Spread


class Brain(Table):
    """model: a name in `acc_model.models.MODELS`."""

    model: str


class Plasticity(Table):
    """rule: a name in `acc_model.plasticity.rules.RULES`."""

    rule: str
    actor_rate: NonNegative
    critic_rate: NonNegative
    recurrent_rate: NonNegative
    afferent_rate: NonNegative
    discount_tau_s: Positive
    eligibility_tau_s: Positive
    entropy_weight: NonNegative
    feedback_spread: NonNegative
    consolidation_s: Duration
    yoked_delay_min_s: DurationOrNone
    yoked_delay_max_s: DurationOrNone

    @model_validator(mode="after")
    def _ordered(self, info: ValidationInfo) -> "Plasticity":
        refuse_disorder(self, "yoked_delay_min_s", "yoked_delay_max_s", info)
        return self


class Habit(Table):
    share: LessThanOne
    rate: Fraction


class Homeostasis(Table):
    intrinsic_tau_s: Positive
    scaling_interval_s: Duration
    scaling_fraction: Fraction
    norm_tau_s: Positive
    td_scale_tau_s: Positive
    td_scale_floor: Positive
    td_clip: Positive


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


class Parameters(Table):
    brain: Brain
    time: Time
    chamber: Chamber
    body: Body
    senses: Senses
    rule: Rule
    partner: Partner
    cells: Cells
    connectivity: Connectivity
    afferents: Afferents
    plasticity: Plasticity
    habit: Habit
    homeostasis: Homeostasis
    schedule: Schedule
    recording: Recording
    calcium: Calcium
    silencing: Silencing
    ablation: Ablation
    pathways: Pathways
    shadow: Shadow
    analysis: Analysis

    @property
    def room(self) -> Room:
        return Room((-self.chamber.width_cm, self.chamber.width_cm), (0.0, self.chamber.length_cm))

    @property
    def n_channels(self) -> int:
        """Channels of the senses: own place, copies of the partner's place, copies of each cue."""
        spacing, extents = self.senses.place_spacing_cm, (self.chamber.width_cm, self.chamber.length_cm)
        fields = prod(max(1, round(extent / spacing)) for extent in extents)
        return (1 + self.senses.channels_per_partner_field) * fields + CUES * self.senses.channels_per_cue

    @property
    def mice(self) -> tuple[int, ...]:
        """Agents that have a brain."""
        return (0,) if self.partner.kind == "signal" else (0, 1)

    @property
    def silenced(self) -> tuple[int, ...]:
        """Agents that are silenced."""
        return tuple(agent for agent in self.silencing.mice if agent in self.mice)

    @property
    def final_window_s(self) -> float:
        """The window that all sessions are also scored under."""
        return self.schedule.evaluation_social.window_s

    @model_validator(mode="after")
    def _durations_on_grid(self) -> "Parameters":
        physics, decision = self.time.physics_step_s, self.time.decision_s
        for name, phase in self.schedule.phases:
            n_steps(phase.window_s, physics, f"schedule.{name}.window")
        n_steps(self.schedule.session_s, self.plasticity.consolidation_s, "schedule.session")
        for key, duration_s in (
            ("schedule.session", self.schedule.session_s),
            ("senses.partner_delay", self.senses.partner_delay_s),
            ("rule.miss_timeout", self.rule.miss_timeout_s),
            ("plasticity.consolidation", self.plasticity.consolidation_s),
            ("plasticity.yoked_delay_min", self.plasticity.yoked_delay_min_s),
            ("plasticity.yoked_delay_max", self.plasticity.yoked_delay_max_s),
            ("homeostasis.scaling_interval", self.homeostasis.scaling_interval_s),
            ("silencing.session", self.silencing.session_s),
            ("ablation.session", self.ablation.session_s),
            ("pathways.session", self.pathways.session_s),
            ("shadow.session", self.shadow.session_s),
            ("silencing.rebound", self.silencing.rebound_s),
            ("silencing.standing_over", self.silencing.standing_over_s),
        ):
            refuse_too_many(n_steps(duration_s, decision, key), MOST_DECISIONS, "decisions", f"{key} = {duration_s:g} s")
        n_steps(self.homeostasis.scaling_interval_s, self.plasticity.consolidation_s, "homeostasis.scaling_interval")
        return self

    @model_validator(mode="after")
    def _silences_somebody(self) -> "Parameters":
        if not self.silenced:
            raise ValueError("silencing.who = 'mouse_1' is a signal, without a brain; allowed: 'mouse_0' or 'both'")
        return self

    @model_validator(mode="after")
    def _fits(self) -> "Parameters":
        senses, imaging = self.senses, self.calcium
        copies = f"channels_per_partner_field = {senses.channels_per_partner_field}"
        given = f"senses.place_spacing = {senses.place_spacing_cm:g} cm, {copies}"
        refuse_too_many(self.n_channels, MOST_CHANNELS, "channels", given)
        given = f"schedule.session = {self.schedule.session_s:g} s, calcium.frame_rate = {imaging.frame_rate_hz:g} Hz"
        refuse_too_many(self.schedule.session_s * imaging.frame_rate_hz, MOST_FRAMES, "frames a session", given)
        self.analysis.check_bumps(self.room, "cm")
        return self
