"""The frozen, checked form of the mice's parameters: one class per TOML table, same names, units as suffixes (params/units.py).

What each value means, its unit and its source stand in `base.toml`. Ranges stand with each table, in the modules named after what it is
of; what tables must agree on stands here.
"""

from math import prod

from pydantic import model_validator

from params.schema.brain import Afferents, Brain, Cells, Connectivity, Habit, Homeostasis, Lif, Plasticity
from params.schema.measures import AnalysisInSeconds
from params.schema.room import Room
from params.schema.schedule import Recording, Schedule
from params.schema.table import Table, refuse_too_many
from params.schema.tools import Ablation, Calcium, Pathways, Shadow, Silencing
from params.schema.world import Body, Chamber, Partner, Rule, Senses, Time
from params.units import n_steps

MOST_CHANNELS = 20_000  # of the senses, each with fibres onto a share of all cells: a hundred times the base
MOST_DECISIONS = 10_000_000  # in any duration: two weeks of the base's
MOST_FRAMES = 10_000_000  # of an imaged session
CUES = 7  # that senses have, worlds.senses.CUES


class Parameters(Table):
    brain: Brain
    time: Time
    chamber: Chamber
    body: Body
    senses: Senses
    rule: Rule
    partner: Partner
    cells: Cells
    lif: Lif
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
    analysis: AnalysisInSeconds

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
    def light_pv_drive_hz(self) -> float:
        """Drive on PV cells under light at full dose, for the brain that there is."""
        return self.lif.light_pv_drive_hz if self.brain.model == "lif" else self.silencing.light_pv_drive_hz

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
