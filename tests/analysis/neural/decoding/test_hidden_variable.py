"""The partner's undrunk water in units that hold it, or hold what is seen, or nothing; and the partner's share of units' variance."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from analysis.behaviour.water import water_waits
from analysis.core.measure import Measures
from analysis.neural.decoding.hidden_variable import NAMES, decode_yes_no, hidden_variable
from analysis.neural.decoding.partner_variance import partner_variance
from analysis.neural.inputs.observation import observation, own_places, partner_places
from params import resolve
from params.errors import UserError
from recording import Session
from tests.fixtures.grid import play, sometimes
from tests.fixtures.grid_vectors import episodes

ANALYSIS = resolve("marl_coop").params.analysis
FEW = ANALYSIS.model_copy(update={"decoding": ANALYSIS.decoding.model_copy(update={"null_draws": 20})})
N_UNITS = 12


@pytest.fixture(scope="module")
def played() -> Session:
    return play(sometimes(0.8), 3000, np.random.default_rng(0))


def holding(session: Session, units: np.ndarray) -> Session:
    """Agent 0 has these units [T, n], agent 1 silent ones."""
    rates = np.stack([units, np.zeros_like(units)], axis=1).astype(np.float32)
    return replace(session, rates=rates, unit_class=("unit",) * units.shape[1])


def measure(session: Session, units: np.ndarray) -> Measures:
    return hidden_variable(holding(session, units), 0, FEW, np.random.default_rng(1))


@pytest.mark.parametrize("name", ["coop", "coop_noobs"])
def test_the_observation_is_what_the_studys_networks_were_given(name: str) -> None:
    for episode in episodes(name)[:3]:
        for agent in range(2):
            given = episode.seen[:, agent, [name == "coop" or not key.startswith("other") for key in episode.keys]]
            columns = {tuple(given[:, field] == value) for field in range(given.shape[1]) for value in np.unique(given[:, field])}
            rebuilt = {tuple(column == 1) for column in observation(episode.session, agent).T}
            assert rebuilt == columns


def test_behind_an_opaque_divider_only_the_own_half_is_seen(played: Session) -> None:
    hidden = replace(played, attributes=played.attributes | {"divider": "opaque"})
    assert np.array_equal(observation(hidden, 1), own_places(played, 1))
    assert np.array_equal(observation(played, 1), np.hstack([own_places(played, 1), partner_places(played, 1)]))
    assert (observation(played, 1).sum(axis=1) == 10).all()


def test_a_planted_hidden_variable_is_read_as_well_as_its_noise_allows(played: Session) -> None:
    rng = np.random.default_rng(2)
    units = rng.normal(size=(len(played.time), N_UNITS))
    units[:, 3] += 2.0 * water_waits(played)[:, 1]
    found = measure(played, units)["hidden_from_activity"]
    assert found.value == pytest.approx(stats.norm.cdf(2.0 / np.sqrt(2)), abs=0.02)
    assert found.chance == pytest.approx(0.5, abs=0.03)
    assert found.p_value == pytest.approx(1 / 21)


def test_random_units_read_nothing(played: Session) -> None:
    units = np.random.default_rng(3).normal(size=(len(played.time), N_UNITS))
    found = measure(played, units)["hidden_from_activity"]
    assert found.value == pytest.approx(0.5, abs=0.06)
    assert found.p_value > 1 / 21


def test_the_own_water_is_not_the_partners(played: Session) -> None:
    own = water_waits(played)[:, :1] + 0.1 * np.random.default_rng(4).normal(size=(len(played.time), N_UNITS))
    both = measure(played, own)["hidden_from_activity"].value
    certain = decode_yes_no(own, water_waits(played)[:, 0], played.time, np.empty(0, np.int64), FEW.decoding)
    assert certain.score > 0.99 > both + 0.05


def test_units_that_only_see_read_what_the_observation_does(played: Session) -> None:
    seen = observation(played, 0)
    found = measure(played, seen @ np.random.default_rng(5).normal(size=(seen.shape[1], seen.shape[1])))
    assert found[NAMES[0]].value == pytest.approx(found[NAMES[1]].value, abs=0.03)
    assert 0.5 < found[NAMES[1]].value < 0.95


def test_without_units_or_water_the_reason_is_given(played: Session) -> None:
    assert "no rates" in hidden_variable(played, 0, FEW, np.random.default_rng(0))["hidden_from_activity"].missing
    dry = replace(played, events=played.events[:0])
    assert "fewer than 10 times" in measure(dry, np.random.default_rng(0).normal(size=(len(dry.time), 4)))[NAMES[1]].missing


def test_the_partners_share_is_what_was_mixed_in(played: Session) -> None:
    """Units (own + g partner + noise), all three of unit variance and independent: the partner's share is g^2 / (2 + g^2)."""
    rng = np.random.default_rng(6)
    walk = play(sometimes(0.0), 3000, np.random.default_rng(7))
    other = np.stack([walk.tracks[:, 0], played.tracks[:, 1]], axis=1)  # agent 0 of another game: knows nothing of this partner
    strangers = replace(
        played, tracks=other, ports=np.stack([walk.port_tracks[:, 0], played.port_tracks[:, 1]], axis=1), events=played.events[:0]
    )

    def scaled(places: np.ndarray) -> np.ndarray:
        mixed = (places - places.mean(axis=0)) @ rng.normal(size=(places.shape[1], N_UNITS))
        return mixed / mixed.std(axis=0)

    own, partner = scaled(own_places(strangers, 0)), scaled(partner_places(strangers, 0))
    noise = rng.normal(size=own.shape)
    for gain in (0.0, 0.5, 1.0):
        share = partner_variance(holding(strangers, own + gain * partner + noise), 0, FEW)
        assert share == pytest.approx(gain**2 / (2 + gain**2), abs=0.02)


def test_units_of_the_own_path_have_no_share_of_a_partner_they_move_with(played: Session) -> None:
    places = own_places(played, 0)
    units = places @ np.random.default_rng(8).normal(size=(places.shape[1], N_UNITS))
    assert abs(partner_variance(holding(played, units), 0, FEW)) < 0.005
    with pytest.raises(UserError, match="no rates"):
        partner_variance(played, 0, FEW)
