"""Measures of cells by pair and stage: in order, the same for any number of workers; what cannot be measured says why."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.core.run import open_run
from analysis.neural.cohort import CellCohort, what_cells_lack
from analysis.neural.inputs.frames import BEHAVIOURS, event_counts
from analysis.neural.inputs.stages import COMPARED_IN_TUNING, LATE, SOLO, STAGES, stages_of
from analysis.neural.measures import StageMeasures, measure_stage
from analysis.neural.table import NEURAL, table_of_cells
from analysis.neural.tuning.matched_counts import matched_counts
from recording import Session, read_session
from recording.table import as_csv
from tests.fixtures.planted import ANALYSIS, growing, measures_of, run_of

PAIRS = 2


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[StageMeasures]]:
    path = run_of(tmp_path_factory.mktemp("learned"), growing, PAIRS)
    return path, measures_of(path)


@pytest.fixture(scope="module")
def session(learned: tuple[Path, list[StageMeasures]]) -> Session:
    return read_session(stages_of(open_run(learned[0]))[0, LATE].path)


def text_of(measures: Iterable[StageMeasures]) -> str:
    """neural.csv."""
    return as_csv(table_of_cells(measures), NEURAL)


def test_every_pair_and_stage_in_order(learned: tuple[Path, list[StageMeasures]]) -> None:
    _, measures = learned
    assert [(each.pair, each.stage) for each in measures] == [(pair, stage) for pair in range(PAIRS) for stage in STAGES]
    assert {each.signal for each in measures} == {"rate"}
    rows = text_of(measures).splitlines()
    assert rows[0] == "pair,stage,session,phase,signal,agent,measure,value,chance,p_value,missing,version"
    assert len(rows) == 1 + sum(len(held) for each in measures for _, held in each.by_agent)


def test_of_the_solo_task_only_tuning_is_measured(learned: tuple[Path, list[StageMeasures]]) -> None:
    solo = next(each for each in learned[1] if each.stage == SOLO)
    assert solo.phase == "pretraining"
    for _, held in solo.by_agent:
        for name, found in held.items():
            tuning = name.startswith(("tuned_", "strength_", "events_"))
            assert tuning or found.missing == "in the solo task only tuning is measured"
    assert missing(solo, "tuned_correct") == ["", ""]
    assert np.isnan(solo.course).all()


def test_tuning_is_matched_over_the_sessions_of_a_pair(learned: tuple[Path, list[StageMeasures]]) -> None:
    """As many corrects late as solo, whichever has fewer; what is not asked for is counted all the same."""
    path, measures = learned
    run = open_run(path)
    sessions = {stage: read_session(file.path) for (pair, stage), file in stages_of(run).items() if pair == 0}
    counts = {stage: event_counts(sessions[stage], ANALYSIS) for stage in COMPARED_IN_TUNING}
    most = matched_counts(counts.values(), ANALYSIS.selectivity.min_events)
    place = BEHAVIOURS.index("correct")
    assert most[0, place] == min(each[0, place] for each in counts.values())
    late = next(each for each in measures if (each.pair, each.stage) == (0, LATE))
    again = measure_stage(sessions[LATE], LATE, "rate", run.resolved.params.analysis, 0, most)
    assert again.agents[0]["tuned_correct"][:2] == late.agents[0]["tuned_correct"][:2]
    assert late.agents[0]["events_correct"].value == counts[LATE][0, place]
    (only,) = (each for each in measures_of(path, stages=[LATE]) if each.pair == 0)
    assert text_of([only]) == text_of([late])


def test_workers_do_not_matter(learned: tuple[Path, list[StageMeasures]]) -> None:
    path, measures = learned
    for file in {*path.glob("sessions/pair0[123]*"), *path.glob("sessions/*evaluation*")}:
        file.unlink()
    again = text_of(measures_of(path, workers=1))
    assert again == text_of(each for each in measures if each.pair == 0 and each.stage in COMPARED_IN_TUNING)


def missing(measures: StageMeasures, name: str) -> list[str]:
    return [held[name].missing for _, held in measures.by_agent if name in held]


def stage(session: Session) -> StageMeasures:
    return measure_stage(session, LATE, "rate", ANALYSIS, 0, event_counts(session, ANALYSIS))


def test_one_animal_has_no_partner_and_keeps_its_groups(session: Session) -> None:
    port, spout = (session.attributes[name][:1] for name in ("port", "spout"))
    alone = replace(
        session,
        tracks=session.tracks[:, :1],
        actions=session.actions[:, :1],
        rates=session.rates[:, :1],
        events=session.events[session.events["agent"] < 1],
        attributes=session.attributes | {"port": port, "spout": spout},
    )
    found = stage(alone)
    assert missing(found, "net_partner_position") == ["the session has 1 animal; a partner's place needs 2"]
    assert missing(found, "shared_dims") == ["the session has 1 animal; what brains share needs 2"]
    assert missing(found, "groups") == missing(found, "tuned_correct") == [""]


def test_constant_cells(session: Session) -> None:
    still = session.rates.copy()
    still[:, 0] = 5.0
    found = stage(replace(session, rates=still))
    for name in ("tuned_correct", "net_partner_position", "groups"):
        assert missing(found, name) == ["no cell of agent 0 changes during the session", ""]
    assert missing(found, "outcome")[0] == missing(found, "shared_dims")[0] == "no cell of agent 0 changes during the session"
    some = session.rates.copy()
    some[:, :, 0] = 5.0
    assert missing(stage(replace(session, rates=some)), "tuned_correct") == ["", ""]


def test_frames_without_activity(session: Session) -> None:
    gaps = session.rates.copy()
    gaps[100:110, 1] = np.nan
    found = stage(replace(session, rates=gaps))
    assert "not finite" in missing(found, "tuned_correct")[1]
    assert "not finite" in missing(found, "groups")[1]
    assert "not finite" in missing(found, "shared_dims")[0]
    assert missing(found, "net_partner_position") == ["", ""]
    assert all("\n" not in each.missing for _, held in found.by_agent for each in held.values())


def test_too_few_events_and_no_classes(session: Session) -> None:
    corrects = np.flatnonzero(session.events["kind"] == 3)
    found = stage(replace(session, events=np.delete(session.events, corrects[6:]), unit_class=None))
    assert missing(found, "tuned_correct") == ["3 events of correct; needs 10"] * 2
    assert missing(found, "enhancement_correct") == ["3 events of correct; needs 10"] * 2
    assert missing(found, "shared_dims_gaba") == ["the recording does not tell excitatory from GABAergic cells"]
    assert missing(found, "shared_dims") == [""]
    assert np.isnan(found.course).all()
    lines = what_cells_lack(CellCohort([found]))
    assert "late: tuning to correct, tuning to correct exc" in " ".join(lines)
    assert len(set(lines)) == len(lines)
