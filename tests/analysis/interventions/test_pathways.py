"""Shares kept, necessity and sufficiency, the map and correlations of weights, from trials and weights whose answer is known."""

import numpy as np
import pytest

from analysis.interventions.pathways import Trial, Trials, place_map
from analysis.interventions.weight_changes import BrainChange, associations

SUCCESS = {
    "learned": 0.8,
    "earlier": 0.1,
    "without_readout": 0.1,
    "without_own": 0.75,
    "readout_and_partner": 0.7,
    "only_own": 0.1,
}


def trial(pair: int, base: str, variant: str, block: str, success: float) -> Trial:
    return Trial(pair, base, variant, block, "coop", None, 100, success + 0.01 * pair, 5.0, 0.3, 4.0)


def some_trials(pairs: int = 6) -> Trials:
    found = [trial(pair, "naive", variant, "", success) for pair in range(pairs) for variant, success in SUCCESS.items()]
    found += [trial(pair, "map", "map", "", 0.8) for pair in range(pairs)]
    blocks = {"0_0": 0.8, "0_1": 0.3}
    found += [trial(pair, "map", "map", block, success) for pair in range(pairs) for block, success in blocks.items()]
    return Trials(found)


def test_share_kept_decides() -> None:
    found = some_trials()
    np.testing.assert_allclose(found.kept("naive", "without_own"), 0.65 / 0.7)
    verdicts = {name: found.effect("naive", name).verdict for name in SUCCESS}
    assert verdicts == {
        "learned": "",
        "earlier": "",
        "without_readout": "necessary",
        "without_own": "dispensable",
        "readout_and_partner": "sufficient",
        "only_own": "not sufficient",
    }


@pytest.mark.parametrize("pairs", [1, 5])
def test_five_pairs_are_too_few_to_say_what_is_necessary(pairs: int) -> None:
    found = some_trials(pairs)
    verdicts = {found.effect("naive", name).verdict for name in ("without_readout", "without_own", "only_own")}
    assert verdicts == {"not measured"}


def test_pairs_that_learned_nothing_do_not_count() -> None:
    found = [trial(0, "naive", name, "", 0.1) for name in ("learned", "earlier", "only_own")]
    assert np.isnan(Trials(found).kept("naive", "only_own")).all()


def test_map_is_cut_less_uncut() -> None:
    found = place_map(some_trials(), 1, 2)
    np.testing.assert_allclose(found.success, [[0.0, -0.5]], atol=1e-12)
    assert found.high[0, 1] < 0


@pytest.mark.parametrize("related", [True, False])
def test_planted_association(related: bool) -> None:
    rng = np.random.default_rng(1)
    changes = []
    for pair in range(6):
        for agent in range(2):
            inputs = {name: rng.standard_normal(200) for name in ("near_hz", "far_hz", "own_hz")}
            readout = rng.standard_normal(200) + (inputs["near_hz"] if related else 0)
            changes.append(BrainChange(pair, agent, "naive", inputs, readout))
    near, far, _ = associations(changes, 500, 0)
    assert (near.p < 0.01) is related
    assert far.p > 0.01
    assert (near.correlation.low > 0.5) is related
