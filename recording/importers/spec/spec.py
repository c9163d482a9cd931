"""The specification of a session: one TOML that names the files and tells everything that they do not say."""

from typing import Annotated

from pydantic import Field, model_validator

from recording.importers.spec.facts import CAMERA, Animal, Animals, Experiment, Facts, Space
from recording.importers.spec.files import Cells, Clock, Events, Tracks
from recording.importers.spec.told import AGENTS, Told, Word

MOST_SAMPLES, MOST_TICKS = 10_000_000, 1e12


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

    @property
    def files(self) -> list[str]:
        """Every file that is named, once, in order."""
        found = {each.file for each in self.files_with_clocks.values()}
        found |= {each.times for each in self.tracks.values() if each.times}
        found |= {each.times for each in self.activity.values() if each.times}
        return sorted(found | {file for clock in self.clocks.values() for file in (clock.pulses, clock.session_pulses) if file})

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
