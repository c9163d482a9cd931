"""Silencing on the grid: sets are what they say, silencing nobody is the pair itself, the same tables for any workers and after a kill."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import jax
import numpy as np
import pytest

from marl.ablation import without_recurrence
from marl.policy import Policy
from marl.rollout import Tally, tally
from params import GridParameters, resolve
from params.errors import UserError
from recording.schemas import ABLATION_OF_GRID
from sims.ablate import main
from sims.grid.pair import build_agents, key_of, rule_of, state_arrays
from sims.grid.trained_policy import load_policy
from sims.interventions.ablation import grid as silencing
from sims.interventions.ablation.grid import ablated_rows, play_without
from sims.interventions.ablation.matching import CellSet, Ranked
from sims.interventions.ablation.unit_sets import batches, batches_of, unit_sets
from sims.schedule import Place
from sims.store.state_file import path_of, stamp_of, write_arrays
from sims.store.trained import open_trained
from tests.fixtures.figures import undrawn
from tests.fixtures.grid import write_grid_run
from tests.fixtures.hasty import compile_in_haste
from tests.fixtures.trained import interrupted, outcome

UNITS = 24
NETWORKS = (f"network.units={UNITS}", "training.environments=4")
RUN = (
    *NETWORKS,
    "schedule.naive.sessions=0",
    "schedule.evaluation_social.sessions=1",
    "schedule.pretraining.sessions=1",
    "schedule.coop_training.sessions=1",
    "schedule.evaluation_solo.sessions=0",
)
TRAIN = (*RUN, "schedule.evaluation_opaque.sessions=0", "recording.session=1200 step")
SHORT = [
    "--set",
    "ablation.counts=[1, 4]",
    "--set",
    "ablation.judged_count=4",
    "--set",
    "ablation.draws=4",
    "--set",
    "ablation.batches=2",
]
GAMES = ["--set", "ablation.episodes=4"]


def params_of(*more: str) -> GridParameters:
    settings = [*SHORT[1::2], *GAMES[1::2], *more]
    return resolve("marl_coop", [*NETWORKS, "world.episode=40 step", *settings]).grid


def ranked(seed: int, n: int = UNITS) -> Ranked:
    rng = np.random.default_rng(seed)
    selectivity = {name: rng.random(n) for name in ("partner", "cooperation", "self")}
    return Ranked(
        np.arange(n), np.array(["unit"] * n), np.exp(rng.standard_normal(n)), np.exp(rng.standard_normal(n)), selectivity
    )


BRAINS = ranked(0), ranked(1)


def policy_of(params: GridParameters, seed: int = 0) -> Policy:
    return build_agents(params, seed, 0).policy


def sets_of(params: GridParameters, seed: int = 0) -> list[CellSet]:
    return list(unit_sets(BRAINS, params.ablation, seed, 0))


def test_sets_are_what_they_say() -> None:
    params = params_of()
    sets = sets_of(params)
    assert [(each.k, each.name) for each in sets[:2]] == [(0, "none"), (0, "no_recurrence")]
    for each in sets:
        assert [len(set(units)) for units in each.cells] == [each.k, each.k]
    by = {(each.k, each.name, each.draw): each for each in sets}
    tuned = by[4, "partner", 0]
    assert (tuned.rate_ratio, tuned.variance_ratio) == (1.0, 1.0)
    for agent, brain in enumerate(BRAINS):
        for name in ("partner", "cooperation", "self"):
            assert by[4, name, 0].cells[agent].tolist() == np.argsort(-brain.selectivity[name])[:4].tolist()
        for draw in range(4):
            assert not set(by[4, "matched", draw].cells[agent]) & set(tuned.cells[agent])
    drawn = [by[4, name, draw].cells[0].tobytes() for name in ("random", "matched") for draw in range(4)]
    assert len(set(drawn)) == len(drawn)
    assert batches(params.ablation) == 2 * sum(len(batches_of(each, params.ablation)) for each in sets)


def test_random_units_are_any_units() -> None:
    params = params_of("ablation.draws=400")
    drawn = np.concatenate([each.cells[0] for each in sets_of(params) if (each.k, each.name) == (4, "random")])
    count = np.bincount(drawn, minlength=UNITS)
    assert abs(count - 400 * 4 / UNITS).max() < 5 * np.sqrt(400 * 4 / UNITS)


def test_sets_depend_on_the_seed_and_on_nothing_else() -> None:
    params = params_of()
    more = params_of("ablation.counts=[1, 2, 4]", "ablation.draws=6")

    def matched(found: list[CellSet]) -> list[np.ndarray]:
        return [each.cells[0] for each in found if (each.k, each.name) == (4, "matched")]

    np.testing.assert_array_equal(matched(sets_of(params)), matched(sets_of(more))[:4])
    assert not np.array_equal(matched(sets_of(params)), matched(sets_of(params, seed=1)))


@pytest.fixture(scope="module")
def counted() -> tuple[GridParameters, Policy, Tally]:
    params = params_of()
    policy = policy_of(params)
    return params, policy, play_without(policy, params, sets_of(params)[:3], "solo", key_of(0, 0, "luck"))


def test_silencing_nobody_is_the_pair_itself(counted: tuple[GridParameters, Policy, Tally]) -> None:
    params, policy, found = counted
    for place, untouched in enumerate((policy, without_recurrence(policy))):
        plain = tally(rule_of(params, "solo"), untouched, key_of(0, 0, "luck"), 4, 40)
        for ours, its in zip(found, plain, strict=True):
            np.testing.assert_array_equal(ours[place], its)
    assert found.poke.any()


@pytest.mark.parametrize(("who", "agents"), [("agent_0", [0]), ("agent_1", [1]), ("both", [0, 1])])
def test_whose_units_are_silenced(who: str, agents: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    params = params_of(f"ablation.who={who}")
    seen = {}

    def tally_of(rule: object, policy: Policy, silent: jax.Array, recurrent: jax.Array, *rest: object) -> Tally:
        seen.update(silent=np.asarray(silent), recurrent=np.asarray(recurrent))
        n = len(silent)
        return Tally(np.zeros((n, 4)), np.zeros((n, 4)), *(np.tile([[[2.0, 3.0]]], (n, 4, 1)) for _ in range(3)))  # type: ignore[arg-type]

    monkeypatch.setattr(silencing, "tally_ablated", tally_of)
    sets = [each for each in sets_of(params) if each.name in ("none", "no_recurrence", "partner")]
    rows = ablated_rows(policy_of(params), params, 0, 0, sets)
    for agent in range(2):
        units = sets[-1].cells[agent].tolist() if agent in agents else []
        assert np.flatnonzero(seen["silent"][-1, agent]).tolist() == sorted(units)
        assert seen["recurrent"][:, agent].tolist() == [True, agent not in agents, True, True]
    table = ABLATION_OF_GRID.frame(rows)
    coop, solo = table.iloc[0], table.iloc[-1]
    assert (coop["correct"], coop["misses"]) == (0, 5)
    assert np.isnan([solo["correct"], solo["misses"]]).all()
    assert solo["drinks"] == np.mean([2 + agent for agent in agents])


@pytest.fixture(scope="module", autouse=True)
def _in_haste() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        compile_in_haste(patch)
        yield


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recordings of scripted pairs with units tuned to both places, and naive networks that might have learned from them."""
    run = write_grid_run(tmp_path_factory.mktemp("trained") / "run", 2, overrides=TRAIN, units=True)
    params, digest = resolve("marl_coop", list(TRAIN)).grid, json.loads((run / "run.json").read_text())["digest"]
    for pair in range(2):
        agents = build_agents(params, 0, pair)
        write_arrays(run / "checkpoints", stamp_of(digest, 0, pair), Place(2, 2, 0), state_arrays(agents.state))
    return run


def ablate(trained: Path, out: Path, *more: str) -> int:
    return main(["--from", str(trained), "--out", str(out), *SHORT, *GAMES, *more])


@pytest.fixture(scope="module")
def undisturbed(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("undisturbed") / "run"
    before = {path: path.read_bytes() for path in trained.rglob("*") if path.is_file()}
    assert ablate(trained, out, "--workers", "1") == 0
    assert {path: path.read_bytes() for path in trained.rglob("*") if path.is_file()} == before
    return out


def test_files_of_a_run(trained: Path, undisturbed: Path) -> None:
    rows = (undisturbed / "ablation.csv").read_text().splitlines()
    assert len(rows) == 1 + 2 * batches(params_of().ablation)
    summary = json.loads((undisturbed / "summary.json").read_text())
    assert set(summary["verdicts"]) == {"F9", "F9_raw"}
    assert [(each["k"], each["name"]) for each in summary["sets"][:3]] == [(0, "none"), (0, "no_recurrence"), (1, "partner")]
    assert "<script" not in (undisturbed / "report.html").read_text()
    assert (undisturbed / "figures" / "ablation_curves.png").exists()
    facts = json.loads((undisturbed / "run.json").read_text())
    assert facts["decisions"] == 2 * batches(params_of().ablation) * 4 * 200
    assert load_policy(open_trained(trained), 1).cell == "rnn"


def test_units_of_the_partner_come_first(undisturbed: Path) -> None:
    """The fixture's second half of units is of the partner's place, the first of the own."""
    lines = [line.split(",") for line in (undisturbed / "ranking.csv").read_text().splitlines()]
    head = {name: place for place, name in enumerate(lines[0])}
    assert len(lines) == 1 + 2 * 2 * UNITS
    for name, first in (("partner", range(UNITS // 2, UNITS)), ("self", range(UNITS // 2))):
        values = np.array([float(line[head[name]]) for line in lines[1 : 1 + UNITS]])
        assert set(np.argsort(-values)[:8]) <= set(first)
    assert {line[head["class"]] for line in lines[1:]} == {"unit"}


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
    "nobody": ("ablation.who=agent_2", "ablation.who"),
    "counts fall": ("ablation.counts=[4, 2]", "ablation.counts"),
    "nothing judged": ("ablation.judged_count=5", "judged_count = 5"),
    "draws shared unevenly": ("ablation.draws=5", "not a multiple of batches = 2"),
    "other networks": ("network.units=25", "network.units = 25"),
    "another room": ("world.height=10", "world.height = 10"),
    "other eyes": ("world.sees_partner=false", "world.sees_partner"),
    "of the mice": ("ablation.session=1 min", "ablation.session"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_parameter(name: str, trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    override, words = BAD[name]
    line = refused(["--from", str(trained), "--out", str(tmp_path / "run"), *SHORT, "--set", override], capsys)
    assert words in line
    assert not (tmp_path / "run").exists()


def test_too_many_units(trained: Path, undisturbed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UserError, match="13 cells leave too few of class unit"):
        list(unit_sets(BRAINS, params_of("ablation.counts=[4, 13]").ablation, 0, 0))


def test_no_weights(trained: Path, undisturbed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = (Path(shutil.copytree(each, tmp_path / name)) for each, name in ((trained, "trained"), (undisturbed, "out")))
    (out / "pairs" / "pair01.csv").unlink()
    path = path_of(source / "checkpoints", 1, 2)
    path.write_bytes(path.read_bytes()[:1000])
    resume = ["--from", str(source), "--out", str(out), *SHORT, *GAMES, "--resume"]
    assert "damaged checkpoint" in refused(resume, capsys)
    path.unlink()
    assert "no state of pair 1" in refused(resume, capsys)


def test_no_units_to_rank_from(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = Path(shutil.copytree(trained, tmp_path / "trained"))
    for path in source.glob("sessions/*evaluation_social.h5"):
        path.unlink()
    line = refused(["--from", str(source), "--out", str(tmp_path / "run"), *SHORT], capsys)
    assert "no session of evaluation_social" in line


def test_dry_run(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ablate(trained, tmp_path / "run", "--dry-run") == 0
    assert f"{batches(params_of().ablation)} batches of 4 episodes a pair" in capsys.readouterr().out
    assert not (tmp_path / "run").exists()
