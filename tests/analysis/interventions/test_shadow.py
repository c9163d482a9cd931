"""Both verdicts of shadows on recordings whose answer is planted, the arithmetic by hand, the table there and back, several seeds."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.core.run import RunDirectoryError, open_run
from analysis.findings.f5 import judge_f5_shadow
from analysis.findings.f6 import judge_f6_causal
from analysis.findings.shadow import judge_shadows
from analysis.findings.verdict import Verdict
from analysis.interventions.shadow import (
    BLIND,
    HELD,
    INTACT,
    TOLD,
    Animal,
    measure_response,
    measure_shadows,
    response_to_arrivals,
)
from analysis.interventions.shadow_cohort import ShadowCohort, ShadowFindings, find_shadows
from analysis.interventions.shadow_table import SHADOW, read_animals, shadow_table
from analysis.pooled import main as pooled
from analysis.report.__main__ import main
from analysis.report.pooling import Shadowed, pool_runs
from analysis.report.shadow import write_shadow_report
from analysis.report.training import write_report
from params import resolve
from params.errors import UserError
from recording import write_session
from recording.atomic import write_text
from recording.table import as_csv
from tests.fixtures.sessions import make_session
from tests.fixtures.shadows import OVERRIDES, STATES, Told, shadow_session, three_brains, write_shadow_run

PARAMS = resolve("coop_075s", list(OVERRIDES)).mouse
NAN = float("nan")
CELLS = 6


def skill(pair: int, state: str) -> float:
    return 0.1 + 0.15 * pair if state == "trained" else 0.1


def learned(pair: int, state: str) -> float:
    """What fibres bring grows with learning, in pairs that cooperate more by more."""
    return 0.1 + 0.06 * pair if state == "trained" else 0.02


def grown_gain(pair: int, state: str) -> float:
    return 1.6 if state == "trained" else 1.2


def test_response_by_hand() -> None:
    """Windows of 2 samples at 0, 2, 4, 6. Odd events choose cell 1 (driven by 4), even ones say: direct 2, response 3, rate 13."""
    blind = np.full((8, 3), 10.0)
    direct = np.zeros((8, 3))
    direct[[0, 1, 4, 5], 1] = 4.0
    direct[[2, 3, 6, 7], 1] = 2.0
    direct[[2, 3, 6, 7], 0] = 50.0  # in the even events alone: choosing must not see it
    direct[:, 2] = 90.0  # not excitatory
    rates = {INTACT: blind + 1.5 * direct, BLIND: blind, HELD: blind + direct}
    found = response_to_arrivals(rates, np.array([0, 1]), np.array([0, 2, 4, 6, 7]), 2, 1)
    assert found.arrivals == 4  # the last has no whole window
    assert (found.intact_hz, found.response_hz, found.direct_hz) == pytest.approx((13.0, 3.0, 2.0))
    assert found.amplification == pytest.approx(1.5)
    assert found.share == pytest.approx(3 / 13)


def test_cells_that_fibres_do_not_raise_have_no_amplification() -> None:
    rates = {INTACT: np.full((8, 2), 9.0), BLIND: np.full((8, 2), 10.0), HELD: np.full((8, 2), 9.0)}
    assert np.isnan(response_to_arrivals(rates, np.arange(2), np.array([0, 2, 4]), 2, 1).amplification)
    assert response_to_arrivals(rates, np.arange(2), np.array([2]), 2, 1).arrivals == 1


def f6_of(gain: Told, pairs: int = 6, at_arrivals: bool = False, private: float = 0.0, fewest: int = 10) -> Verdict:
    """Verdict on planted brains of so many pairs."""
    analysis = PARAMS.analysis
    analysis = analysis.model_copy(update={"decoding": analysis.decoding.model_copy(update={"fewest_events": fewest})})
    animals = []
    for pair in range(pairs):
        for place, state in enumerate(STATES):
            rng = np.random.default_rng([7, pair, place])
            session = shadow_session(PARAMS, pair, state, 0.5, rng)
            brains = three_brains(session, PARAMS, rng, 1.0, gain(pair, state), at_arrivals, private)
            for agent in range(2):
                response = measure_response(brains, agent, analysis, CELLS)
                animals.append(Animal(pair, state, agent, 0.5, dict.fromkeys(TOLD, NAN), response))
    return judge_f6_causal(find_shadows(ShadowCohort(animals)))


def test_f6_without_recurrence_does_not_hold() -> None:
    verdict = f6_of(lambda pair, state: 1.0, private=0.2)
    assert verdict.measured
    assert not verdict.holds
    assert "amplification 1.00 [1.00, 1.00] trained" in verdict.because


def test_f6_with_a_gain_that_grows_holds() -> None:
    verdict = f6_of(grown_gain)
    assert verdict.holds, verdict.because
    assert "amplification 1.60" in verdict.because
    assert "amplification 1.20 [1.20, 1.20] pretrained" in verdict.support


def test_f6_with_a_gain_at_the_event_alone_holds() -> None:
    verdict = f6_of(grown_gain, at_arrivals=True)
    assert verdict.holds, verdict.because
    assert "amplification 1.60" in verdict.because


@pytest.mark.parametrize(
    ("before", "trained"), [(1.5, 1.5), (0.5, 0.8), (1.8, 1.3)], ids=["gain without growth", "attenuation", "gain that falls"]
)
def test_f6_without_gain_or_growth_does_not_hold(before: float, trained: float) -> None:
    verdict = f6_of(lambda pair, state: trained if state == "trained" else before, private=0.2)
    assert verdict.measured
    assert not verdict.holds


def test_f6_of_too_few_pairs_or_arrivals_is_not_measured() -> None:
    assert "has 5 pairs" in f6_of(grown_gain, pairs=5).because
    few = f6_of(grown_gain, fewest=1000)
    assert not few.measured
    assert few.n == 0


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six pairs whose intact cells alone tell of the partner."""
    path = write_shadow_run(tmp_path_factory.mktemp("told") / "run", learned, skill, grown_gain)
    write_shadow_report(path, workers=2, say=lambda line: None)
    return path


def found_in(run: Path, pairs: range = range(6)) -> ShadowFindings:
    return find_shadows(ShadowCohort([each for each in read_animals(open_run(run)) if each.pair in pairs]))


def test_f5_of_cells_that_alone_sense_the_partner_holds(told: Path) -> None:
    verdict = judge_f5_shadow(found_in(told))
    assert verdict.holds, verdict.because
    assert "net share of the partner's place" in verdict.support
    said = json.loads((told / "summary.json").read_text())
    assert said["verdicts"]["F5_shadow"]["holds"]
    assert said["verdicts"]["F6_causal"]["holds"]
    assert said["findings"]["before"] == "pretrained"


def test_f5_of_brains_that_are_their_own_shadow_does_not_hold(tmp_path: Path) -> None:
    """They tell of the partner by own behaviour alone, and so do blind ones: nothing of it counts."""
    path = write_shadow_run(tmp_path / "run", lambda pair, state: 0.0, skill, grown_gain)
    findings = find_shadows(ShadowCohort(measure_shadows(open_run(path), 2, lambda line: None)))
    verdicts = judge_shadows(findings)
    assert verdicts["F5_shadow"].n == 0 or not verdicts["F5_shadow"].holds
    assert not any(clause.holds for clause in verdicts["F5_shadow"].clauses)
    assert findings.numbers["at_all_partner_position_intact"].trained.value > 0.02
    assert findings.numbers["at_all_partner_position_excess"].trained.value == 0
    assert not verdicts["F6_causal"].measured


def test_f5_that_does_not_go_with_success_does_not_hold(told: Path) -> None:
    animals = [replace(each, success=(each.pair * 7 % 5) / 5) for each in read_animals(open_run(told))]
    verdict = judge_f5_shadow(find_shadows(ShadowCohort(animals)))
    assert verdict.measured
    assert [clause.holds for clause in verdict.clauses] == [True] * 6 + [False]


def test_too_few_pairs_or_events_are_not_measured(told: Path) -> None:
    for verdict in judge_shadows(found_in(told, range(5))).values():
        assert "has 5 pairs" in verdict.because
    animals = read_animals(open_run(told))
    name = "at_all_partner_about_to_poke_blind"
    rare = [
        replace(each, told=each.told | {name: NAN}) if (each.pair, each.state, each.agent) == (2, "pretrained", 1) else each
        for each in animals
    ]
    verdict = judge_f5_shadow(find_shadows(ShadowCohort(rare)))
    assert "has 5 pairs" in verdict.because


def test_the_table_comes_back_as_it_was_written(told: Path) -> None:
    animals = read_animals(open_run(told))
    assert as_csv(shadow_table(animals), SHADOW) == (told / "shadow.csv").read_text()
    assert len(animals) == 6 * 2 * 2


@pytest.mark.parametrize("text", ["", "pair,state\n0,trained\n", None], ids=["empty", "other columns", "none"])
def test_what_is_no_table_is_refused(text: str | None, told: Path, tmp_path: Path) -> None:
    run = replace(open_run(told), path=tmp_path)
    if text is not None:
        write_text(tmp_path / "shadow.csv", text)
    with pytest.raises(UserError, match=r"shadow\.csv.*python -m analysis\.report"):
        read_animals(run)


def test_several_seeds_are_judged_over_all_pairs(told: Path, tmp_path: Path) -> None:
    """Every pair twice: the same pairs under another seed."""
    other = tmp_path / "other"
    for name in ("shadow.csv", "summary.json", "params.toml"):
        write_text(other / name, (told / name).read_text())
    write_text(other / "run.json", json.dumps(json.loads((told / "run.json").read_text()) | {"seed": 1}))
    write_text(other / "sessions" / "pair00_s000_trained_intact.h5", "")
    (group,) = pool_runs([told, other])
    assert isinstance(group, Shadowed)
    assert group.cohort.pairs == list(range(12))
    assert {row.name: row.by_seed for row in group.rows} == {
        name: {0: "holds", 1: "holds"} for name in ("F5_shadow", "F6_causal")
    }
    assert all(row.together.holds for row in group.rows)
    assert pooled([str(told), str(other), "--out", str(tmp_path / "pooled")]) == 0
    (summary,) = json.loads((tmp_path / "pooled" / "summary.json").read_text())
    assert summary["effects"]["numbers"]["amplification"]["trained"]["n"] == 12
    assert (tmp_path / "pooled" / "figures" / "shadow_amplification.png").exists()


def test_what_is_no_shadow_run_is_one_line(told: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RunDirectoryError, match=r"acts on trained pairs; its report is python -m analysis\.report"):
        write_report(told)
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "no such run directory" in capsys.readouterr().err
    write_text(tmp_path / "run" / "params.toml", (told / "params.toml").read_text())
    write_text(tmp_path / "run" / "run.json", (told / "run.json").read_text())
    session = make_session(condition="shadow")
    write_session(tmp_path / "run" / "sessions" / "pair00_s000_trained_intact.h5", session)
    assert main([str(tmp_path / "run")]) == 2
    assert "attribute state is missing" in capsys.readouterr().err
