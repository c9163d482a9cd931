"""F8: do agents come to wait for each other, and to carry the partner beyond what they see?

Only the grid allows it, where all that an agent sees is known.
"""

from dataclasses import dataclass

from analysis.behaviour.cohort import Cohort
from analysis.behaviour.training_course import PhaseCourse, training_courses
from analysis.behaviour.waiting.by_stage import Waiting, find_waiting
from analysis.core.run import RunDirectory
from analysis.core.statistics import Estimate
from analysis.findings.verdict import Clause, Verdict, above, signed
from analysis.neural.by_signal import Cells, SignalFindings
from analysis.neural.cohort import CellFindings
from analysis.neural.decoding.hidden_variable import NAMES
from analysis.neural.decoding.variance_course import VarianceCourse, variance_course
from analysis.neural.inputs.stages import EARLY, LATE, OPAQUE, SOCIAL

CLAIM = "Agents come to wait for each other, and to carry the partner beyond what they see"
ENTERS, STAYS_OUT, ENTERS_BEFORE = 0.9, 0.2, 0.95  # probabilities
KNOWS, SEES = 0.95, 0.80  # auROC


@dataclass(frozen=True)
class AgentFindings:
    """waiting: the curve. training: update by update. cells: measures of units by stage, with the hidden variable; course: the partner's
    share of variance by session. Both are None without units, or if they were not asked for, for `missing`."""

    waiting: Waiting
    training: list[PhaseCourse]
    cells: SignalFindings | None
    course: VarianceCourse | None
    missing: str = ""

    def hidden(self, name: str, stage: str) -> Estimate:
        """One of `analysis.neural.decoding.hidden_variable.NAMES` in one stage."""
        assert self.cells is not None
        return self.cells.findings.at(name, stage)


def find_in_agents(run: RunDirectory, cohort: Cohort, cells: Cells, workers: int | None = None) -> AgentFindings | None:
    """Findings of a run on the grid; None of any other.

    Raises
    ------
    UserError
        A recording or training.csv is damaged.
    """
    if not cohort.clock.square:
        return None
    params = run.resolved.params
    waiting = find_waiting(cohort, round(params.final_window_s), params.analysis.decoding.fewest_events)
    training = training_courses(run)
    if cells.first is None:
        return AgentFindings(waiting, training, None, None, cells.missing)
    return AgentFindings(waiting, training, cells.first, variance_course(run, workers))


def judge_f8(found: AgentFindings) -> Verdict:
    """After cooperative training an agent one move from its port enters with a probability of at least 0.9 at every distance of the
    partner up to the window, and of at most 0.2 at the window and two, from where the partner comes too late; before it with at least
    0.95 at every distance; distances met too seldom are left out. That water waits for the partner is read from its units with an auROC
    of at least 0.95 in the social evaluation, from what it sees with at most 0.80. The partner's share of the units' variance is larger
    at the end of cooperative training than at the end of solo training, the interval of the difference above 0. Probabilities and
    auROCs are medians over pairs, of each pair's extreme. In support: the same up to the window and one, behind the opaque divider, and
    modularity of the units above its matched Gaussian null."""
    if found.cells is None or found.course is None:
        return Verdict(missing=found.missing)
    if not found.waiting.too_far.n:
        far = found.waiting.window + 2
        return Verdict(
            missing=f"too few steps at the own port with the partner {far} moves from its own port; use more social evaluation sessions"
        )
    if not all(found.hidden(name, SOCIAL).n for name in NAMES[:2]):
        return Verdict(missing="whether water waits for the partner changes too seldom in the social evaluation to be read")
    if not found.waiting.lowest_before.n:
        return Verdict(missing="no recording of the agents after solo training, which the waiting curve is held against")
    return Verdict(
        (*_waiting_clauses(found.waiting), *_carrying_clauses(found, found.course)), support=_support(found, found.cells.findings)
    )


def _waiting_clauses(waiting: Waiting) -> list[Clause]:
    within, far, before, window = waiting.lowest_within, waiting.too_far, waiting.lowest_before, waiting.window
    entering = "probability of entering the port"
    return [
        Clause(
            within.value >= ENTERS, f"lowest {entering}, partner at most {window} moves away: {within}, n = {within.n}", within.n
        ),
        Clause(far.value <= STAYS_OUT, f"{entering}, partner {window + 2} moves away: {far}, n = {far.n}", far.n),
        Clause(before.value >= ENTERS_BEFORE, f"lowest {entering} before cooperation: {before}, n = {before.n}", before.n),
    ]


def _carrying_clauses(found: AgentFindings, course: VarianceCourse) -> list[Clause]:
    knows, sees, _ = (found.hidden(name, SOCIAL) for name in NAMES)
    grown = course.grown
    share = (
        f"the partner's share of variance: {course.solo} after solo training, {course.late} late, late less solo {signed(grown)}"
    )
    return [
        Clause(
            knows.value >= KNOWS, f"the partner's undrunk water decoded from the units: auROC {knows}, n = {knows.n}", knows.n
        ),
        Clause(sees.value <= SEES, f"the same decoded from the observation: auROC {sees}, n = {sees.n}", sees.n),
        above(grown, 0, share),
    ]


def _support(found: AgentFindings, cells: CellFindings) -> str:
    waiting, expanded = found.waiting, found.hidden(NAMES[2], SOCIAL)
    blind = waiting.curves.get("opaque")
    unseen = f", at {waiting.window + 2} behind the opaque divider {blind.estimates[waiting.window + 1]}" if blind else ""
    excess = [signed(cells.at("modularity_excess", stage)) for stage in (EARLY, LATE)]
    return (
        f"enters with at least {waiting.lowest_in_time} up to {waiting.window + 1}, with at most {waiting.highest_too_late} beyond"
        f"{unseen}; "
        f"undrunk water from combinations of what is seen {expanded}, from the units behind the opaque divider "
        f"{found.hidden(NAMES[0], OPAQUE)}; modularity above its null by {excess[0]} early, {excess[1]} late"
    )
