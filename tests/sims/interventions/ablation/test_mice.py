"""Ablations: matched sets are matched, nothing ablated changes nothing, the same tables for any number of workers or after a break."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from params import resolve
from params.errors import UserError
from sims.ablate import main, sessions_of
from sims.interventions.ablation.matching import Ranked, matched_rows
from sims.interventions.ablation.mice import cell_sets, play_ablated, repeats_of
from sims.interventions.frozen import play_frozen
from sims.mice.checkpoint import brain_arrays
from sims.mice.pair import build_pair
from tests.fixtures.figures import undrawn
from tests.fixtures.trained import SMALL, files_of, interrupted, outcome

SHORT = ["--quick", "--set", 'ablation.session="1 min"']


def ranked(n: int, seed: int, classes: tuple[str, ...] = ("exc",)) -> Ranked:
    rng = np.random.default_rng(seed)
    selectivity = {"partner": rng.random(n), "self": rng.random(n)}
    names = np.array([classes[place % len(classes)] for place in range(n)])
    return Ranked(np.arange(n), names, np.exp(rng.standard_normal(n)), np.exp(2 * rng.standard_normal(n)), selectivity)


def test_matched_cells_are_others_of_the_same_class_each_once() -> None:
    brain = ranked(300, 0, ("exc", "pv"))
    chosen = brain.first("partner", 40)
    for seed in range(20):
        drawn = matched_rows(brain, chosen, 10, np.random.default_rng(seed))
        assert not set(drawn) & set(chosen)
        assert len(set(drawn)) == len(chosen)
        assert (brain.class_name[drawn] == brain.class_name[chosen]).all()


def test_matched_cells_are_near_in_rate_and_variance() -> None:
    brain = ranked(320, 1)
    chosen = np.argsort(-brain.rate_hz)[40:56]  # busier than most: random cells would not match them
    drawn = [matched_rows(brain, chosen, 10, np.random.default_rng(seed)) for seed in range(20)]
    others = np.setdiff1d(np.arange(320), chosen)
    for logs in (brain.log_rate, brain.log_variance):
        off = np.mean([logs[each].mean() - logs[chosen].mean() for each in drawn])
        assert abs(off) < 0.15
    assert brain.log_rate[others].mean() < brain.log_rate[chosen].mean() - 0.5
    matched = np.mean([brain.distance[chosen, each].mean() for each in drawn])
    assert matched < brain.distance[np.ix_(chosen, others)].mean() / 3


def test_too_few_cells_to_match() -> None:
    brain = ranked(10, 2)
    with pytest.raises(UserError, match="too few of class exc"):
        matched_rows(brain, brain.first("self", 6), 10, np.random.default_rng(0))


def test_sets_and_sessions() -> None:
    settings = resolve("coop_075s").params.ablation
    brains = ranked(320, 3), ranked(320, 4)
    sets = list(cell_sets(brains, settings, 0, 0))
    assert sessions_of(settings) == 2 * sum(len(repeats_of(each, settings)) for each in sets)
    for each in sets:
        assert [len(cells) for cells in each.cells] == [each.k, each.k]
    sixteen = next(each for each in sets if (each.k, each.name) == (16, "partner"))
    assert sixteen.cells[0].tolist() == np.argsort(-brains[0].selectivity["partner"])[:16].tolist()
    assert (sixteen.rate_ratio, sixteen.variance_ratio) == (1.0, 1.0)
    draws = [each for each in sets if (each.k, each.name) == (16, "matched")]
    assert len({each.cells[0].tobytes() for each in draws}) == settings.draws
    assert [repeats_of(each, settings) for each in draws[:11]] == [[place % 10] for place in range(11)]


def test_nothing_ablated_is_the_untouched_pair() -> None:
    params = resolve("coop_075s", [*SMALL, "ablation.session=1 min"]).params
    pair = build_pair(params, 0, 0)
    before = {name: array.copy() for name, array in brain_arrays(pair).items()}
    none = next(iter(cell_sets((ranked(40, 0), ranked(40, 1)), params.ablation, 0, 0)))
    ablated = play_ablated(pair, none, "coop", 3)
    for name, array in brain_arrays(pair).items():
        assert before[name].tobytes() == array.tobytes(), name
    plain = play_frozen(pair, pair.brains, "coop", ("ablation", "coop", 3), 60.0)
    assert ablated.position.tobytes() == plain.position.tobytes()
    np.testing.assert_array_equal(ablated.events, plain.events)


def ablate(trained: Path, out: Path, *more: str) -> int:
    return main(["--from", str(trained), "--out", str(out), *SHORT, *more])


@pytest.fixture(scope="module")
def undisturbed(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("undisturbed") / "run"
    before = files_of(trained)
    assert ablate(trained, out, "--workers", "1") == 0
    assert files_of(trained) == before
    return out


def test_files_of_a_run(undisturbed: Path) -> None:
    rows = (undisturbed / "ablation.csv").read_text().splitlines()
    assert len(rows) == 1 + 2 * sessions_of(resolve("coop_075s", quick=True).params.ablation)
    assert "F9" in json.loads((undisturbed / "summary.json").read_text())["verdicts"]
    assert "<script" not in (undisturbed / "report.html").read_text()
    assert (undisturbed / "figures" / "ablation_curves.png").exists()


def test_interrupted_and_resumed_by_another_number_of_workers(trained: Path, undisturbed: Path, tmp_path: Path) -> None:
    kept = ["ranking.csv", "pairs/pair00.csv", "sessions/pair00_s000_untouched.h5"]
    out = interrupted(undisturbed, tmp_path / "run", kept)
    times = [(out / name).stat().st_mtime_ns for name in kept]
    with undrawn():
        assert ablate(trained, out, "--resume", "--workers", "2") == 0
    assert [(out / name).stat().st_mtime_ns for name in kept] == times
    assert outcome(out) == outcome(undisturbed)


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(arguments) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


BAD = {
    "counts fall": ("ablation.counts=[4, 2]", "ablation.counts"),
    "nothing judged": ("ablation.judged_count=5", "judged_count = 5"),
    "draws shared unevenly": ("ablation.draws=51", "not a multiple"),
    "mismatched cells": ("cells.exc.count=321", "cells.exc.count"),
    "session off the grid": ('ablation.session="100.05 s"', "ablation.session"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_parameter(name: str, trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    override, words = BAD[name]
    assert words in refused(["--from", str(trained), "--out", str(tmp_path / "run"), "--set", override], capsys)
    assert not (tmp_path / "run").exists()


def test_bad_source(trained: Path, undisturbed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--from" in refused([], capsys)
    assert "no run.json" in refused(["--from", str(tmp_path)], capsys)
    assert "--pairs = 3" in refused(["--from", str(trained), "--pairs", "3"], capsys)
    assert "is itself a manipulation" in refused(["--from", str(undisturbed)], capsys)
    assert "holds a run already" in refused(["--from", str(trained), "--out", str(undisturbed), *SHORT], capsys)


def test_damaged_ranking(trained: Path, undisturbed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = Path(shutil.copytree(undisturbed, tmp_path / "run"))
    (out / "ranking.csv").write_text("pair,agent\n0,x\n")
    (out / "pairs" / "pair00.csv").unlink()
    line = refused(["--from", str(trained), "--out", str(out), "--resume", *SHORT], capsys)
    assert "ranking.csv: has no column cell" in line
    assert "delete it, and sims.ablate makes it anew" in line


def test_no_rates_to_rank_from(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = Path(shutil.copytree(trained, tmp_path / "trained"))
    for path in source.glob("sessions/*evaluation_social.h5"):
        path.unlink()
    line = refused(["--from", str(source), "--out", str(tmp_path / "run"), *SHORT], capsys)
    assert "no session of evaluation_social" in line


def test_dry_run(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ablate(trained, tmp_path / "run", "--dry-run") == 0
    assert "sessions of 60 s a pair" in capsys.readouterr().out
    assert not (tmp_path / "run").exists()
