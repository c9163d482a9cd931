"""What no file says: the experiment, the session, the chamber in the picture, and the animals."""

import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from params.schema.table import Duration, Length, Sessions
from params.units import to_unit
from recording.importers.spec.told import Line, Moment, Name, Point, Told, Word, may, told

CAMERA = "camera"
MOST_STEP_S = 60.0


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
