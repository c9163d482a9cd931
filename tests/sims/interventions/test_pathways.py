"""Pathways runs: brains put together are what they say, the same files for any number of workers and after an interruption."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from params import resolve
from recording import read_session
from recording.schemas import WEIGHTS
from sims.interventions.frozen import play_frozen
from sims.interventions.pathway_swap import PATHWAYS, partner_channels, put_together, variants
from sims.interventions.weights import channel_groups, weight_table
from sims.mice.checkpoint import brain_arrays
from sims.mice.pair import Pair, build_pair
from sims.pathways import block_channels, main, trials_of
from tests.fixtures.figures import undrawn
from tests.fixtures.trained import SMALL, interrupted, outcome
from worlds.senses import channel_names, sense_constants

PARAMS = resolve("coop_075s", list(SMALL)).params
CHANGED = ('pathways.session="10 s"', "pathways.grid_from_divider=1", "pathways.permutations=200")
SHORT = ["--quick", *(word for value in CHANGED for word in ("--set", value))]
EVERY = frozenset(PATHWAYS)


@pytest.fixture(scope="module")
def states() -> tuple[Pair, Pair]:
    """A pair naive, and the same with every weight moved."""
    naive, later = build_pair(PARAMS, 0, 0), build_pair(PARAMS, 0, 0)
    rng = np.random.default_rng(0)
    for brain in later.brains:
        for weight in (brain.network.recurrent.weight, brain.network.afferent.weight, brain.network.background_hz):
            weight *= rng.uniform(0.5, 1.5, weight.shape).astype(np.float32)
        for weight in (brain.readout.policy, brain.readout.value):
            weight += 0.1 * rng.standard_normal(weight.shape, dtype=np.float32)
    return naive, later


def swapped(naive: Pair, later: Pair, learned: frozenset[str]) -> Pair:
    channels = partner_channels(PARAMS)
    first, second = (put_together(naive.brains[agent], later.brains[agent], learned, channels) for agent in range(2))
    return Pair(later.index, later.seed, later.params, later.learning, (first, second), later.cells)


def played(pair: Pair) -> bytes:
    result = play_frozen(pair, pair.brains, "coop", ("x",), 60.0)
    return result.position.tobytes() + result.events.tobytes()


def test_everything_learned_is_the_trained_brain(states: tuple[Pair, Pair]) -> None:
    naive, later = states
    whole = swapped(naive, later, EVERY)
    for name, array in brain_arrays(later).items():
        assert brain_arrays(whole)[name].tobytes() == array.tobytes(), name
    assert played(whole) == played(swapped(later, later, frozenset()))


def test_nothing_learned_is_the_naive_brain(states: tuple[Pair, Pair]) -> None:
    naive, later = states
    nothing = swapped(naive, later, frozenset())
    for name in (
        "network.recurrent.weight",
        "network.afferent.weight",
        "readout.policy",
        "readout.value",
        "network.background_hz",
    ):
        for agent in range(2):
            key = f"brain{agent}.{name}"
            assert brain_arrays(nothing)[key].tobytes() == brain_arrays(naive)[key].tobytes(), key
            assert brain_arrays(later)[key].tobytes() != brain_arrays(naive)[key].tobytes(), key
    assert played(nothing) == played(swapped(naive, naive, EVERY))


def test_states_stay_as_they_are(states: tuple[Pair, Pair]) -> None:
    naive, later = states
    before = [{name: array.copy() for name, array in brain_arrays(each).items()} for each in states]
    played(swapped(naive, later, frozenset({"readout"})))
    for state, arrays in zip(states, before, strict=True):
        for name, array in brain_arrays(state).items():
            assert array.tobytes() == arrays[name].tobytes(), name


@pytest.mark.parametrize("pathway", ["partner", "own"])
def test_only_the_named_fibres_are_earlier(pathway: str, states: tuple[Pair, Pair]) -> None:
    naive, later = states
    brain = swapped(naive, later, EVERY - {pathway}).brains[0]
    fibres = np.isin(brain.network.afferent.pre, partner_channels(PARAMS))
    chosen = fibres if pathway == "partner" else ~fibres
    weights = [each.network.afferent.weight for each in (brain, naive.brains[0], later.brains[0])]
    np.testing.assert_array_equal(weights[0][chosen], weights[1][chosen])
    np.testing.assert_array_equal(weights[0][~chosen], weights[2][~chosen])


def test_variants_are_distinct_and_named() -> None:
    found = variants()
    assert len({each.name for each in found}) == len({each.learned for each in found}) == len(found)


def test_channels_of_the_partner() -> None:
    names = np.array(channel_names(sense_constants(PARAMS.senses, PARAMS.chamber)))
    assert {name.split("[")[0] for name in names[partner_channels(PARAMS)]} == {"partner", "partner_seen", "partner_touch"}
    groups = channel_groups(PARAMS)
    assert {name.split("[")[0] for name in names[groups["own_hz"]]} == {"place"}
    assert not set(groups["near_hz"]) & set(groups["far_hz"])


def test_blocks_are_all_fields_once() -> None:
    settings = PARAMS.pathways
    blocks = [(row, column) for row in range(settings.grid_from_divider) for column in range(settings.grid_from_port_end)]
    channels = np.concatenate([block_channels(PARAMS, block) for block in blocks])
    groups = channel_groups(PARAMS)
    assert sorted(channels) == sorted([*groups["near_hz"], *groups["far_hz"]])


def test_weight_table(states: tuple[Pair, Pair]) -> None:
    naive, later = states
    table = weight_table(PARAMS, 0, 1, "naive", naive.brains[1], later.brains[1])
    assert table.columns.tolist() == WEIGHTS.names
    assert len(table) == 40
    same = weight_table(PARAMS, 0, 1, "naive", later.brains[1], later.brains[1])
    assert (same[WEIGHTS.names[4:]] == 0).all(axis=None)


@pytest.fixture(scope="module")
def undisturbed(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("undisturbed") / "run"
    assert main(["--from", str(trained), "--out", str(out), *SHORT, "--workers", "2"]) == 0
    return out


def test_files_of_a_run(undisturbed: Path) -> None:
    quick = resolve("coop_075s", ["pathways.grid_from_divider=1"], quick=True).params
    assert len(list((undisturbed / "sessions").iterdir())) == 2 * len(trials_of(quick))
    session = read_session(undisturbed / "sessions" / "pair00_s000_naive_learned_coop.h5")
    assert (session.attributes["base"], session.attributes["variant"], session.attributes["plastic"]) == (
        "naive",
        "learned",
        False,
    )
    summary = json.loads((undisturbed / "summary.json").read_text())
    assert len(summary["pathways"]) == 2 * len(variants())
    assert "<script" not in (undisturbed / "report.html").read_text()


def test_interrupted_and_resumed_by_another_number_of_workers(trained: Path, undisturbed: Path, tmp_path: Path) -> None:
    kept = ["weights/pair00.csv", *(f"sessions/{path.name}" for path in sorted((undisturbed / "sessions").iterdir())[:5])]
    out = interrupted(undisturbed, tmp_path / "run", kept)
    with undrawn():
        assert main(["--from", str(trained), "--out", str(out), *SHORT, "--workers", "1", "--resume"]) == 0
    assert outcome(out) == outcome(undisturbed)


def test_bad_input(trained: Path, undisturbed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def refused(*arguments: str) -> str:
        assert main(list(arguments)) == 2
        lines = capsys.readouterr().err.strip().splitlines()
        assert len(lines) == 1, lines
        return lines[0]

    assert "--from" in refused()
    assert "no run.json" in refused("--from", str(tmp_path))
    assert "--workers = 0" in refused("--from", str(trained), "--workers", "0")
    assert "pathways.session" in refused("--from", str(trained), "--set", 'pathways.session="100.05 s"')
    assert "holds a run already" in refused("--from", str(trained), "--out", str(undisturbed), *SHORT)
    source = Path(shutil.copytree(trained, tmp_path / "trained"))
    (source / "checkpoints" / "pair00_s000.npz").unlink()
    assert "no state of pair 0 after 0 phases" in refused("--from", str(source), "--out", str(tmp_path / "run"), *SHORT)
