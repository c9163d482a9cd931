"""Each clause of the claim about agents can fail on its own; a run on the grid reports what they do and carry, others do not."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from analysis.behaviour.cohort import Cohort
from analysis.behaviour.strangers import never_met
from analysis.behaviour.waiting.by_stage import Waiting, find_waiting
from analysis.behaviour.waiting.curve import entries
from analysis.core.run import open_run
from analysis.core.statistics import Estimate
from analysis.findings.analysed import analyse
from analysis.findings.f8 import AgentFindings, judge_f8
from analysis.neural.by_signal import SignalFindings
from analysis.neural.cohort import CellCohort, CellFindings
from analysis.neural.decoding.hidden_variable import NAMES
from analysis.neural.decoding.variance_course import VarianceCourse, variance_course
from analysis.neural.inputs.stages import STAGES
from analysis.report.agent_figures import agent_numbers
from recording import Session
from tests.fixtures.grid import Policy, greedy, play, waiting, write_grid_run

SMALL = (
    "schedule.naive.sessions=0",
    "schedule.pretraining.sessions=1",
    "schedule.coop_training.sessions=2",
    "schedule.evaluation_social.sessions=1",
    "recording.session=1200 step",
)
FEW_FITS = ("analysis.decoding.blocks=5", "analysis.decoding.lags=1", 'recording.rates=["all"]')


def about(value: float, margin: float = 0.02, n: int = 6) -> Estimate:
    return Estimate(value, value - margin, value + margin, n)


def cells(activity: float, observation: float) -> SignalFindings:
    hidden = {name: about(value) for name, value in zip(NAMES, (activity, observation, 0.8), strict=True)}
    stages = dict.fromkeys(STAGES, hidden | {"modularity_excess": about(0.01)})
    return SignalFindings(CellCohort([]), CellFindings(stages, {}, {}, {}, {}, {}, 6), [])


WAITING = Waiting({}, 2, about(0.99), about(0.97), about(0.93), about(0.05), about(0.18))
COURSE = VarianceCourse((), np.empty((6, 0)), (), grown=about(0.03))
GOOD = AgentFindings(WAITING, [], cells(0.98, 0.75), COURSE)


def test_all_hold() -> None:
    verdict = judge_f8(GOOD)
    assert verdict.holds
    assert len(verdict.clauses) == 6
    assert "0.98" in verdict.because
    assert "modularity above its null by +0.01" in verdict.support


@pytest.mark.parametrize(
    "bad",
    [
        {"waiting": replace(WAITING, lowest_before=about(0.94))},
        {"waiting": replace(WAITING, lowest_within=about(0.89))},
        {"waiting": replace(WAITING, too_far=about(0.21))},
        {"cells": cells(0.94, 0.75)},
        {"cells": cells(0.98, 0.81)},
        {"course": replace(COURSE, grown=about(0.01))},
    ],
)
def test_each_clause_decides(bad: dict) -> None:
    verdict = judge_f8(replace(GOOD, **bad))
    assert verdict.measured
    assert not verdict.holds
    assert sum(not clause.holds for clause in verdict.clauses) == 1


def test_what_was_not_measured_does_not_hold() -> None:
    nothing = Estimate(float("nan"), float("nan"), float("nan"), 0)
    assert judge_f8(replace(GOOD, cells=None, course=None, missing="no rates")).because == "not measured: no rates"
    assert not judge_f8(replace(GOOD, waiting=replace(WAITING, too_far=nothing))).measured
    assert not judge_f8(replace(GOOD, waiting=replace(WAITING, lowest_before=nothing))).measured
    assert not judge_f8(replace(GOOD, course=replace(COURSE, grown=nothing))).holds
    assert [name for name, _ in agent_numbers(GOOD)][:3] == [
        "enters at least, before",
        "enters at least, up to 2",
        "enters at least, up to 3",
    ]


@cache
def play_pairs(policy: Policy, joint: bool) -> list[Session]:
    """Six pairs."""
    return [play(policy, 600 if joint else 1200, np.random.default_rng([pair, joint]), joint, pair=pair) for pair in range(6)]


def curve_of(after: list[Session]) -> Waiting:
    """The curve of agents that went ahead greedily, each alone, and then did this."""
    played = {"pretraining": play_pairs(greedy, joint=False)[: len(after)], "evaluation_social": after}
    measures = [
        SimpleNamespace(pair=pair, phase=phase, entries=entries(session, 1.0))
        for phase, sessions in played.items()
        for pair, session in enumerate(sessions)
    ]
    return find_waiting(Cohort(measures), 2, 5)  # type: ignore[arg-type]


def test_agents_that_wait_for_their_partner_pass_and_beside_a_stranger_fail() -> None:
    """The same recordings: entries by the partner's distance, and by that of an agent of another pair."""
    together = play_pairs(waiting, joint=True)
    assert judge_f8(replace(GOOD, waiting=curve_of(together))).holds
    strangers = curve_of([never_met(first, second) for first, second in zip(together, together[1:] + together[:1], strict=True)])
    verdict = judge_f8(replace(GOOD, waiting=strangers))
    assert verdict.measured
    assert [clause.holds for clause in verdict.clauses] == [False, False, True, True, True, True]
    far, near = strangers.too_far, strangers.curves["after"].estimates[1]
    assert far.low < near.value  # flat
    assert near.low < far.value


def test_five_pairs_are_too_few_for_a_verdict() -> None:
    verdict = judge_f8(replace(GOOD, waiting=curve_of(play_pairs(waiting, joint=True)[:5])))
    assert not verdict.measured
    assert "needs 6 pairs, and a figure of it has 5" in verdict.because


@pytest.mark.parametrize("course", [True, False])
def test_five_pairs_in_any_figure_are_too_few(course: bool) -> None:
    few = {"course": replace(COURSE, grown=about(0.03, n=5))} if course else {"waiting": replace(WAITING, too_far=about(0, n=5))}
    assert not judge_f8(replace(GOOD, **few)).measured


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_grid_run(tmp_path_factory.mktemp("agents"), 2, overrides=(*SMALL, *FEW_FITS), units=True)


def test_the_course_is_of_every_session_with_units(run: Path) -> None:
    """Planted: the partner in the units of the last session of training and of the social evaluation, and in no others."""
    opened = open_run(run)
    found = variance_course(opened, 2)
    assert found.slots[:3] == (("pretraining", 0), ("coop_training", 0), ("coop_training", 1))
    assert found.pairs.shape == (2, 6)
    assert (np.abs(found.pairs[:, [0, 1, 4, 5]]) < 0.05).all()
    assert (found.pairs[:, [2, 3]] > 0.1).all()
    assert found.late.value == pytest.approx(np.median(found.pairs[:, 2]))
    assert (found.pairs[:, 2] - found.pairs[:, 0] > 0.1).all()
    assert found.grown.value == pytest.approx(np.median(found.pairs[:, 2] - found.pairs[:, 0]))
    assert np.isnan(found.grown.low)  # of two pairs
    assert found.early.value == pytest.approx(np.median(found.pairs[:, 1]))
    fewer = replace(opened, sessions=[each for each in opened.sessions if each.session not in (0, 1)])
    assert variance_course(fewer, 1).slots[0] == ("coop_training", 0)


def test_behaviour_alone_has_a_curve_and_no_verdict(run: Path) -> None:
    found = analyse(run, workers=2, behaviour_only=True)
    assert isinstance(found.cohort, Cohort)
    assert found.agents is not None
    assert found.agents.waiting.too_far.value == 0.0
    assert found.agents.cells is None
    assert found.summary.agents is not None
    assert found.summary.agents.partner_variance is None
    assert not found.summary.verdicts["F8"].measured
