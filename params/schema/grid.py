"""The frozen, checked form of the parameters of the grid side: recurrent networks trained by reinforcement in the study's grid task.

What each value means, its unit and its source stand in `grid.toml`. Time goes in steps of the game, space in cells of the grid.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from params.schema.measures import Analysis
from params.schema.room import Room
from params.schema.schedule import Recording
from params.schema.table import (
    Count,
    Episodes,
    Fraction,
    NonNegative,
    Parts,
    Positive,
    Sessions,
    SomeSessions,
    Table,
    UnitCount,
    refuse_too_many,
)
from params.schema.tools import UnitSets, check_shared_out

NAIVE_PHASE = "naive"
TRAINING_PHASES = ("pretraining", "coop_training")
INPUTS = 512  # numbers that an agent observes, at most
COLUMNS = 8  # of both halves
MOST_ACTIVITY = 10**9  # numbers: units at all steps of an update, or of a recording, are kept at once; the base keeps a million
TrainingSteps = Annotated[int, Field(ge=1, le=10**9)]  # of a session; they pass and are not kept
MOST_DOUBLING = 20  # sessions: the last is half a million times as long as the first
EVALUATION_PHASES = ("evaluation_social", "evaluation_opaque", "evaluation_solo")


class World(Table):
    """Rules of the game."""

    height: Annotated[int, Field(ge=4, le=128)]
    window_steps: Annotated[int, Field(ge=1, le=5)]  # the game remembers pokes for five steps
    redraw_on_miss: bool
    sees_partner: bool
    episode_steps: Count


class Network(Table):
    cell: Literal["rnn", "gru"]
    units: Annotated[UnitCount, Field(ge=2)]


class CuriositySettings(Table):
    """Of the bonus for what an agent did not foresee; no bonus, and no networks for it, at a strength of 0."""

    strength: NonNegative
    features: UnitCount
    units: UnitCount
    forward_weight: Fraction
    learning_rate: Positive


class Training(Table):
    environments: Count
    update_steps: Count
    epochs: Parts
    minibatches: Count
    learning_rate: Positive
    discount: Annotated[float, Field(ge=0, lt=1)]
    trace: Fraction
    clip: Annotated[float, Field(gt=0, lt=1)]
    value_weight: NonNegative
    entropy_weight: NonNegative
    gradient_norm: Positive
    recurrent_decay: NonNegative
    curiosity: CuriositySettings

    @model_validator(mode="after")
    def _divides(self) -> "Training":
        if self.environments % self.minibatches:
            raise ValueError(f"environments = {self.environments} is not a multiple of minibatches = {self.minibatches}")
        return self

    @property
    def batch_steps(self) -> int:
        """Environment steps of one update, all environments together."""
        return self.environments * self.update_steps


class TrainingPhase(Table):
    """Sessions of learning; after each, the policies are frozen and recorded.

    spacing: "even", every session trains for `session_steps`; "doubling", the first does, each later one for as long as all before it
    together.
    """

    task: Literal["solo", "coop"]
    sessions: Sessions
    session_steps: TrainingSteps
    spacing: Literal["even", "doubling"]

    @model_validator(mode="after")
    def _ends(self) -> "TrainingPhase":
        if self.spacing == "doubling" and self.sessions > MOST_DOUBLING:
            raise ValueError(f"sessions = {self.sessions} that double are more than {MOST_DOUBLING}")
        return self

    @property
    def divider(self) -> Literal["transparent", "opaque"]:
        """Agents learn with the partner in view, unless the world hides it for good."""
        return "transparent"

    @property
    def plastic(self) -> bool:
        return True

    def lengths(self) -> list[int]:
        """Length of each session, in `session_steps`."""
        if self.spacing == "even":
            return [1] * self.sessions
        return [1, *(2**k for k in range(self.sessions - 1))][: self.sessions]


class EvaluationPhase(Table):
    """Frozen policies, recorded under one task and divider."""

    task: Literal["solo", "coop"]
    sessions: Sessions
    divider: Literal["transparent", "opaque"]

    @property
    def plastic(self) -> bool:
        return False


GridPhase = TrainingPhase | EvaluationPhase


class GridSchedule(Table):
    naive: EvaluationPhase
    pretraining: TrainingPhase
    coop_training: TrainingPhase
    evaluation_social: EvaluationPhase
    evaluation_opaque: EvaluationPhase
    evaluation_solo: EvaluationPhase

    @property
    def known(self) -> tuple[str, ...]:
        """All phases there can be, in the order they are run."""
        return (NAIVE_PHASE, *TRAINING_PHASES, *EVALUATION_PHASES)

    @property
    def phases(self) -> list[tuple[str, GridPhase]]:
        """(name, phase) in the order they are run, those without sessions left out."""
        named = [(name, getattr(self, name)) for name in self.known]
        return [(name, phase) for name, phase in named if phase.sessions > 0]


class GridRecording(Recording):
    session_steps: Annotated[Count, Field(ge=2)]
    episodes: Episodes


class GridAblation(UnitSets):
    """Of the networks' hidden units."""

    who: Literal["agent_0", "agent_1", "both"]
    batches: SomeSessions
    episodes: Episodes

    @model_validator(mode="after")
    def _balanced(self) -> "GridAblation":
        check_shared_out(self.draws, "batches", self.batches)
        return self

    @property
    def agents(self) -> tuple[int, ...]:
        """Whose units are ablated."""
        return {"agent_0": (0,), "agent_1": (1,), "both": (0, 1)}[self.who]


class GridParameters(Table):
    world: World
    network: Network
    training: Training
    schedule: GridSchedule
    recording: GridRecording
    ablation: GridAblation
    analysis: Analysis

    @property
    def room(self) -> Room:
        """All cells, whole: the middle of a cell has the coordinates of who is on it."""
        return Room((-COLUMNS / 2, COLUMNS / 2), (-0.5, self.world.height - 0.5))

    @property
    def final_window_s(self) -> float:
        """The window that all sessions are also scored under, steps: there is but one."""
        return float(self.world.window_steps)

    @model_validator(mode="after")
    def _something_happens(self) -> "GridParameters":
        if not self.schedule.phases:
            raise ValueError("no phase has a session; schedule.PHASE.sessions says how many")
        return self

    @model_validator(mode="after")
    def _fits(self) -> "GridParameters":
        units, numbers = self.network.units, INPUTS + self.network.units
        for given, steps in (
            (f"training.environments = {self.training.environments}", self.training.batch_steps),
            (f"recording.session = {self.recording.session_steps} step", self.recording.session_steps),
        ):
            refuse_too_many(steps * numbers, MOST_ACTIVITY, "numbers at once", f"{given}, network.units = {units}")
        self.analysis.check_bumps(self.room, "cell")
        return self

    @model_validator(mode="after")
    def _whole_updates(self) -> "GridParameters":
        batch = self.training.batch_steps
        for name in TRAINING_PHASES:
            steps = getattr(self.schedule, name).session_steps
            if steps % batch:
                below, above = steps // batch * batch, (steps // batch + 1) * batch
                raise ValueError(
                    f"schedule.{name}.session = {steps} step is not a whole number of updates of {batch} step "
                    f"(nearest: {below} step, {above} step)"
                )
        return self
