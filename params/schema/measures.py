"""Tables of [analysis]: thresholds of measures and sizes of nulls, for mice (s, cm) and for agents of the grid (steps, cells)."""

from math import ceil
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, model_validator

from params.schema.room import Room
from params.schema.table import (
    CellCount,
    Correlation,
    Count,
    Draws,
    Duration,
    DurationOrNone,
    Fraction,
    Length,
    Levels,
    NonNegative,
    Parts,
    Positive,
    RateHz,
    Repeats,
    Shifts,
    Spread,
    Table,
    clock_of,
    refuse_disorder,
    refuse_too_many,
)
from params.units import unit_of_field

MOST_BUMPS = 2000  # of own position: columns that every frame of a session has, 60 times the mice's
MOST_BINS = 10_000  # of a course
MOST_CONDITIONS = 1000  # whose every two are compared


class Ethogram(Table):
    contact_cm: Positive
    interaction_min_s: Duration
    wait_zone_cm: Positive
    wait_speed_cm_per_s: Positive
    wait_min_s: Duration
    speed_baseline_s: Duration
    approach_speed_cm_per_s: Positive
    approach_cosine: Fraction
    approach_min_s: Duration
    approach_max_distance_cm: Positive


class Selectivity(Table):
    poke_before_s: DurationOrNone
    poke_after_s: DurationOrNone
    decision_before_s: Duration
    outcome_after_s: Duration
    min_events: Count
    baseline: Literal["others", "free"]
    shifts: Annotated[Shifts, Field(ge=1000)]
    min_shift_s: Duration
    false_discovery: Annotated[float, Field(gt=0, lt=1)]


class Decoding(Table):
    blocks: Annotated[Parts, Field(ge=3)]
    gap_s: DurationOrNone
    penalties: Annotated[list[Positive], Field(min_length=1, max_length=100)]
    own_penalty: Positive
    null_draws: Draws
    null_min_shift_s: Duration
    null_max_shift_s: Duration
    poke_horizon_s: Duration
    bump_spacing_cm: Length
    lag_step_s: Duration
    lags: Annotated[Parts, Field(le=100)]  # each a copy of all columns of own behaviour
    trial_window_s: Duration
    trial_guard_s: DurationOrNone
    fewest_events: Count

    @model_validator(mode="after")
    def _ordered(self, info: ValidationInfo) -> "Decoding":
        refuse_disorder(self, "gap_s", "null_min_shift_s", info)
        refuse_disorder(self, "null_min_shift_s", "null_max_shift_s", info)
        return self


class Groups(Table):
    shifts: Shifts
    false_discovery: Fraction
    resolution: Positive
    restarts: Repeats
    consensus_threshold: Fraction
    min_cells: Annotated[CellCount, Field(ge=2)]
    surrogates: Annotated[Draws, Field(ge=20)]
    response_window_s: Duration
    permutations: Annotated[Draws, Field(ge=100)]


class SharedSpace(Table):
    shifts: Annotated[Shifts, Field(ge=100)]
    min_shift_s: Duration
    max_shift_s: Duration
    quantile: Fraction
    variance_kept: Annotated[float, Field(gt=0, le=1)]
    subsamples: Repeats

    @model_validator(mode="after")
    def _ordered(self, info: ValidationInfo) -> "SharedSpace":
        refuse_disorder(self, "min_shift_s", "max_shift_s", info)
        return self


class Cortex(Table):
    """Ranges that recordings of cortex show."""

    exc_rate_low_hz: RateHz
    exc_rate_high_hz: RateHz
    pv_rate_low_hz: RateHz
    pv_rate_high_hz: RateHz
    sst_rate_low_hz: RateHz
    sst_rate_high_hz: RateHz
    vip_rate_low_hz: RateHz
    vip_rate_high_hz: RateHz
    exc_log_rate_sd_low: Spread
    exc_log_rate_sd_high: Spread
    cv_low: NonNegative
    cv_high: NonNegative
    fano_low: NonNegative
    fano_high: NonNegative
    correlation_low: Correlation
    correlation_high: Correlation


class Firing(Table):
    count_window_s: Duration
    fewest_intervals: Annotated[Count, Field(ge=2)]
    raster_s: Duration
    cortex: Cortex


class Report(Table):
    decoding_null_draws: Annotated[Draws, Field(ge=20)]
    group_shifts: Shifts
    group_surrogates: Annotated[Draws, Field(ge=20)]
    group_permutations: Annotated[Draws, Field(ge=20)]
    shared_shifts: Annotated[Shifts, Field(ge=100)]
    shared_subsamples: Repeats
    course_reach_s: Duration
    course_bin_s: Duration

    @model_validator(mode="after")
    def _bins(self, info: ValidationInfo) -> "Report":
        given = f"course_bin = {self.course_bin_s:g} {unit_of_field('course_bin_s', clock_of(info))}"
        refuse_too_many(2 * self.course_reach_s / self.course_bin_s, MOST_BINS, "bins", given)
        return self


class Compare(Table):
    partner_levels: Levels
    own_levels: Levels
    course_bins: Levels
    blocks: Annotated[Parts, Field(ge=2)]
    fewest_frames: Count
    fewest_conditions: Annotated[Count, Field(ge=5)]  # four have no unbiased similarity
    permutations: Annotated[Draws, Field(ge=100)]
    random_axes: Annotated[Draws, Field(ge=100)]

    @model_validator(mode="after")
    def _conditions(self) -> "Compare":
        conditions = self.partner_levels * self.own_levels * self.course_bins
        given = f"partner_levels = {self.partner_levels}, own_levels = {self.own_levels}, course_bins = {self.course_bins}"
        refuse_too_many(conditions, MOST_CONDITIONS, "conditions", given)
        return self


class Published(Table):
    fraction_above_chance: Fraction
    social_opaque_ratio: Positive
    interaction_ratio: Positive


class Analysis(Table):
    chance_shifts: Annotated[Shifts, Field(ge=1000)]
    chance_min_shift_s: Duration
    chance_max_shift_s: Duration
    significance: Fraction
    strangers: Repeats
    behaviour_shifts: Repeats
    ethogram: Ethogram
    selectivity: Selectivity
    decoding: Decoding
    groups: Groups
    shared_space: SharedSpace
    report: Report
    compare: Compare
    published: Published

    def check_bumps(self, room: Room, unit: str) -> None:
        """Raise ValueError if the bumps of own position would be too many in one half of a room, whose unit of length is `unit`."""
        extents = (room.x[1] - room.x[0]) / 2, room.y[1] - room.y[0]
        bumps = [1 + ceil(extent / self.decoding.bump_spacing_cm) for extent in extents]
        given = f"analysis.decoding.bump_spacing = {self.decoding.bump_spacing_cm:g} {unit}"
        refuse_too_many(bumps[0] * bumps[1], MOST_BUMPS, "bumps", given)

    @model_validator(mode="after")
    def _ordered(self, info: ValidationInfo) -> "Analysis":
        refuse_disorder(self, "chance_min_shift_s", "chance_max_shift_s", info)
        return self


class AnalysisInSeconds(Analysis):
    """Of mice, simulated or not, whose cells may spike."""

    firing: Firing
