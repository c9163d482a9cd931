"""Parameters of an experiment: what the analysis must know of a laboratory's chamber and task. Its values are told by whoever imports it;
[analysis] is the mice's, so that model and experiment are measured alike."""

from pydantic import model_validator

from params.schema.measures import AnalysisInSeconds
from params.schema.room import Room
from params.schema.table import Duration, Length, Table


class Compartments(Table):
    """The two halves of the chamber. width: from the divider to the wall. length: along the divider, from the ports' end."""

    width_cm: Length
    length_cm: Length


class Task(Table):
    """final_window: the window that all sessions are also scored under."""

    final_window_s: Duration


class ExperimentParameters(Table):
    chamber: Compartments
    task: Task
    analysis: AnalysisInSeconds

    @property
    def room(self) -> Room:
        return Room((-self.chamber.width_cm, self.chamber.width_cm), (0.0, self.chamber.length_cm))

    @property
    def final_window_s(self) -> float:
        """The window that all sessions are also scored under."""
        return self.task.final_window_s

    @model_validator(mode="after")
    def _fits(self) -> "ExperimentParameters":
        self.analysis.check_bumps(self.room, "cm")
        return self
