"""From a run directory to its report, without a simulator: contract, determinism, gaps, errors."""

import csv
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.behaviour.cohort import Cohort
from analysis.behaviour.findings import find_in_behaviour
from analysis.behaviour.session import measure_run
from analysis.core.document import write_document
from analysis.core.run import RunDirectory, open_run
from analysis.findings.summary import TrainingSummary, read_summary
from analysis.findings.training import OF_BEHAVIOUR, judge_behaviour
from analysis.findings.verdict import Verdict
from analysis.report.__main__ import main
from analysis.report.both_wait import WORDS
from analysis.report.training import analyse, write_report
from recording import read_session, write_session
from tests.fixtures.strangers import write_strangers
from tests.fixtures.synthetic import rising_skill, write_synthetic_run

CONTRACT = [
    "pair", "session", "phase", "window_s", "divider", "attempts", "correct", "miss", "success",
    "chance_mean", "chance_p95", "p_value", "approach_s", "wait_s", "interaction_s",
]  # fmt: skip
SHORT = (
    "schedule.session=8 min",
    "schedule.pretraining.sessions=1",
    "schedule.coop_3s.sessions=1",
    "schedule.coop_150s.sessions=1",
    "schedule.coop_075s.sessions=4",
)
PAIRS, SESSIONS, MINUTES = 6, 9, 8  # of such a run


def skilled(phase: str, progress: float) -> float:
    return 0.3 + 0.6 * progress if phase.startswith("coop_") else rising_skill(phase, progress)


def unskilled(phase: str, progress: float) -> float:
    return 0.0


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = write_synthetic_run(tmp_path_factory.mktemp("run"), PAIRS, overrides=SHORT, skill=skilled)
    write_report(path, workers=2)
    return path


def summary_of(path: Path) -> TrainingSummary:
    return read_summary(open_run(path), TrainingSummary)


def table_of(path: Path) -> list[dict[str, str]]:
    with (path / "learning.csv").open() as file:
        return list(csv.DictReader(file))


def test_writes_the_contract(run: Path) -> None:
    rows = table_of(run)
    assert list(rows[0])[: len(CONTRACT)] == CONTRACT
    assert list(rows[0])[-21:-17] == ["wait_at_port_s", "wait_contingency", "drinks_0", "drinks_1"]
    assert list(rows[0])[-17] == "waiting"
    assert all(name.endswith(("never_met", "never_met_s", "shifted", "shifted_s")) for name in list(rows[0])[-16:-10])
    assert all(name.endswith(("_0", "_1")) for name in list(rows[0])[-10:])
    assert [(int(row["pair"]), int(row["session"])) for row in rows] == [
        (pair, n) for pair in range(PAIRS) for n in range(SESSIONS)
    ]
    summary = json.loads((run / "summary.json").read_text())
    assert set(summary["behaviour"]["success"]) == {"value", "low", "high", "n"}
    assert summary["verdicts"]["F1"]["holds"] is True
    assert summary["recorded"] == pytest.approx(PAIRS * SESSIONS * MINUTES * 60)
    assert (summary["version"], summary["time_unit"]) == (2, "s")
    assert (summary["run"]["condition"], summary["run"]["pairs"]) == ("coop_075s", PAIRS)
    assert {each.suffix for each in (run / "figures").iterdir()} == {".png", ".svg"}
    assert (run / "report.html").exists()


def test_rows_add_up(run: Path) -> None:
    for row in table_of(run):
        if row["phase"] == "pretraining":
            assert row["success"] == row["correct"] == row["p_value"] == ""
            assert int(row["attempts"]) == int(row["pokes_0"]) + int(row["pokes_1"])
            continue
        correct, attempts = int(row["correct"]), int(row["attempts"])
        assert attempts == correct + int(row["miss"])
        assert float(row["success"]) == pytest.approx(correct / attempts, rel=1e-5)
        assert float(row["chance_mean"]) <= float(row["chance_p95"])


def test_pairs_that_learn_are_seen_to(run: Path) -> None:
    summary = summary_of(run)
    assert all(summary.verdicts[name].holds for name in ("F1", "F2")), summary.verdicts
    assert "social over opaque success" in summary.verdicts["F2"].differs
    behaviour = summary.behaviour
    assert behaviour.fraction_above_chance.value == 1.0
    assert behaviour.opaque_p > 0.05
    assert behaviour.growth["interaction"].value > 2
    assert behaviour.contingency["late"].low > max(0.2, behaviour.contingency["opaque"].high)
    assert "rank correlation of poking with the time at which the partner is ready" in summary.verdicts["F3"].because
    assert behaviour.success.value > 0.5 > behaviour.success_opaque.value


def test_a_summary_from_before_these_measures_is_read(run: Path, tmp_path: Path) -> None:
    old = json.loads((run / "summary.json").read_text())
    assert old["behaviour"].pop("both_wait")["answered"]["seen"]["late"]["n"] == 2 * PAIRS
    assert set(old["behaviour"].pop("waiting_curves")) == {"before", "after", "opaque"}
    shutil.copytree(run, tmp_path / "run", ignore=shutil.ignore_patterns("figures"))
    (tmp_path / "run" / "summary.json").write_text(json.dumps(old))
    found = summary_of(tmp_path / "run").behaviour
    assert (found.both_wait, found.waiting_curves) == ({}, {})


def test_the_page_has_a_row_for_each_measure_of_mutual_waiting(run: Path) -> None:
    page = (run / "report.html").read_text()
    table = page.split('<table class="both-wait">')[1].split("</table>")[0]
    assert table.count("<tr>") == 1 + len(WORDS)
    assert "openings answered, lower quartile" in table
    assert (run / "figures" / "waiting_curve.svg").exists()


def test_the_summary_is_read_as_it_was_written(run: Path, tmp_path: Path) -> None:
    write_document(tmp_path / "summary.json", summary_of(run))
    assert (tmp_path / "summary.json").read_bytes() == (run / "summary.json").read_bytes()


def test_pairs_that_do_not_are_not(tmp_path: Path) -> None:
    path = write_synthetic_run(tmp_path, PAIRS, overrides=SHORT, skill=unskilled)
    summary = analyse(path).summary
    assert not any(verdict.holds for verdict in summary.verdicts.values())
    assert all(summary.verdicts[name].measured for name in OF_BEHAVIOUR)
    assert summary.behaviour.fraction_above_chance.value <= 0.5


def judged(run: RunDirectory) -> dict[str, Verdict]:
    return judge_behaviour(find_in_behaviour(Cohort(measure_run(run, 2)), run), run.resolved.params.analysis)


def test_pairs_that_never_met_neither_learn_nor_need_to_see_each_other(run: Path, tmp_path: Path) -> None:
    """The same animals, each beside one of another pair."""
    found = judged(open_run(write_strangers(run, tmp_path / "strangers")))
    assert [(found[name].measured, found[name].holds) for name in ("F1", "F2")] == [(True, False)] * 2
    assert not any(clause.holds for clause in found["F1"].clauses)
    assert [clause.holds for clause in found["F2"].clauses] == [False, True, False]  # opaque success is at chance in either


def test_five_pairs_are_too_few_for_a_verdict(run: Path) -> None:
    opened = open_run(run)
    few = replace(opened, sessions=[each for each in opened.sessions if each.pair < 5])
    for name, verdict in judged(few).items():
        assert not verdict.measured, name
        assert verdict.because == "not measured: a verdict needs 6 pairs, and a figure of it has 5 pairs"


def test_same_recordings_same_files(run: Path, tmp_path: Path) -> None:
    names = ["learning.csv", "summary.json", "report.html", *(f"figures/{each.name}" for each in (run / "figures").iterdir())]
    before = {name: (run / name).read_bytes() for name in names}
    write_report(run, workers=1)
    assert {name for name in names if (run / name).read_bytes() != before[name]} == set()


def test_the_page_stands_alone(run: Path) -> None:
    page = (run / "report.html").read_text()
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!data:)""", page)
    assert "@import" not in page
    assert "url(" not in page
    for heading in ("Findings", "Figures", "Replay", "Cells", "Pairs", "What every measure means", "What is missing"):
        assert heading in page
    assert "nan" not in re.sub(r"base64,[^\"]*|\"data\": \"[^\"]*", "", page).lower().replace("finance", "")


def test_a_run_without_rates_says_so(run: Path) -> None:
    why = 'the run kept no cell rates; recording.rates = ["all"] keeps them'
    summary = summary_of(run)
    assert (summary.cells.missing, summary.cells.signals) == (why, {})
    assert summary.verdicts["F5"].because == f"not measured: {why}"
    assert "not measured: the run kept no cell rates" in (run / "report.html").read_text()
    assert not (run / "neural.csv").exists()


def test_recorded_events_are_checked_against_the_rule(run: Path, tmp_path: Path) -> None:
    path = shutil.copytree(run, tmp_path / "run")
    file = next(iter(sorted((path / "sessions").glob("pair00_s003*"))))
    session = read_session(file)
    correct = session.events["kind"] == 3
    session.events["kind"][correct] = 4
    write_session(file, session)
    assert any("differ from the rule in pair/session 0/3" in note for note in analyse(path).summary.missing)


@pytest.mark.parametrize(("condition", "pairs"), [("solo", 2), ("coop_075s", 1), ("coop_3s", 2)])
def test_gaps_are_reported_not_crashed_on(tmp_path: Path, condition: str, pairs: int) -> None:
    overrides = ("schedule.session=2 min", "schedule.pretraining.sessions=2") if condition == "solo" else ()
    path = write_synthetic_run(tmp_path, pairs, condition, overrides, quick=condition != "solo", skill=unskilled)
    write_report(path)
    summary = summary_of(path)
    assert summary.missing
    if condition == "solo":
        assert summary.behaviour.success.n == 0
        assert np.isnan(summary.behaviour.opaque_p)
        assert not any(verdict.measured for verdict in summary.verdicts.values())
    if pairs == 1:
        assert np.isnan(summary.behaviour.success.low)
        assert any("One pair only" in note for note in summary.missing)


def test_an_unfinished_run_is_reported_as_such(run: Path, tmp_path: Path) -> None:
    path = shutil.copytree(run, tmp_path / "run")
    for file in (path / "sessions").glob("pair0[12]_s00[78]*"):
        file.unlink()
    for file in (path / "sessions").glob("pair03*"):
        file.unlink()
    facts = json.loads((path / "run.json").read_text())
    (path / "run.json").write_text(json.dumps(facts | {"complete": False, "wall_s": None}))
    summary = analyse(path).summary
    missing = " ".join(summary.missing)
    assert "not finished" in missing
    assert "5 pairs, of 6 planned" in missing
    assert summary.behaviour.success.n == 3


def broken_facts(path: Path) -> None:
    (path / "run.json").write_text("{")


def facts_missing(path: Path) -> None:
    (path / "run.json").write_text("{}")


def truncated_recording(path: Path) -> None:
    file = next((path / "sessions").iterdir())
    file.write_bytes(file.read_bytes()[:3000])


def misnamed_recording(path: Path) -> None:
    next((path / "sessions").iterdir()).rename(path / "sessions" / "session.h5")


def swapped_recording(path: Path) -> None:
    files = sorted((path / "sessions").iterdir())
    shutil.copy(files[0], files[1])


def no_recordings(path: Path) -> None:
    shutil.rmtree(path / "sessions")


def no_params(path: Path) -> None:
    (path / "params.toml").unlink()


def misspelt_params(path: Path) -> None:
    text = (path / "params.toml").read_text()
    (path / "params.toml").write_text(text.replace("chance_shifts =", "chance_shift = 1\nchance_shifts ="))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (shutil.rmtree, "no such run directory"),
        (broken_facts, "not valid JSON"),
        (facts_missing, "condition is missing"),
        (truncated_recording, "damaged or no recording"),
        (misnamed_recording, "not a session's name"),
        (swapped_recording, "is not what the file's name says"),
        (no_recordings, "no recordings"),
        (no_params, "params.toml: cannot be read"),
        (misspelt_params, "did you mean chance_shifts?"),
    ],
)
def test_mistakes_are_one_line_and_exit_code_2(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture, damage, message: str
) -> None:
    path = shutil.copytree(run, tmp_path / "run", ignore=shutil.ignore_patterns("figures", "*.html", "*.csv", "summary.json"))
    damage(path)
    assert main([str(path)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not (path / "learning.csv").exists()
