"""From the recordings of silencing to its verdict, without a simulator: mice whose skill and zeal at each dose are known."""

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.core.run import RunDirectoryError, open_run
from analysis.findings.f7 import judge_dose, judge_f7
from analysis.findings.verdict import Verdict
from analysis.interventions.silencing import Arm, DoseEffect, effects, measure, measure_arms
from analysis.report.__main__ import main
from analysis.report.silencing import write_silencing_report
from analysis.report.training import write_report
from params import resolve
from recording import event_table, write_session
from tests.fixtures.sessions import make_session
from tests.fixtures.strangers import write_strangers
from tests.fixtures.synthetic import synthetic_session, write_synthetic_run

DOSES = (0.0, 0.5, 1.0)
SKILL = {0.0: 0.8, 0.5: 0.2, 1.0: 0.0}
STEADY = dict.fromkeys(DOSES, 0.8)
TASKS = {"coop": "evaluation_social", "solo": "evaluation_solo", "opaque": "evaluation_opaque"}


PAIRS = 6


def write_run(
    path: Path,
    skills: dict[float, float] = SKILL,
    solo_at_full_dose: float = 1.0,
    pairs: int = PAIRS,
    seed: int = 0,
    tasks: tuple[str, ...] = tuple(TASKS),
) -> Path:
    """A silencing run whose mice wait for each other with these skills by dose, and at full dose take only a share of solo pokes."""
    resolved = resolve("inhibit_acc", ["silencing.doses=[0.0, 0.5, 1.0]", "schedule.session=6 min"])
    for pair in range(pairs):
        arms = [(dose, task) for dose in DOSES for task in tasks]
        for place, (dose, task) in enumerate(arms):
            rng = np.random.default_rng([1 + seed, pair, place])
            phase = f"dose{round(100 * dose):03d}_{task}"
            attributes = {"condition": "inhibit_acc", "session": place, "pair": pair, "seed": seed, "digest": resolved.digest}
            attributes |= {
                "params": resolved.text,
                "target": "exc",
                "when": "session",
                "who": "both",
                "dose": dose,
                "phase": phase,
            }
            planned = getattr(resolved.params.schedule, TASKS[task]).model_copy(update={"plastic": False})
            skill = skills[dose] if task == "coop" else 0.0
            session = synthetic_session(resolved.params, phase, planned, skill, rng, attributes)
            if task == "solo" and dose == 1.0:
                kept = rng.random(len(session.events)) < solo_at_full_dose
                session = replace(session, events=session.events[kept])
            write_session(path / "sessions" / f"pair{pair:02d}_s{place:03d}_{phase}.h5", session)
    (path / "params.toml").write_text(resolved.text, encoding="utf-8")
    facts = {"condition": "inhibit_acc", "seed": seed, "pairs": pairs, "digest": resolved.digest, "code_version": "test"}
    source = {"condition": "coop_075s", "seed": 0, "digest": "0", "code_version": "test"}
    (path / "run.json").write_text(json.dumps(facts | {"wall_s": 1.0, "complete": True, "source": source}), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = write_run(tmp_path_factory.mktemp("run"))
    write_silencing_report(path, workers=2)
    return path


@pytest.fixture(scope="module")
def arms(run: Path) -> list[Arm]:
    return measure_arms(open_run(run))


def test_table_has_a_row_per_pair_dose_and_task(run: Path) -> None:
    with (run / "silencing.csv").open() as file:
        rows = list(csv.DictReader(file))
    found = [(int(row["pair"]), float(row["dose"]), row["task"]) for row in rows]
    assert found == [(pair, dose, task) for pair in range(PAIRS) for dose in DOSES for task in ("coop", "opaque", "solo")]
    for row in rows:
        assert (row["success"] == "") == (row["task"] == "solo") == (row["solo_pokes_per_min"] != "")
        assert row["attempts"] == "" or int(row["attempts"]) == int(row["correct"]) + int(row["miss"])


def test_success_falls_with_dose_and_solo_pokes_do_not(arms: list[Arm]) -> None:
    found = effects(arms)
    assert [each.dose for each in found] == list(DOSES)
    assert found[0].success.value > found[1].success.value > found[2].success.value
    assert found[0].success_of_own.value == found[0].solo_pokes.value == found[0].solo_speed.value == 1.0
    assert 0.8 < found[2].solo_pokes.value < 1.2
    assert all(each.opaque.n == PAIRS for each in found)
    assert found[0].seen.low > 0.3
    assert found[2].seen.low < 0 < found[2].seen.high
    judged = [judge_dose(each, 0.05) for each in found]
    assert [each.at_chance for each in judged] == [False, False, True]
    assert all(each.solo_spared for each in judged)


def verdict_on(arms: list[Arm]) -> tuple[list[DoseEffect], Verdict]:
    found = effects(arms)
    return found, judge_f7(found, 0.05)


def verdict_at(path: Path) -> tuple[list[DoseEffect], Verdict]:
    return verdict_on(measure_arms(open_run(path)))


def test_f7_holds_on_silencing_that_spares_solo_pokes_and_is_judged_at_the_lowest_dose_that_halves(arms: list[Arm]) -> None:
    """Half a dose takes three quarters of the skill, all of it the rest."""
    found, verdict = verdict_on(arms)
    assert [judge_dose(each, 0.05).halved for each in found] == [False, True, True]
    assert verdict.holds, verdict.because
    assert verdict.clauses[0].text.startswith("success at dose 0.5:")
    assert "dose 1 success" in verdict.support


def test_f7_holds_where_only_a_higher_dose_takes_solo_pokes_too(tmp_path: Path) -> None:
    """A dose that goes beyond the cooperative deficit does not undo the lower one."""
    found, verdict = verdict_at(write_run(tmp_path, solo_at_full_dose=0.3, tasks=("coop", "solo")))
    assert [judge_dose(each, 0.05).holds for each in found] == [False, True, False]
    assert verdict.holds, verdict.because


def test_f7_fails_if_success_is_halved_only_where_solo_poking_falls_too(tmp_path: Path) -> None:
    found, verdict = verdict_at(write_run(tmp_path, SKILL | {0.5: 0.8}, 0.3, tasks=("coop", "solo")))
    assert verdict.measured
    assert not verdict.holds
    assert [clause.holds for clause in verdict.clauses] == [True, False]
    assert verdict.clauses[0].text.startswith("success at dose 1:")
    assert not judge_dose(found[-1], 0.05).holds


def test_f7_fails_on_silencing_that_does_nothing(tmp_path: Path) -> None:
    found, verdict = verdict_at(write_run(tmp_path, STEADY, tasks=("coop", "solo")))
    assert verdict.measured
    assert [clause.holds for clause in verdict.clauses] == [False, True]
    assert verdict.clauses[0].text.startswith("success at dose 1:")
    assert found[-1].success_of_own.value == pytest.approx(1.0, abs=0.1)


def test_f7_is_not_measured_on_pairs_that_never_met(run: Path, tmp_path: Path) -> None:
    found, verdict = verdict_at(write_strangers(run, tmp_path / "strangers"))
    assert found[0].success.n == PAIRS
    assert not verdict.measured
    assert "is not above chance" in verdict.because


def test_f7_is_not_measured_on_five_pairs(arms: list[Arm]) -> None:
    found, verdict = verdict_on([each for each in arms if each.behaviour.pair < 5])
    assert found[0].p < 0.05
    assert not verdict.measured
    assert "needs 6 pairs, and a figure of it has 5" in verdict.because


def test_same_recordings_same_files_for_any_workers(run: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(run / "sessions", again / "sessions")
    for name in ("params.toml", "run.json"):
        shutil.copy(run / name, again / name)
    write_silencing_report(again, workers=1)
    for name in ("silencing.csv", "summary.json", "report.html", "figures/dose_curves.svg"):
        assert (again / name).read_bytes() == (run / name).read_bytes(), name


def test_page_is_self_contained_and_says_what_was_found(run: Path) -> None:
    page = (run / "report.html").read_text()
    assert "F7." in page
    assert "http" not in page.split("<details>")[0].replace("http://www.w3.org", "")
    summary = json.loads((run / "summary.json").read_text())
    assert [each["effect"]["dose"] for each in summary["doses"]] == list(DOSES)
    assert summary["verdicts"]["F7"]["holds"] is True


def test_measures_of_a_session_known_by_hand() -> None:
    """Mouse 0 walks 10 cm/s for half of a minute and then stands; mouse 1 stands throughout."""
    n = 480
    tracks = np.zeros((n, 2, 2))
    tracks[:, :, 0] = [-5.0, 5.0]
    tracks[:, 0, 1] = np.abs((np.minimum(np.arange(n), n // 2) * 1.25) % 40 - 20)
    drinks = event_table(0, "drink", [1.0, 20.0], [3.0, 22.0])
    pokes = event_table(0, "poke", [5.0, 15.0, 25.0])
    light = event_table(0, "manipulation", [10.0], [25.0])
    for who, expected in (("mouse_0", (3.0, 2.0, 15.0)), ("mouse_1", (0.0, 0.0, 0.0)), ("both", (1.5, 1.0, 7.5))):
        changes = {"task": "solo", "who": who, "dose": 0.5}
        session = make_session(tracks, events=[drinks, pokes, light], **changes)
        found = measure(session, None, resolve("coop_075s").params.analysis.ethogram)
        assert (found.pokes_per_min, found.rewards_per_min, found.on_s_per_min) == pytest.approx(expected)
        if who == "mouse_0":
            assert found.distance_cm_per_min == pytest.approx(n // 2 * 1.25, rel=0.02)
            assert found.speed_cm_per_s == pytest.approx(5.0, rel=0.15)
            assert found.moving_cm_per_s == pytest.approx(10.0, rel=0.15)


def test_each_report_refuses_the_other_kind_of_run(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    training = write_synthetic_run(tmp_path / "training", pairs=1, quick=True, overrides=())
    with pytest.raises(RunDirectoryError, match=r"is a training run; its report is python -m analysis\.report"):
        write_silencing_report(training)
    with pytest.raises(RunDirectoryError, match=r"acts on trained pairs; its report is python -m analysis\.report"):
        write_report(run)
    assert main([str(run), "--behaviour-only"]) == 2
    assert "these are for training runs" in capsys.readouterr().err
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
