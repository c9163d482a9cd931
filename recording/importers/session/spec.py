"""The specification of a session: one TOML that names the files and tells everything that they do not say.

Every field has words and an example, which `missing` asks with, `draft` writes and the reference lists. A field without a default is
asked for; one that is None by default may be left out, unless `asks` says that the others leave something open.
"""

import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from params.schema.table import Duration, Fraction, Length, Positive, RateHz, Sessions, Table
from params.units import to_unit
from recording.importers.activity.options import ActivityOptions
from recording.importers.events.options import EventOptions
from recording.importers.pose.options import PoseOptions

Agent = Literal["agent_0", "agent_1"]
AGENTS: tuple[Agent, Agent] = ("agent_0", "agent_1")
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]
Point = Annotated[list[float], Field(min_length=2, max_length=2)]
Line = Annotated[list[Point], Field(min_length=2, max_length=2)]
Moment = Annotated[float, Field(ge=-1e9, le=1e9)]  # a place on a clock; some count from 1970
CAMERA, IGNORE, BOTH_AGENTS = "camera", "ignore", "both"
MOST_SAMPLES, MOST_TICKS = 10_000_000, 1e12
MOST_STEP_S = 60.0


def told(words: str, example: str, **more: Any) -> Any:
    """A field that must be told. example: as TOML."""
    return Field(description=words, examples=[example], **more)


def may(words: str, example: str, **more: Any) -> Any:
    """A field that may be left out."""
    return Field(default=None, description=words, examples=[example], **more)


class Told(Table):
    """A table of the specification."""

    @classmethod
    def asks(cls, values: dict[str, Any]) -> list[str]:
        """Keys of fields that may be left out, and which these values make necessary."""
        return []


class Experiment(Told):
    """What all sessions of an experiment share."""

    name: Word = told("name of the experiment, one word", '"coop_lab"')
    final_window_s: Duration = told("the window that all sessions are also scored under", '"0.75 s"')
    width_cm: Length = told("of one compartment, from the divider to the opposite wall", '"12 cm"')
    length_cm: Length = told("of the chamber along the divider, from the ports' end", '"30 cm"')


class Facts(Told):
    """Which session it is, and what the animals were asked to do."""

    pair: Annotated[int, Field(ge=0, le=9999)] = told("which pair, from 0", "0")
    session: Sessions = told("place of the session in the pair's schedule, from 0", "12")
    phase: Annotated[str, StringConstraints(pattern=r"^(pretraining|coop_[a-z0-9_]+|evaluation_(social|opaque|solo))$")] = told(
        "pretraining, coop_..., evaluation_social, evaluation_opaque or evaluation_solo", '"coop_075s"'
    )
    task: Literal["solo", "coop"] = told("solo, or coop: both must poke within the window", '"coop"')
    window_s: Duration = told("longest time between the two pokes of a success", '"0.75 s"')
    divider: Literal["transparent", "opaque"] = told("whether the animals see each other", '"transparent"')
    date: datetime.date | None = may("day of the session", "2024-05-31")
    clock: Word = told("name of the clock that the session is timed on; all other clocks are brought to it", '"camera"')
    start_s: Moment = told("when the session begins, on that clock", '"12.5 s"')
    stop_s: Moment = told("when it ends", '"1812.5 s"')
    sample_step: float | Literal["camera"] = told(
        'time between two samples of the recording, or "camera": one over the frame rate', '"125 ms"'
    )
    event_step_s: Duration = told("resolution of events; the window is a whole number of it", '"1 ms"')
    outcomes: Literal["derived", "file"] | None = may(
        "where the files hold corrects or misses: derived by the rule and compared with them, or taken from the file", '"derived"'
    )

    @field_validator("date", mode="before")
    @classmethod
    def _unambiguous(cls, value: Any) -> Any:
        if type(value) is not datetime.date:
            raise ValueError("may be ambiguous; write year-month-day without quotes and without a time, such as 2024-05-31")
        return value

    @field_validator("sample_step", mode="before")
    @classmethod
    def _step(cls, value: Any) -> Any:
        if value == CAMERA:
            return value
        step = to_unit(value, "s")
        if not 0 < step <= MOST_STEP_S:
            raise ValueError(f"allowed: above 0 s, at most {MOST_STEP_S:g} s")
        return step

    @model_validator(mode="after")
    def _agree(self) -> "Facts":
        if self.stop_s <= self.start_s:
            raise ValueError(f"stop = {self.stop_s:g} s is not after start = {self.start_s:g} s")
        wanted = _PHASES.get(self.phase, {"task": "coop"})
        for key, value in wanted.items():
            if getattr(self, key) != value:
                raise ValueError(f"{key} = {getattr(self, key)!r} contradicts phase = {self.phase!r}, whose {key} is {value!r}")
        steps = self.window_s / self.event_step_s
        if abs(steps - round(steps)) > 1e-6 or round(steps) < 1:
            raise ValueError(f"window = {self.window_s:g} s is not a whole number of event_step = {self.event_step_s:g} s")
        return self


_PHASES = {
    "pretraining": {"task": "solo"},
    "evaluation_solo": {"task": "solo"},
    "evaluation_social": {"task": "coop", "divider": "transparent"},
    "evaluation_opaque": {"task": "coop", "divider": "opaque"},
}


class Space(Told):
    """From the tracks' own units, pixels as a rule, to centimetres and the global frame. All points are in these units."""

    y: Literal["down", "up"] = told("which way y grows in the tracks: down, as in images, or up", '"down"')
    pixel_size_cm: Length | None = may("length of one pixel; or scale_points and scale_distance", '"0.05 cm"')
    scale_points: Line | None = may("two points of known distance", "[[102, 40], [702, 40]]")
    scale_distance_cm: Length | None = may("the distance of the two points", '"30 cm"')
    divider: Line = told("two points of the divider's line: its end at the ports, and its other end", "[[320, 40], [320, 440]]")

    @classmethod
    def asks(cls, values: dict[str, Any]) -> list[str]:
        scale = [key for key in ("scale_points", "scale_distance") if key not in values]
        if "pixel_size" in values or not scale:
            return []
        return scale if len(scale) == 1 else ["pixel_size"]

    @model_validator(mode="after")
    def _one_scale(self) -> "Space":
        if self.pixel_size_cm is not None and (self.scale_points is not None or self.scale_distance_cm is not None):
            raise ValueError("both pixel_size and scale_points are told; leave one out")
        for key in ("divider", "scale_points"):
            points = getattr(self, key)
            if points is not None and points[0] == points[1]:
                raise ValueError(f"{key} names the same point twice")
        return self


class Animal(Told):
    """One animal: which track it is, and where its port and spout are. Its port says which side of the divider is its own."""

    name: Name = told("the animal's own name", '"M12"')
    tracks: Word = told("which [tracks.NAME] holds it", '"top"')
    track: Annotated[str, StringConstraints(max_length=200)] = told("what the file calls it", '"mouse_black"')
    point: Name = told("which of the file's points is the nose", '"nose"')
    port: Point = told("its port, in the tracks' units", "[160, 40]")
    spout: Point = told("its spout, in the tracks' units", "[100, 430]")


class Animals(Told):
    agent_0: Animal
    agent_1: Animal


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


PULSES = ("pulses", "session_pulses", "tolerance")


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


class Spec(Told):
    experiment: Experiment
    session: Facts
    space: Space
    animals: Animals
    tracks: Annotated[dict[Word, Tracks], Field(min_length=1)]
    events: dict[Word, Events] = Field(default_factory=dict)
    activity: dict[Word, Cells] = Field(default_factory=dict)
    clocks: dict[Word, Clock] = Field(default_factory=dict)

    @property
    def both(self) -> tuple[Animal, Animal]:
        """Agent 0 and agent 1."""
        return self.animals.agent_0, self.animals.agent_1

    @property
    def files_with_clocks(self) -> dict[str, Tracks | Events | Cells]:
        """Every table of a file by its dotted key."""
        found: dict[str, Tracks | Events | Cells] = {f"tracks.{name}": each for name, each in self.tracks.items()}
        found |= {f"events.{name}": each for name, each in self.events.items()}
        return found | {f"activity.{name}": each for name, each in self.activity.items()}

    @model_validator(mode="after")
    def _names_lead_somewhere(self) -> "Spec":
        for agent in AGENTS:
            animal = getattr(self.animals, agent)
            if animal.tracks not in self.tracks:
                raise ValueError(f"animals.{agent}.tracks = {animal.tracks!r} is no table; allowed: {', '.join(self.tracks)}")
        one, other = self.animals.agent_0, self.animals.agent_1
        if (one.tracks, one.track) == (other.tracks, other.track):
            raise ValueError(f"animals.agent_0 and animals.agent_1 are both track {one.track!r} of tracks.{one.tracks}")
        if one.name == other.name:
            raise ValueError(f"animals.agent_0 and animals.agent_1 are both called {one.name!r}")
        used = {each.clock for each in self.files_with_clocks.values()} | {self.session.clock}
        for name in self.clocks:
            if name == self.session.clock:
                raise ValueError(f"clocks.{name} is the session's own clock: it has no offset to itself; remove [clocks.{name}]")
            if name not in used:
                raise ValueError(f"clocks.{name} is the clock of nothing; allowed: {', '.join(sorted(used))}")
        return self

    @model_validator(mode="after")
    def _steps_fit(self) -> "Spec":
        facts, shortest = self.session, self.session.event_step_s
        steps = self.experiment.final_window_s / shortest
        if abs(steps - round(steps)) > 1e-6 or round(steps) < 1:
            given = f"experiment.final_window = {self.experiment.final_window_s:g} s"
            raise ValueError(f"{given} is not a whole number of session.event_step = {shortest:g} s")
        if facts.sample_step == CAMERA and (len(set(self._rates())) != 1 or None in self._rates()):
            raise ValueError(
                f'session.sample_step = {CAMERA!r} needs one frame_rate of all tracks; name a step, such as "125 ms"'
            )
        length = facts.stop_s - facts.start_s
        told = f"session.stop - session.start = {length:g} s"
        if length / self.sample_step_s < 2:
            raise ValueError(f"{told} holds fewer than two samples")
        if length / self.sample_step_s > MOST_SAMPLES or length / shortest > MOST_TICKS:
            raise ValueError(f"{told} holds more than {MOST_SAMPLES:g} samples, or {MOST_TICKS:g} steps of events")
        return self

    def _rates(self) -> list[float | None]:
        return [each.frame_rate_hz for each in self.tracks.values()]

    @property
    def sample_step_s(self) -> float:
        """Time between two samples of the recording."""
        step = self.session.sample_step
        return 1.0 / (self._rates()[0] or 1.0) if step == CAMERA else float(step)
