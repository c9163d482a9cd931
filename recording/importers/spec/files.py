"""The files of a session, what each leaves open, and the clocks that they are timed on."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from params.schema.table import Duration, Fraction, Positive, RateHz
from recording.importers.activity.options import ActivityOptions
from recording.importers.events.options import EventOptions
from recording.importers.pose.options import PoseOptions
from recording.importers.spec.told import Agent, Moment, Name, Told, Word, may, told

IGNORE, BOTH_AGENTS = "ignore", "both"
PULSES = ("pulses", "session_pulses", "tolerance")
UNITS_S = {"s": 1.0, "ms": 1e-3, "us": 1e-6}


class Tracks(Told):
    """A file of positions."""

    file: Name = told("the file; a path is relative to this TOML", '"top_camera.csv"')
    clock: Word = told("clock of its frames", '"camera"')
    frame_rate_hz: RateHz | None = may("frames a second, as measured; frame n is at n over it", '"30 Hz"')
    times: Name | None = may("in place of frame_rate: a file with the time of every frame, one a line", '"frame_times.txt"')
    least_likelihood: Fraction = told("a point that the tracker is less sure of is missing; 0 keeps all", "0.9")
    largest_speed_cm_per_s: Positive = told("a nose that is faster has jumped", '"200 cm/s"')
    longest_gap_s: Duration = told("a nose may be missing for so long, and a straight line fills it", '"0.3 s"')
    long_gaps: Literal["cut"] | None = may("what becomes of longer gaps: the longest stretch without one is kept", '"cut"')
    read: PoseOptions

    @model_validator(mode="after")
    def _one_source_of_time(self) -> "Tracks":
        if self.frame_rate_hz is not None and self.times is not None:
            raise ValueError("both frame_rate and times are told; leave one out")
        return self


class Events(Told):
    """A file of events."""

    VOCABULARY: ClassVar[str] = 'a kind of event, with its animal where the file names none ("agent_0 poke"), or "ignore"'

    file: Name = told("the file; a path is relative to this TOML", '"boris.csv"')
    clock: Word = told("clock of its times", '"camera"')
    armed: Literal["every poke", "first after arm"] | None = may(
        'which pokes count: "every poke" mapped to poke, or the "first after arm", others being empty pokes', '"every poke"'
    )
    kinds: dict[str, str] = Field(default_factory=dict, description=f"label of the file -> {VOCABULARY}", examples=['"poke"'])
    subjects: dict[str, Literal["agent_0", "agent_1", "both", "ignore"]] = Field(
        default_factory=dict,
        description='subject of the file -> "agent_0", "agent_1", "both" or "ignore"',
        examples=['"agent_0"'],
    )
    read: EventOptions

    @classmethod
    def asks(cls, values: dict[str, Any]) -> list[str]:
        kinds = values.get("kinds", {})
        counted = isinstance(kinds, dict) and any(str(kind).split()[-1:] == ["poke"] for kind in kinds.values())
        return ["armed"] if counted and "armed" not in values else []


class Cells(Told):
    """A file of activity of one animal's cells."""

    file: Name = told("the file or folder; a path is relative to this TOML", '"suite2p/plane0"')
    animal: Agent = told("whose cells they are", '"agent_0"')
    clock: Word = told("clock of its frames or spikes", '"miniscope"')
    frame_rate_hz: RateHz | None = may("frames a second, as measured, where the file gives no times", '"20 Hz"')
    times: Name | None = may("in place of frame_rate: a file with the time of every frame, one a line", '"frames.txt"')
    longest_gap_s: Duration = told("samples may be missing for so long, and a straight line fills it", '"0.5 s"')
    read: ActivityOptions

    @model_validator(mode="after")
    def _one_source_of_time(self) -> "Cells":
        if self.frame_rate_hz is not None and self.times is not None:
            raise ValueError("both frame_rate and times are told; leave one out")
        return self


class Clock(Told):
    """How a clock is brought to the session's: by offset and rate, or by pulses that both have seen."""

    offset_s: Moment | None = may("time of the session's clock when this one shows 0; or pulses", '"15.358 s"')
    rate: Annotated[float, Field(gt=0.5, lt=2)] | None = may("seconds of the session's clock in a second of this one", "1.0")
    pulses: Name | None = may("file of pulses as this clock saw them, one time a line", '"pulses_box.txt"')
    session_pulses: Name | None = may("file of the same pulses as the session's clock saw them", '"pulses_camera.txt"')
    tolerance_ms: Positive | None = may("a pulse that is further than this from the fit is noted", '"2 ms"')

    @classmethod
    def asks(cls, values: dict[str, Any]) -> list[str]:
        wanted = PULSES if set(PULSES) & values.keys() else ("offset", "rate")
        return [key for key in wanted if key not in values]

    @model_validator(mode="after")
    def _one_way(self) -> "Clock":
        if (self.offset_s is not None or self.rate is not None) and (self.pulses or self.session_pulses or self.tolerance_ms):
            raise ValueError("both offset and pulses are told; leave one out")
        return self
