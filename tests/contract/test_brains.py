"""What every brain must do, whatever it is made of."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from acc_model.contract import arrays_of, copied, model_of, parts, set_excitability, think
from acc_model.manipulations import ablate, lesion_afferents, silence
from acc_model.models import refuse_unknown
from params.errors import ParameterError
from sims.mice import checkpoint
from sims.mice.pair import Pair, build_pair
from sims.schedule import Place
from tests.contract.small import HOUR_S, assert_signs, bits, changed, live, small, weights

BRAINS = ("rate", "lif", "toy")
EVERY = slice(None)


@pytest.fixture(scope="module", params=BRAINS)
def naive(request: pytest.FixtureRequest, _named: None) -> Pair:
    """A pair before any experience, to be copied."""
    return build_pair(small(f"brain.model={request.param}").mouse, 0, 0)


@pytest.fixture
def pair(naive: Pair) -> Pair:
    return replace(naive, brains=(copied(naive.brains[0]), copied(naive.brains[1])))


def test_same_seed_same_bits(naive: Pair, pair: Pair) -> None:
    again = build_pair(naive.params, 0, 0)
    assert bits(pair, live(pair, 0)) == bits(again, live(again, 0))


def test_learning_changes_weights(pair: Pair) -> None:
    before = weights(pair)
    live(pair, 0, 10 * 60.0)
    assert changed(pair, before)


def test_finite_and_signs_kept_after_an_hour(pair: Pair) -> None:
    result = live(pair, 0, HOUR_S, learning_rate=5.0)
    assert result.rate_hz is not None
    assert np.isfinite(result.rate_hz).all()
    assert all(np.isfinite(array).all() for array in checkpoint.brain_arrays(pair).values())
    assert_signs(pair)


def test_resumed_is_uninterrupted(pair: Pair, tmp_path: Path) -> None:
    live(pair, 0)
    checkpoint.write(tmp_path, pair, Place(session=1), "digest")
    again = build_pair(pair.params, 0, 0)
    assert checkpoint.read(next(tmp_path.glob("*.npz")), again, "digest") == Place(session=1)
    assert bits(again, live(again, 1)) == bits(pair, live(pair, 1))


def test_frozen_is_frozen(pair: Pair) -> None:
    live(pair, 0)
    before = weights(pair)
    live(pair, 1, learning_rate=0.0)
    assert not changed(pair, before)


def test_silenced_to_zero_is_silent(pair: Pair) -> None:
    first, second = (silence(brain, EVERY, 0.0, 0.0) for brain in pair.brains)
    result = live(replace(pair, brains=(first, second)), 0, learning_rate=0.0)
    assert result.rate_hz is not None
    assert not result.rate_hz.any()


def test_ablated_cells_stay_silent_while_others_learn(pair: Pair) -> None:
    gone = np.arange(0, 40, 3)
    first, second = (ablate(brain, gone) for brain in pair.brains)
    result = live(replace(pair, brains=(first, second)), 0)
    assert result.rate_hz is not None
    assert not result.rate_hz[:, :, gone].any()
    assert result.rate_hz.any()


def test_what_light_sets_it_takes_back(pair: Pair) -> None:
    brain, untouched = pair.brains[0], np.ones(pair.params.cells.total, np.float32)
    senses = np.ones(pair.params.n_channels, np.float32)
    for factor, silent in ((0 * untouched, True), (untouched, False)):
        set_excitability(brain, factor)
        for _ in range(40):
            thought = think(brain, senses, 0 * untouched, 2)
        assert (not thought.rate_hz.any()) == silent


def test_a_changed_brain_is_in_accord_at_once(pair: Pair) -> None:
    """No copy of the weights is left behind by a manipulation."""
    live(pair, 0)
    changes = (
        lambda brain: silence(brain, np.arange(5), 1.0, 0.3),
        lambda brain: lesion_afferents(brain, np.arange(9), 0.0),
    )
    senses, noise = np.ones(pair.params.n_channels, np.float32), np.ones(pair.params.cells.total, np.float32)
    for change in changes:
        brain = change(pair.brains[0])
        settled = copied(brain)
        model_of(settled).weights_changed(settled)
        rates = [think(each, senses, noise, 2).rate_hz.tobytes() for each in (brain, settled)]
        assert rates[0] == rates[1]


def test_copies_share_nothing(pair: Pair) -> None:
    brain = pair.brains[0]
    other = arrays_of(copied(brain))
    assert not any(np.shares_memory(array, other[name]) for name, array in arrays_of(brain).items())


def test_parts_are_the_brain_itself(pair: Pair) -> None:
    own = arrays_of(pair.brains[0])
    for name, array in arrays_of(parts(pair.brains[0])).items():
        assert any(array is each for each in own.values()), name


def test_a_session_starts_from_rest(pair: Pair) -> None:
    """What a session leaves behind in activity and traces does not reach the next."""
    live(pair, 0, learning_rate=0.0)
    first, second = copied(pair.brains[0]), copied(pair.brains[0])
    live(replace(pair, brains=(first, copied(pair.brains[1]))), 1, learning_rate=0.0)
    for brain in (first, second):
        model_of(brain).reset_session(brain, np.random.default_rng(0))
    senses, noise = np.ones(pair.params.n_channels, np.float32), np.ones(pair.params.cells.total, np.float32)
    assert think(first, senses, noise, 2).rate_hz.tobytes() == think(second, senses, noise, 2).rate_hz.tobytes()


def test_an_unknown_brain_is_refused_with_those_there_are() -> None:
    with pytest.raises(ParameterError, match=r"brain.model 'rat' is unknown; did you mean rate\? allowed: rate"):
        refuse_unknown(small("brain.model=rat").mouse)
