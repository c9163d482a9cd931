"""A cluster file: what a sweep asks of a cluster for each of its tasks. Shipped ones lie in params/clusters/."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError, model_validator

from params.errors import ParameterError
from params.explain import one_line
from params.schema.table import Table
from params.shipped import read_shipped

CLUSTERS = Path(__file__).parent / "clusters"
# of sbatch, said by the sweep itself
OWN_OPTIONS = (
    "array",
    "chdir",
    "job-name",
    "no-requeue",
    "open-mode",
    "output",
    "error",
    "parsable",
    "requeue",
    "signal",
    "wrap",
)
Time = Annotated[float, Field(ge=60, le=400 * 86400)]
Lead = Annotated[float, Field(ge=1, le=65535)]  # SLURM counts it in 16 bits
Spare = Annotated[float, Field(ge=0, le=400 * 86400)]
Memory = Annotated[float, Field(ge=100, le=1024**3)]


def _option(text: str) -> str:
    name = text.removeprefix("--").partition("=")[0]
    if not text.startswith("--") or not name or " " in name or "\n" in text:
        raise ValueError('is no option; write it as "--name=value"')
    if name in OWN_OPTIONS:
        raise ValueError(f"--{name} is said by the sweep itself; not allowed: {', '.join(f'--{each}' for each in OWN_OPTIONS)}")
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        raise ValueError("must be one line")
    return text


Line = Annotated[str, AfterValidator(_one_line)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class Cluster(Table):
    """A cluster file.

    partition, account, qos: the cluster's defaults unless said. time, memory, cpus: of a task. throttle: tasks of an array that run at the
    same time. fill: short points are packed into a task until they fill so much time. tasks: most of a submission; more points are packed
    into each. warning: so long before the time limit a task stops at its next checkpoint and goes back into the queue. python: what starts
    Python, the one that submits unless said. setup: lines of shell before it. environment: variables; a value may name others, such as
    $TMPDIR. options: further ones of sbatch.
    """

    description: Line
    partition: Line | None = None
    account: Line | None = None
    qos: Line | None = None
    time_s: Time
    memory_mb: Memory | None = None
    cpus: Annotated[int, Field(ge=1, le=1024)] = 1
    throttle: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    fill_s: Spare = 0.0
    tasks: Annotated[int, Field(ge=1, le=1_000_000)] = 1_000_000
    warning_s: Lead = 120.0
    python: Line | None = None
    setup: list[Line] = Field(default=[])
    environment: dict[Name, Line] = Field(default={})
    options: list[Annotated[str, AfterValidator(_option)]] = Field(default=[])

    @model_validator(mode="after")
    def _times_fit(self) -> "Cluster":
        for key, seconds in (("fill", self.fill_s), ("warning", self.warning_s)):
            if seconds >= self.time_s:
                raise ValueError(f"{key} = {seconds:g} s must be shorter than time = {self.time_s:g} s")
        return self


def read_cluster(what: str | Path) -> Cluster:
    """A cluster file, by its path or, if shipped, by its name.

    Raises
    ------
    ParameterError
        No such file or name; not valid TOML; an unknown key, or a value that is not allowed.
    """
    path, _, tree = read_shipped("cluster", what, CLUSTERS)
    try:
        return Cluster.model_validate(tree)
    except ValidationError as error:
        said = one_line(error, Cluster, "s")
        raise ParameterError(f"{path}: {said.removeprefix(': ')}") from None
