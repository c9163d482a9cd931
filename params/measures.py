"""Tables of [analysis]: thresholds of measures and sizes of nulls, for mice (s, cm) and for agents of the grid (steps, cells)."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, model_validator

from params.table import Count, Fraction, NonNegative, Positive, Table, refuse_disorder


class Ethogram(Table):
    contact_cm: Positive
    interaction_min_s: Positive
    wait_zone_cm: Positive
    wait_speed_cm_per_s: Positive
    wait_min_s: Positive
    speed_baseline_s: Positive
    approach_speed_cm_per_s: Positive
    approach_cosine: Fraction
    approach_min_s: Positive
    approach_max_distance_cm: Positive


class Selectivity(Table):
    poke_before_s: NonNegative
    poke_after_s: NonNegative
    decision_before_s: Positive
    outcome_after_s: Positive
    min_events: Count
    baseline: Literal["others", "free"]
    shifts: Annotated[int, Field(ge=1000)]
    min_shift_s: Positive
    false_discovery: Annotated[float, Field(gt=0, lt=1)]


class Decoding(Table):
    blocks: Annotated[int, Field(ge=3)]
    gap_s: NonNegative
    penalties: Annotated[list[Positive], Field(min_length=1)]
    own_penalty: Positive
    null_draws: Count
    null_min_shift_s: Positive
    null_max_shift_s: Positive
    poke_horizon_s: Positive
    bump_spacing_cm: Positive
    lag_step_s: Positive
    lags: Count
    trial_window_s: Positive
    trial_guard_s: NonNegative
    fewest_events: Count

    @model_validator(mode="after")
    def _ordered(self, info: ValidationInfo) -> "Decoding":
        refuse_disorder(self, "gap_s", "null_min_shift_s", info)
        refuse_disorder(self, "null_min_shift_s", "null_max_shift_s", info)
        return self


class Groups(Table):
    shifts: Count
    false_discovery: Fraction
    resolution: Positive
    restarts: Count
    consensus_threshold: Fraction
    min_cells: Annotated[int, Field(ge=2)]
    surrogates: Annotated[int, Field(ge=20)]
    response_window_s: Positive
    permutations: Annotated[int, Field(ge=100)]


class SharedSpace(Table):
    shifts: Annotated[int, Field(ge=100)]
    min_shift_s: Positive
    max_shift_s: Positive
    quantile: Fraction
    variance_kept: Annotated[float, Field(gt=0, le=1)]
    canonical_quantile: Fraction
    subsamples: Count

    @model_validator(mode="after")
    def _ordered(self, info: ValidationInfo) -> "SharedSpace":
        refuse_disorder(self, "min_shift_s", "max_shift_s", info)
        return self


class Report(Table):
    decoding_null_draws: Annotated[int, Field(ge=20)]
    group_shifts: Count
    group_surrogates: Annotated[int, Field(ge=20)]
    group_permutations: Annotated[int, Field(ge=20)]
    shared_shifts: Annotated[int, Field(ge=100)]
    shared_subsamples: Count
    course_reach_s: Positive
    course_bin_s: Positive


class Compare(Table):
    partner_levels: Annotated[int, Field(ge=2)]
    own_levels: Annotated[int, Field(ge=2)]
    course_bins: Annotated[int, Field(ge=2)]
    blocks: Annotated[int, Field(ge=2)]
    fewest_frames: Count
    fewest_conditions: Annotated[int, Field(ge=5)]  # four have no unbiased similarity
    permutations: Annotated[int, Field(ge=100)]
    random_axes: Annotated[int, Field(ge=100)]


class Published(Table):
    fraction_above_chance: Fraction
    social_opaque_ratio: Positive
    interaction_ratio: Positive


class Analysis(Table):
    chance_shifts: Annotated[int, Field(ge=1000)]
    chance_min_shift_s: Positive
    chance_max_shift_s: Positive
    significance: Fraction
    strangers: Count
    behaviour_shifts: Count
    ethogram: Ethogram
    selectivity: Selectivity
    decoding: Decoding
    groups: Groups
    shared_space: SharedSpace
    report: Report
    compare: Compare
    published: Published

    @model_validator(mode="after")
    def _ordered(self, info: ValidationInfo) -> "Analysis":
        refuse_disorder(self, "chance_min_shift_s", "chance_max_shift_s", info)
        return self
