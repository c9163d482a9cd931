"""A pair alone, trained from session to session: the decline over a whole phase, a fresh optimiser in each, parts that make the whole."""

from collections.abc import Callable, Sequence
from pathlib import Path

import jax
import numpy as np
import pytest

from marl.train import train
from params import resolve
from sims.grid import pair as module
from sims.grid.pair import Agents, build_agents, state_arrays, with_state
from sims.grid.partial import PartialTraining
from sims.grid.population import TrainedPart, train_session
from sims.grid.schedule import sessions_of
from tests.marl.settings import collect
from tests.marl.test_policy import unroll

SMALL = (
    "network.units=12",
    "training.environments=8",
    "training.update=5 step",
    "training.epochs=2",
    "world.episode=8 step",
    "schedule.naive.sessions=0",
    "schedule.pretraining.sessions=1",
    "schedule.pretraining.session=40 step",
    "schedule.coop_training.sessions=3",
    "schedule.coop_training.session=80 step",
)
PARAMS = resolve("marl_coop", SMALL).grid
SOLO, *TOGETHER = [session for session in sessions_of(PARAMS) if session.phase.plastic]


@pytest.fixture(scope="module")
def trained() -> list[Agents]:
    """A pair after each session, saved and read again before the next."""
    agents, after = build_agents(PARAMS, 3, 0), []
    for session in (SOLO, *TOGETHER):
        [(agents, _)] = train_session([with_state(agents, state_arrays(agents.state))], session)
        after.append(agents)
    return after


def test_rate_and_entropy_fall_over_all_sessions_of_a_phase(trained: list[Agents]) -> None:
    """Sessions of 1, 1 and 2 times 2 updates: at the end as many are made as the plan has, whose rate falls to 0 over them."""
    assert [int(agents.state.update) for agents in trained] == [1, 2, 4, 8]


def test_every_phase_begins_with_a_fresh_optimiser(trained: list[Agents]) -> None:
    counts = [
        {int(leaf.max()) for leaf in jax.tree.leaves(agents.state.optimiser) if leaf.dtype == np.int32} for agents in trained
    ]
    steps = PARAMS.training.epochs * PARAMS.training.minibatches
    assert counts == [{steps}, {2 * steps}, {4 * steps}, {8 * steps}]


def test_sessions_make_the_bits_of_one_call(trained: list[Agents]) -> None:
    start, last = trained[0], trained[-1]
    plan = module.plan_of(PARAMS, TOGETHER[0].phase)
    key = module.key_of(3, 0, "training", "coop_training")
    whole, _ = train(plan, module._new_phase(plan, start.policy, key), 8)
    for name, array in state_arrays(whole).items():
        np.testing.assert_array_equal(array, state_arrays(last.state)[name], err_msg=name)


@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_what_is_learned_from_is_what_was_played(cell: str) -> None:
    """Unrolled from the stored state over cuts in the middle of an update, the networks say again what they said as they played."""
    params = resolve("marl_coop", (*SMALL, f'network.cell="{cell}"')).grid
    plan = module.plan_of(params, TOGETHER[0].phase)
    agents = build_agents(params, 4, 0)
    state = module._new_phase(plan, agents.policy, module.key_of(4, 0, "cut"))
    for update in range(3):  # the clock of environments 0 to 7 is apart, so that some are cut in every update
        play, batch, _, _ = collect(plan, state, jax.random.fold_in(jax.random.key(0), update))
        assert (np.asarray(batch.keep)[1:] == 0).any()
        output = unroll(state.policy, batch.hidden, batch.observation, batch.keep)
        said = np.take_along_axis(np.asarray(jax.nn.log_softmax(output.logits)), np.asarray(batch.action)[..., None], -1)[..., 0]
        np.testing.assert_allclose(said, batch.log_probability, atol=2e-6)
        np.testing.assert_allclose(output.value, batch.target - batch.advantage, atol=2e-6)
        state = state._replace(play=play)


def test_a_session_that_was_interrupted_goes_on_to_the_same_bits(
    trained: list[Agents], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The longest session, killed after its first length, from the file it had kept."""
    monkeypatch.setattr("sims.grid.partial.EVERY_S", 0.0)
    before, session, after = trained[-2], TOGETHER[-1], trained[-1]
    kept = PartialTraining(tmp_path, session.number, "digest")
    assert kept.read(before) is None

    def keep_and_die(pairs: Sequence[Agents], reached: Callable[[], list[TrainedPart]]) -> None:
        kept.keep(pairs, reached)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_session([before], session, keep=keep_and_die)
    part = kept.read(before)
    assert part is not None
    assert part.done == 1
    [(again, metrics)] = train_session([before], session, [part])
    [(_, whole)] = train_session([before], session)
    for name, array in state_arrays(after.state).items():
        np.testing.assert_array_equal(array, state_arrays(again.state)[name], err_msg=name)
    jax.tree.map(np.testing.assert_array_equal, metrics, whole)
    assert PartialTraining(tmp_path, session.number, "other").read(before) is None
    [file] = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:1000])
    assert kept.read(before) is None
