"""Pairs that go through the schedule together, as on a graphics card: the files of pairs alone, wherever they stood when killed."""

from collections.abc import Sequence
from pathlib import Path

import jax
import numpy as np
import pytest

from params import Resolved, resolve
from params.errors import UserError
from recording import read_session
from sims.grid import card, population, worker
from sims.grid.episodes import EPISODES
from sims.grid.pair import Agents, build_agents, state_arrays
from sims.grid.population import NonFiniteError, TrainedPart, train_session
from sims.grid.schedule import sessions_of
from sims.grid.updates import TRAINING
from sims.grid.worker import population_sessions

RUN = (
    "network.units=12", "training.environments=8", "training.update=5 step", "training.epochs=2", "world.episode=8 step",
    "schedule.naive.sessions=0", "schedule.pretraining.sessions=1", "schedule.pretraining.session=40 step",
    "schedule.coop_training.sessions=3", "schedule.coop_training.session=40 step", "schedule.evaluation_social.sessions=1",
    "schedule.evaluation_opaque.sessions=0", "schedule.evaluation_solo.sessions=0", "recording.session=30 step",
    "recording.episodes=4",
)  # fmt: skip
RESOLVED = resolve("marl_coop", RUN)
SESSIONS = sessions_of(RESOLVED.grid)
LAST_TRAINED = SESSIONS[3]  # of two lengths
SEED = 3


def run(directory: Path, indices: Sequence[int], sessions: int | None = None) -> list[list[dict]]:
    """Pairs taken from where they stand to the end, or for so many sessions."""
    going = population_sessions(directory, RESOLVED, SEED, indices)
    return list(going) if sessions is None else [next(going) for _ in range(sessions)]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pairs, one after the other."""
    directory = tmp_path_factory.mktemp("alone")
    for index in range(3):
        run(directory, [index])
    return directory


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[list[dict]]]:
    directory = tmp_path_factory.mktemp("together")
    return directory, run(directory, [0, 1, 2])


def arrays_of(path: Path) -> dict[str, np.ndarray]:
    with np.load(path) as file:
        return {name: file[name] for name in file.files}


def assert_same_run(ours: Path, theirs: Path) -> None:
    """The same files of the same form: what was drawn to the bit, what was summed but for the last digits."""
    names = [sorted(path.relative_to(each) for path in each.rglob("*.*")) for each in (ours, theirs)]
    assert names[0] == names[1]
    for name in names[0]:
        if name.suffix == ".npz":
            a, b = arrays_of(ours / name), arrays_of(theirs / name)
            assert list(a) == list(b)
            for key in a:
                assert (a[key].dtype, a[key].shape) == (b[key].dtype, b[key].shape)
                if a[key].dtype.kind == "f":
                    np.testing.assert_allclose(a[key], b[key], rtol=1e-3, atol=1e-4, err_msg=f"{name} {key}")
                else:
                    np.testing.assert_array_equal(a[key], b[key], err_msg=f"{name} {key}")
        elif name.suffix == ".h5":
            one, other = read_session(ours / name), read_session(theirs / name)
            np.testing.assert_array_equal(one.tracks, other.tracks)
            np.testing.assert_array_equal(one.events, other.events)
            np.testing.assert_allclose(one.rates, other.rates, atol=2e-3)
            assert one.attributes == other.attributes
    for table in (EPISODES, TRAINING):
        for index in range(3):
            a, b = (table.of_pair(each, index, 100).drop(columns="wall_s", errors="ignore") for each in (ours, theirs))
            for column in a:
                if a[column].dtype.kind == "f":
                    np.testing.assert_allclose(a[column], b[column], rtol=1e-3, atol=1e-4)
                else:
                    assert a[column].tolist() == b[column].tolist()


def test_together_pairs_leave_the_files_of_pairs_alone(told: tuple[Path, list[list[dict]]], alone: Path) -> None:
    directory, rows = told
    assert_same_run(directory, alone)
    assert [[(row["pair"], row["session"]) for row in each] for each in rows] == [
        [(pair, session) for pair in range(3)] for session in range(len(SESSIONS))
    ]


def test_killed_between_the_checkpoints_of_its_pairs(alone: Path, tmp_path: Path) -> None:
    """Pair 0 has three sessions behind it, pair 1 one, pair 2 none: they go on until all are level."""
    for index, sessions in ((0, 3), (1, 1)):
        run(tmp_path, [index], sessions)
    rows = run(tmp_path, [0, 1, 2])
    assert [(each[0]["session"], [row["pair"] for row in each]) for each in rows] == [
        (0, [2]), (1, [1, 2]), (2, [1, 2]), (3, [0, 1, 2]), (4, [0, 1, 2]),
    ]  # fmt: skip
    assert_same_run(tmp_path, alone)
    assert run(tmp_path, [0, 1, 2]) == []


def test_killed_within_a_session(alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept of the last session of training differs among pairs; the file of one is damaged."""
    monkeypatch.setattr("sims.grid.partial.EVERY_S", 0.0)
    run(tmp_path, [0, 1, 2], 3)
    go_on = population.train

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    def once(*given: object) -> object:
        monkeypatch.setattr(population, "train", die)
        return go_on(*given)

    monkeypatch.setattr(population, "train", once)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, [0, 1, 2])
    kept = sorted(tmp_path.glob("checkpoints/*_partial.npz"))
    assert [path.name for path in kept] == [f"pair0{index}_partial.npz" for index in range(3)]
    kept[1].write_bytes(kept[1].read_bytes()[:1000])
    sizes: list[int] = []

    def counting(plan: object, states: object, n_updates: int) -> object:
        sizes.append(len(states.key))
        return go_on(plan, states, n_updates)

    monkeypatch.setattr(population, "train", counting)
    run(tmp_path, [0, 1, 2])
    assert sizes == [1, 3]
    assert_same_run(tmp_path, alone)


def pairs_of(resolved: Resolved = RESOLVED) -> list[Agents]:
    return [build_agents(resolved.grid, SEED, index) for index in range(2)]


def test_a_pair_ahead_waits_for_the_others() -> None:
    """One pair has half of the session behind it: it is not trained again, and its updates are in order."""
    pairs, steps = pairs_of(), list[list[TrainedPart]]()
    unbegun = [TrainedPart(0, agents.state, None) for agents in pairs]
    whole = train_session(pairs, LAST_TRAINED, unbegun, lambda _, reached: steps.append(reached()))
    [half] = steps
    after = train_session(pairs, LAST_TRAINED, [half[0], unbegun[1]])
    for (ours, metrics), (theirs, expected) in zip(after, whole, strict=True):
        for name, array in state_arrays(ours.state).items():
            np.testing.assert_allclose(array, state_arrays(theirs.state)[name], rtol=1e-3, atol=1e-4, err_msg=name)
        assert metrics is not None
        assert expected is not None
        np.testing.assert_allclose(metrics.terms.entropy, expected.terms.entropy, rtol=1e-4)


def test_what_is_not_finite_is_said_of_the_pair() -> None:
    first, second = pairs_of()
    broken = jax.tree.map(lambda each: each * np.nan, second.policy)
    pairs = [first, Agents(second.index, SEED, second.params, second.state._replace(policy=broken))]
    with pytest.raises(NonFiniteError, match=r"^seed 3, pair 1, session 1: weights are not finite"):
        train_session(pairs, SESSIONS[1])


class Card:
    """A card that holds so many bytes."""

    device_kind = "a card"

    def __init__(self, n_bytes: float) -> None:
        self.n_bytes = n_bytes

    def memory_stats(self) -> dict[str, float]:
        return {"bytes_limit": self.n_bytes}


@pytest.mark.parametrize(("holds", "at_once"), [(1000, 100), (64, 50), (50, 50), (40, 34), (1, 1)])
def test_pairs_that_do_not_fit_go_in_equal_parts(monkeypatch: pytest.MonkeyPatch, holds: int, at_once: int) -> None:
    monkeypatch.setattr(card, "population_bytes", lambda _, n_pairs: n_pairs * 61_000_000)
    monkeypatch.setattr(jax, "local_devices", lambda: [Card((holds + 0.5) * 61_000_000 / card.USED)])
    fit = card.fit_on_card(RESOLVED.grid, 100)
    assert fit.pairs == at_once
    assert str(fit) == f"{at_once} {'pairs' if at_once > 1 else 'pair'} at once on a card, 61 MB a pair"


def test_a_card_too_small_for_a_pair_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card, "population_bytes", lambda _, n_pairs: n_pairs * 10**9)
    monkeypatch.setattr(jax, "local_devices", lambda: [Card(10**9)])
    with pytest.raises(UserError, match=r"^a pair takes 1.0 GB, a card has 0.9 GB for it; lower training.environments"):
        card.fit_on_card(RESOLVED.grid, 2)


def test_a_full_card_is_one_line() -> None:
    with pytest.raises(UserError, match="the card's memory is used up"), card.naming_full_card():
        raise jax.errors.JaxRuntimeError("RESOURCE_EXHAUSTED: Out of memory while trying to allocate 1 byte.\nmore")
    with pytest.raises(jax.errors.JaxRuntimeError), card.naming_full_card():
        raise jax.errors.JaxRuntimeError("INTERNAL: something else")


def test_on_a_card_populations_follow_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[dict] = []
    assert list(worker._populations(RESOLVED, [0, 1, 2], said.append)) == [[0, 1, 2]]
    assert said == []
    monkeypatch.setattr(jax, "default_backend", lambda: "gpu")
    monkeypatch.setattr(card, "population_bytes", lambda _, n_pairs: n_pairs * 10**9)
    monkeypatch.setattr(jax, "local_devices", lambda: [Card(2.5e9)])
    assert list(worker._populations(RESOLVED, [0, 1, 2], said.append)) == [[0, 1], [2]]
    assert said == [{"at_once": 2, "said": "2 pairs at once on a card, 1000 MB a pair"}]


def test_memory_of_pairs_is_that_of_what_is_compiled_for_them() -> None:
    one, two = (card.population_bytes(RESOLVED.grid, n_pairs) for n_pairs in (1, 2))
    assert 1.5 * one < two < 3 * one
