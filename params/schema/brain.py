"""Tables of the brain: cells, their synapses and fibres, and how these change."""

from pydantic import ValidationInfo, model_validator

from params.schema.table import (
    CellCount,
    Duration,
    DurationOrNone,
    Fraction,
    LessThanOne,
    NonNegative,
    Positive,
    RateHz,
    Share,
    Spread,
    Table,
    refuse_disorder,
)

CELL_CLASSES = ("exc", "pv", "sst", "vip")


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


class LifCells(Table):
    """Spiking cells of one class."""

    tau_s: Positive
    refractory_s: Duration
    delay_s: Duration
    adaptation_hz: NonNegative


class PerClassUse(Table):
    """Share of resources that a first spike uses, for each postsynaptic class."""

    exc: Share
    pv: Share
    sst: Share
    vip: Share


class UseTable(Table):
    """The same, presynaptic class first."""

    exc: PerClassUse
    pv: PerClassUse
    sst: PerClassUse
    vip: PerClassUse


class ShortTerm(Table):
    """model: a name in `acc_model.synapses.models.SHORT_TERM`."""

    model: str
    recovery_tau_s: Positive
    facilitation_tau_s: Positive
    use: UseTable


class Lif(Table):
    """The spiking network; times are multiples of time.network_step."""

    exc: LifCells
    pv: LifCells
    sst: LifCells
    vip: LifCells
    ampa_tau_s: Positive
    nmda_tau_s: Positive
    nmda_share: Fraction
    gaba_tau_s: Positive
    adaptation_tau_s: Positive
    noise: NonNegative
    filter_tau_s: Positive
    pseudo_width: Positive
    light_pv_drive_hz: NonNegative
    short_term: ShortTerm


class Brain(Table):
    """model: a name in `acc_model.models.MODELS`."""

    model: str


class Stdp(Table):
    """The rule of spike times."""

    recurrent_rate: NonNegative
    afferent_rate: NonNegative
    potentiation_tau_s: Positive
    depression_tau_s: Positive
    depression: NonNegative


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
    stdp: Stdp

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
