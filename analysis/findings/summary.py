"""summary.json of every kind of run: one dataclass each, which its report writes and comparison and pooling read."""

from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from analysis.behaviour.findings import BehaviourFindings
from analysis.behaviour.waiting.by_stage import Waiting
from analysis.core.document import DocumentError, Number, read_document
from analysis.core.run import RunDirectory, RunDirectoryError
from analysis.core.statistics import Estimate
from analysis.findings.f7 import DoseVerdict
from analysis.findings.verdict import Verdict
from analysis.interventions.ablation.grid import GridEffect
from analysis.interventions.ablation.mice import AblationEffect
from analysis.interventions.pathways import PlaceMap, VariantEffect
from analysis.interventions.shadow_cohort import ShadowFindings
from analysis.interventions.silencing import DoseEffect
from analysis.interventions.weight_changes import Association
from analysis.neural.cohort import CellFindings
from analysis.neural.decoding.variance_course import VarianceCourse
from params.command import command_line

Version = Literal[2]  # of all these forms
VERSION: Version = 2
Verdicts = dict[str, Verdict]  # by finding
S = TypeVar("S")


@dataclass(frozen=True)
class RunFacts:
    """What run.json says of a run, and how many recordings there are. source: of a run on trained pairs, the run that trained them."""

    condition: str
    seed: int
    pairs: int
    digest: str
    code_version: str
    complete: bool
    wall_s: float | None
    sessions: int
    source: dict[str, Any] | None


@dataclass(frozen=True)
class SignalSummary:
    """Cells by one signal. missing: what could not be measured, one sentence each."""

    findings: CellFindings
    verdicts: Verdicts
    missing: list[str]


@dataclass(frozen=True)
class CellSummary:
    """signals: by name, the first decides; empty if no cells were analysed, for the reason `missing`."""

    signals: dict[str, SignalSummary]
    missing: str


@dataclass(frozen=True)
class AgentSummary:
    """What only agents of the grid have. partner_variance: None where no units were analysed."""

    waiting: Waiting
    partner_variance: VarianceCourse | None


@dataclass(frozen=True)
class TrainingSummary:
    """Of a training run. recorded: in `time_unit`, all sessions together. missing: what a complete run would hold, one sentence each."""

    run: RunFacts
    time_unit: str
    recorded: float
    decisions_per_s: float | None
    behaviour: BehaviourFindings
    cells: CellSummary
    agents: AgentSummary | None
    verdicts: Verdicts
    missing: list[str]
    version: Version = VERSION


@dataclass(frozen=True)
class Dose:
    """One dose of silencing: what it does, and how that is judged."""

    effect: DoseEffect
    judged: DoseVerdict


@dataclass(frozen=True)
class SilencingSummary:
    """Of a silencing run. target, when, who: of [silencing]."""

    run: RunFacts
    target: str
    when: str
    who: str
    doses: list[Dose]
    verdicts: Verdicts
    version: Version = VERSION


@dataclass(frozen=True)
class AblationSummary:
    """Of an ablation in mice. area: mean extra cost of partner cells over those of another set, over all counts."""

    run: RunFacts
    success_untouched: Estimate
    p_untouched: Number
    area: dict[str, Estimate]
    sets: list[AblationEffect]
    verdicts: Verdicts
    version: Version = VERSION


@dataclass(frozen=True)
class GridAblationSummary:
    """Of an ablation in agents. who: of [ablation]."""

    run: RunFacts
    who: str
    p_untouched: Number
    sets: list[GridEffect]
    verdicts: Verdicts
    version: Version = VERSION


@dataclass(frozen=True)
class PathwaysSummary:
    """Of a pathways run, which is described and not judged."""

    run: RunFacts
    pathways: list[VariantEffect]
    map: PlaceMap
    weights: list[Association]
    version: Version = VERSION


@dataclass(frozen=True)
class ShadowSummary:
    """Of a shadow run."""

    run: RunFacts
    findings: ShadowFindings
    verdicts: Verdicts
    version: Version = VERSION


def facts_of(run: RunDirectory) -> RunFacts:
    """The facts of a run."""
    facts = run.facts
    same = {key: facts[key] for key in ("condition", "seed", "pairs", "digest", "code_version")}
    return RunFacts(
        **same,
        complete=bool(facts.get("complete", False)),
        wall_s=facts.get("wall_s"),
        sessions=len(run.sessions),
        source=facts.get("source"),
    )


def read_summary(run: RunDirectory, kind: type[S]) -> S:
    """The summary that its report wrote into a run.

    Raises
    ------
    RunDirectoryError
        There is none, or it is damaged or was written by another version of the report.
    """
    path, made = run.path / "summary.json", command_line("analysis.report", run.path)
    try:
        return read_document(path, kind)
    except FileNotFoundError:
        raise RunDirectoryError(f"{run.path}: has no summary.json; {made} makes it") from None
    except OSError as error:
        raise RunDirectoryError(f"{path}: cannot be read ({error.strerror})") from None
    except DocumentError as error:
        why = str(error) if error.not_json else f"is of another version of the report ({error})"
        raise RunDirectoryError(f"{path}: {why}; {made} writes it anew") from None
