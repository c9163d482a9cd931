"""Measures of cells by pair and stage: found where they were planted, not where not; what cannot be measured says why."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.cohort import Cohort
from analysis.neural.cohort import CellCohort, CellFindings, find_in_cells, what_cells_lack
from analysis.neural.measures import StageMeasures, measure_cells, measure_stage
from analysis.neural.signals import rate
from analysis.neural.stages import EARLY, LATE, OPAQUE, SOCIAL, STAGES, stages_of
from analysis.neural.table import cells_as_csv
from analysis.neural.verdicts import judge_cells
from analysis.run_directory import open_run
from recording import Session, read_session
from tests.fixtures.planted import ANALYSIS, growing, ignorant
from tests.fixtures.synthetic import Cells, write_synthetic_run

SHORT = (
    "schedule.session=10 min",
    "schedule.pretraining.sessions=0",
    "schedule.coop_3s.sessions=1",
    "schedule.coop_150s.sessions=1",
    "schedule.coop_075s.sessions=1",
)


def quiet(line: str) -> None:
    pass


def run_of(path: Path, cells: Cells, pairs: int, overrides: tuple[str, ...] = ()) -> Path:
    return write_synthetic_run(path, pairs, overrides=(*SHORT, *overrides), skill=steady, cells=cells)


def steady(phase: str, progress: float) -> float:
    return 0.0 if phase == "evaluation_opaque" else 0.6


def measures_of(path: Path, workers: int = 2) -> list[StageMeasures]:
    return measure_cells(open_run(path), workers, {"rate": rate}, say=quiet)


def findings_of(measures: list[StageMeasures]) -> CellFindings:
    return find_in_cells(CellCohort(measures), Cohort([]))


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[StageMeasures]]:
    path = run_of(tmp_path_factory.mktemp("learned"), growing, pairs=3)
    return path, measures_of(path)


@pytest.fixture(scope="module")
def session(learned: tuple[Path, list[StageMeasures]]) -> Session:
    return read_session(stages_of(open_run(learned[0]))[0, LATE].path)


def test_every_pair_and_stage_in_order(learned: tuple[Path, list[StageMeasures]]) -> None:
    _, measures = learned
    assert [(each.pair, each.stage) for each in measures] == [(pair, stage) for pair in range(3) for stage in STAGES]
    assert {each.signal for each in measures} == {"rate"}
    rows = cells_as_csv(measures).splitlines()
    assert rows[0] == "pair,stage,session,phase,signal,agent,measure,value,chance,p_value,missing,version"
    assert len(rows) == 1 + sum(len(held) for each in measures for _, held in each.by_agent)


def test_what_was_planted_is_found(learned: tuple[Path, list[StageMeasures]]) -> None:
    findings = findings_of(learned[1])
    verdicts = judge_cells(findings, ANALYSIS)
    assert verdicts["F4"].holds, verdicts["F4"].because
    for name in ("net_partner_position", "unique_partner_position"):
        assert findings.grown[name].low > 0.05
        assert abs(findings.at(name, EARLY).value) < 0.05
        assert findings.at(name, OPAQUE).value < 0.05 < findings.at(name, SOCIAL).value
    assert verdicts["F5"].clauses[0].holds
    assert verdicts["F5"].clauses[1].holds


def test_what_was_not_is_not(tmp_path: Path) -> None:
    findings = findings_of(
        measures_of(
            run_of(tmp_path, ignorant, 2, ("schedule.evaluation_social.sessions=0", "schedule.evaluation_opaque.sessions=0"))
        )
    )
    verdicts = judge_cells(findings, ANALYSIS)
    assert not verdicts["F5"].holds
    assert not verdicts["F4"].clauses[0].holds
    for name in ("net_partner_position", "unique_partner_position"):
        assert abs(findings.at(name, LATE).value) < 0.05
        assert abs(findings.grown[name].value) < 0.05


def test_workers_do_not_matter(learned: tuple[Path, list[StageMeasures]]) -> None:
    path, measures = learned
    for file in {*path.glob("sessions/pair0[123]*"), *path.glob("sessions/*evaluation*")}:
        file.unlink()
    again = cells_as_csv(measures_of(path, workers=1))
    assert again == cells_as_csv(each for each in measures if each.pair == 0 and each.stage in (EARLY, LATE))


def missing(measures: StageMeasures, name: str) -> list[str]:
    return [held[name].missing for _, held in measures.by_agent if name in held]


def stage(session: Session) -> StageMeasures:
    return measure_stage(session, LATE, "rate", ANALYSIS, 0)


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
    assert missing(found, "gain") == ["3 events of correct; needs 10"] * 2
    assert missing(found, "shared_dims_gaba") == ["the recording does not tell excitatory from GABAergic cells"]
    assert missing(found, "shared_dims") == [""]
    assert np.isnan(found.course).all()
    lines = what_cells_lack(CellCohort([found]))
    assert "late: tuning to correct, tuning to correct exc" in " ".join(lines)
    assert len(set(lines)) == len(lines)
