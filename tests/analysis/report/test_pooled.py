"""Several seeds as one cohort: the same numbers as one run of all their pairs would give, every pair once, strangers refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.behaviour.cohort import Cohort, Evaluation
from analysis.behaviour.session import measure_run
from analysis.core.document import write_document
from analysis.core.measure import Measure, absent
from analysis.core.nulls import Null
from analysis.core.run import open_run
from analysis.core.statistics import NOT_MEASURED
from analysis.core.version import analysis_version
from analysis.findings.summary import AblationSummary, TrainingSummary, facts_of, read_summary
from analysis.findings.verdict import Clause, Verdict
from analysis.interventions.ablation.mice import Point
from analysis.interventions.pathways import Trial
from analysis.neural.decoding.measures import NAMES as PARTNER
from analysis.neural.groups.measures import NAMES as GROUPING
from analysis.neural.measures import StageMeasures
from analysis.neural.shared.measures import NAMES as SHARING
from analysis.neural.table import NEURAL, read_cells, table_of_cells
from analysis.neural.tuning.measures import NAMES as TUNING
from analysis.pooled import main, notes_of, write_pooled
from analysis.report import pooling
from analysis.report.pooling import Ablated, Rewired, Silenced, Trained, pool_runs
from analysis.report.silencing import write_silencing_report
from analysis.report.training import write_report
from params import resolve
from params.errors import UserError
from recording.atomic import write_text
from recording.table import write_table
from tests.analysis.interventions.test_silencing import write_run as write_silencing
from tests.fixtures.figures import undrawn
from tests.fixtures.synthetic import SHORT, write_synthetic_run

HEAD = "pair,stage,session,phase,signal,agent,measure,value,chance,p_value,missing"
COSTS = {"partner": 0.4, "matched": 0.1, "self": 0.2}


def cell(pair: int, stage: str, place: float) -> StageMeasures:
    """One pair's cells in one stage, which tell of the partner's place by so much."""
    told = {name: Measure(place, 0.01, 0.05) for name in ("net_partner_position", "unique_partner_position")}
    nothing = absent("not asked")
    agent = dict.fromkeys((*TUNING, *PARTNER, "outcome", *GROUPING), nothing) | told
    together = dict.fromkeys(SHARING, nothing)
    return StageMeasures(pair, 1, "coop_3s", stage, "rate", (agent, agent), together, np.empty((2, 0)), (None, None))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    found = []
    for seed, pairs in ((3, 3), (5, 3)):
        path = write_synthetic_run(tmp_path_factory.mktemp("run"), pairs, overrides=SHORT, seed=seed)
        with undrawn():
            write_report(path, workers=2, behaviour_only=True)
        found.append(path)
    return found


def test_pairs_are_numbered_through_and_none_is_lost(runs: list[Path]) -> None:
    (group,) = pool_runs(runs)
    assert isinstance(group, Trained)
    alone = [Cohort(measure_run(open_run(path), 2)) for path in runs]
    assert group.cohort.pairs == list(range(6))
    successes = [each.success for each in group.cohort.evaluations("evaluation_social")]
    assert successes == [each.success for cohort in alone for each in cohort.evaluations("evaluation_social")]
    assert group.findings.success.value == pytest.approx(np.median(successes))
    assert group.findings.success.n == 6


def test_page_has_every_seed_beside_all_pairs(runs: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert main([*map(str, runs), "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'report.html'}\n"
    page = (tmp_path / "report.html").read_text()
    assert "coop_075s, seeds 3, 5: 6 pairs" in page
    (group,) = json.loads((tmp_path / "summary.json").read_text())
    claims = {each["name"]: each for each in group["claims"]}
    for seed, path in ((3, runs[0]), (5, runs[1])):
        assert not read_summary(open_run(path), TrainingSummary).verdicts["F1"].measured  # three pairs
        assert claims["F1"]["by_seed"][str(seed)] == "not measured"
    assert claims["F1"]["together"]["measured"]
    assert all(each["n"] == 6 for each in claims["F1"]["together"]["clauses"])
    assert claims["F4"]["by_seed"] == {"3": "not measured", "5": "not measured"}
    assert group["behaviour"]["both_wait"]["answered"]["seen"]["late"]["n"] == 12  # mice
    assert "Do both wait?" in page
    drawn = {each.stem.removeprefix("coop_075s_") for each in (tmp_path / "figures").iterdir()}
    assert drawn == {"learning_curves", "strategies", "release_curve", "waiting_curve"}


def test_cells_come_from_the_tables(runs: list[Path]) -> None:
    tables = [run / "neural.csv" for run in runs]
    for path, pairs, least in zip(tables, (3, 3), (0.0, 0.1), strict=True):
        measured = [cell(pair, stage, least + 0.01 * pair) for pair in range(pairs) for stage in ("early", "late", "social")]
        write_table(path, table_of_cells(measured), NEURAL)
    try:
        (group,) = pool_runs(runs)
        assert notes_of(group) == []
        write_text(tables[0], tables[0].read_text().replace(analysis_version(), "0123456789abcdef"))
        (note,) = notes_of(group)
        assert f"{runs[0]}: 0123456789abcdef, {runs[1]}: {analysis_version()}" in note
    finally:
        for path in tables:
            path.unlink()
    assert isinstance(group, Trained)
    assert group.cells.first is not None
    found = group.cells.first.cohort.values("net_partner_position", "social")
    np.testing.assert_allclose(found, [0, 0.01, 0.02, 0.1, 0.11, 0.12], atol=1e-9)


def test_a_table_comes_back_as_it_was_written(tmp_path: Path) -> None:
    written = [cell(pair, stage, 0.1 * pair) for pair in range(2) for stage in ("early", "opaque")]
    write_table(tmp_path / "neural.csv", table_of_cells(written), NEURAL)
    for before, after in zip(written, read_cells(tmp_path / "neural.csv"), strict=True):
        assert repr(replace(after, course=before.course)) == repr(before)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pair,stage\n0,early\n",
        f"{HEAD}\n0,early,1,coop_3s,rate,0,outcome,abc,,,\n",
        f"{HEAD}\n0,early\n",
        f"{HEAD}\nx,early,1,coop_3s,rate,0,outcome,1,,,\n",
        f"{HEAD}\n",
    ],
    ids=["empty", "other columns", "no number", "cut off", "no pair", "no row"],
)
def test_what_is_no_table_is_refused(tmp_path: Path, text: str) -> None:
    write_text(tmp_path / "neural.csv", text)
    with pytest.raises(UserError, match=r"neural\.csv: .* python -m analysis\.report"):
        read_cells(tmp_path / "neural.csv")


def test_silencing_is_judged_over_all_pairs(tmp_path: Path) -> None:
    paths = [write_silencing(tmp_path / str(seed), pairs=3, seed=seed) for seed in (0, 1)]
    with undrawn():
        for path in paths:
            write_silencing_report(path, workers=2)
    (group,) = pool_runs(paths)
    assert isinstance(group, Silenced)
    assert {arm.behaviour.pair for arm in group.arms} == set(range(6))
    (row,) = group.rows
    assert row.by_seed == {0: "not measured", 1: "not measured"}  # three pairs each
    assert row.together.holds
    assert group.effects[-1].success.n == 6
    assert main([*map(str, paths), "--out", str(tmp_path / "pooled")]) == 0
    assert (tmp_path / "pooled" / "figures" / "inhibit_acc_dose_curves.png").exists()


def test_ablations_are_judged_over_all_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every pair of two runs once: cooperation cells cost 0.4, matched ones 0.1, solo pokes stay."""
    resolved = resolve("coop_075s")
    paths = [tmp_path / str(seed) for seed in (0, 1)]
    for seed, path in enumerate(paths):
        write_text(path / "params.toml", resolved.text)
        facts = {"condition": "ablation", "seed": seed, "pairs": 3, "digest": "x", "code_version": "test", "complete": seed == 0}
        write_text(path / "run.json", json.dumps(facts | {"source": {"condition": "coop_075s"}}))
        write_text(path / "sessions" / "pair00_s000_untouched.h5", "")
        held = {"F9": Verdict((Clause(True, "it", 6),))}
        write_document(path / "summary.json", AblationSummary(facts_of(open_run(path)), NOT_MEASURED, 0.0, {}, [], held))
    own = Point(0, 0, "none", 100, 0.8, 3.0, 10.0, 4.0, 8.0, 1.0, 1.0)
    sets = [own, *(replace(own, k=16, name=name, success=0.8 - cost) for name, cost in COSTS.items())]
    above = Evaluation(0, 80, 100, Null(np.full(200, 7), np.full(200, 100)))
    monkeypatch.setattr(pooling, "read_tables", lambda run: None)
    monkeypatch.setattr(pooling, "points", lambda table: [replace(each, pair=pair) for pair in range(3) for each in sets])
    monkeypatch.setattr(pooling, "untouched", lambda run, workers: [replace(above, pair=pair) for pair in range(3)])
    (group,) = pool_runs(paths)
    assert isinstance(group, Ablated)
    assert group.curves.pairs == list(range(6))
    assert [each.pair for each in group.baseline] == list(range(6))
    (row,) = group.rows
    assert row.together.holds, row.together.because
    assert row.by_seed == {0: "holds", 1: "holds"}
    page = write_pooled(paths, tmp_path / "pooled")
    assert "was not finished" in page.read_text()
    (summary,) = json.loads((tmp_path / "pooled" / "summary.json").read_text())
    assert {each["name"]: round(each["cost"]["value"], 3) for each in summary["effects"]} == COSTS
    assert (tmp_path / "pooled" / "figures" / "ablation_ablation_curves.png").exists()


def test_pathways_are_measured_over_all_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs of three pairs; a brain without a pathway loses 0.2 of success in each pair."""
    paths = [tmp_path / str(seed) for seed in (0, 1)]
    for seed, path in enumerate(paths):
        write_text(path / "params.toml", resolve("coop_075s").text)
        facts = {"condition": "pathways", "seed": seed, "pairs": 3, "digest": "x", "code_version": "test", "complete": True}
        write_text(path / "run.json", json.dumps(facts | {"source": {"condition": "coop_075s"}}))
        write_text(path / "sessions" / "pair00_s000_learned.h5", "")
    played = [
        Trial(pair, "pretrained", variant, "", task, None, 100, success + 0.1 * pair, 5.0, 0.3, 4.0)
        for pair in range(3)
        for task in ("coop", "solo")
        for variant, success in (("learned", 0.7), ("earlier", 0.1), ("without_recurrent", 0.5))
    ]
    monkeypatch.setattr(pooling, "trials_of", lambda run, workers: played)
    (group,) = pool_runs(paths)
    assert isinstance(group, Rewired)
    assert group.trials.pairs == list(range(6))
    with undrawn():
        page = write_pooled(paths, tmp_path / "pooled").read_text()
    assert "without recurrent" in page
    (summary,) = json.loads((tmp_path / "pooled" / "summary.json").read_text())
    assert summary["claims"] == []
    lost = {each["variant"]: each["lost"] for each in summary["effects"]}
    assert lost["without_recurrent"]["value"] == pytest.approx(0.2)
    assert lost["without_recurrent"]["n"] == 6


def test_a_run_is_not_written_over(runs: list[Path], capsys: pytest.CaptureFixture) -> None:
    before = (runs[0] / "summary.json").read_bytes()
    assert main([*map(str, runs), "--out", str(runs[0])]) == 2
    assert "is a run" in capsys.readouterr().err
    assert (runs[0] / "summary.json").read_bytes() == before


def test_strangers_are_refused(runs: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    other = write_synthetic_run(tmp_path / "other", 2, overrides=("schedule.session=4 min",), seed=9)
    for bad, said in (([runs[0], other], "may differ by their seed alone"), ([runs[0], runs[0]], "seed 3 is that of")):
        assert main([*map(str, bad), "--out", str(tmp_path / "pooled")]) == 2
        assert said in capsys.readouterr().err
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "no such run directory" in capsys.readouterr().err
    assert not (tmp_path / "pooled").exists()


def test_a_run_that_was_not_analysed_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    bare = write_synthetic_run(tmp_path / "bare", 2, overrides=SHORT, seed=4)
    assert main([str(bare), "--out", str(tmp_path / "pooled")]) == 2
    assert "has no summary.json; python -m analysis.report" in capsys.readouterr().err
