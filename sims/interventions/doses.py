"""Arms of silencing: every dose in every task, as sessions in one order."""

from dataclasses import dataclass

from params.schema.mice import Parameters
from params.schema.schedule import Phase

TASKS = {"coop": "evaluation_social", "solo": "evaluation_solo", "opaque": "evaluation_opaque"}


@dataclass(frozen=True)
class Arm:
    """One session of an arm. session: its place among all; repeat: which one of its dose and task; phase: task, window, divider."""

    session: int
    dose: float
    task: str
    repeat: int
    phase: Phase

    @property
    def name(self) -> str:
        """Dose in hundredths and task, the phase of its recording."""
        return f"dose{round(100 * self.dose):03d}_{self.task}"

    @property
    def stream_name(self) -> tuple[str | int, ...]:
        """Of its randomness: that of its task and not of its dose, so that doses differ by silencing alone."""
        return ("manipulation", self.task, self.repeat)


def arms_of(params: Parameters) -> list[Arm]:
    """Sessions of silencing: at every dose the cooperative task under the final window, through a clear and an opaque divider, and
    the solo task. All frozen."""
    silencing = params.silencing
    planned = [(dose, task, repeat) for dose in silencing.doses for task in TASKS for repeat in range(silencing.sessions)]
    frozen = {
        task: getattr(params.schedule, phase).model_copy(update={"plastic": False, "sessions": silencing.sessions})
        for task, phase in TASKS.items()
    }
    return [Arm(place, dose, task, repeat, frozen[task]) for place, (dose, task, repeat) in enumerate(planned)]
