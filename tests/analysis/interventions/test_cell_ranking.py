"""Ranking of cells: planted cells of the partner, of the self and of the decision are found, silent and noisy ones are not."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.interventions.cell_ranking import cooperation_selectivity, explained, rank_cells
from analysis.neural.inputs.activity import residuals
from analysis.neural.inputs.frames import BEHAVIOURS, Frames, session_frames
from analysis.neural.inputs.own_behaviour import own_behaviour
from params import resolve
from tests.fixtures.neural import bouts, noise
from tests.fixtures.synthetic import synthetic_session

N_TIME, N_CELLS = 4800, 12
ANALYSIS = resolve("coop_075s").params.analysis


def frames_with(**masks: np.ndarray) -> Frames:
    rows = np.array([masks.get(name, np.zeros(N_TIME, bool)) for name in BEHAVIOURS])
    return Frames(BEHAVIOURS, rows, np.where(rows.any(axis=1), 50, 0))


@pytest.mark.parametrize("name", ["partner_approach", "partner_wait", "partner_poke"])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_cell_told_of_the_partner_comes_first(name: str, sign: float) -> None:
    rng = np.random.default_rng(0)
    mask = bouts(rng, N_TIME, 60)
    activity = noise(rng, N_TIME, N_CELLS)
    activity[:, 5] += sign * 2 * mask
    found = cooperation_selectivity(activity, frames_with(**{name: mask}), 10)
    assert np.argmax(found) == 5
    assert found[5] > 3 * np.delete(found, 5).max()
    assert found.max() <= 0.5


def test_the_partners_reward_and_own_poke_do_not_count() -> None:
    rng = np.random.default_rng(1)
    mask = bouts(rng, N_TIME, 60)
    activity = noise(rng, N_TIME, N_CELLS)
    activity[:, 5] += 2 * mask
    assert not cooperation_selectivity(activity, frames_with(poke=mask, partner_reward=mask), 10).any()


def test_a_decision_counts_only_against_the_other_decision() -> None:
    rng = np.random.default_rng(2)
    correct, miss = bouts(rng, N_TIME, 60), bouts(rng, N_TIME, 60)
    activity = noise(rng, N_TIME, N_CELLS)
    activity[:, 3] += 2 * (correct | miss)
    activity[:, 7] += 2 * (correct & ~miss)
    found = cooperation_selectivity(activity, frames_with(before_correct=correct, before_miss=miss), 10)
    assert np.argmax(found) == 7
    assert found[3] < found[7] / 3


def test_too_few_events_do_not_count() -> None:
    rng = np.random.default_rng(3)
    mask = bouts(rng, N_TIME, 60)
    frames = frames_with(partner_poke=mask)
    assert not cooperation_selectivity(noise(rng, N_TIME, 3), frames, 51).any()


def test_explained_is_r_squared() -> None:
    rng = np.random.default_rng(4)
    known, rest = noise(rng, N_TIME, 1), noise(rng, N_TIME, 1)
    activity = np.hstack([known, rest, (known + rest), np.ones_like(known)]).astype(np.float64)
    share = explained(activity, residuals(activity, known))
    np.testing.assert_allclose(share[:2], [1.0, 0.0], atol=0.05)
    assert 0.3 < share[2] < 0.7
    assert share[3] == 0.0


def test_planted_cells_of_a_session() -> None:
    """Cell 0 is linear in own behaviour, cell 1 tells of the partner's poke beyond it, the last is not excitatory, the rest noise."""
    params = resolve("coop_075s", ["schedule.session=16 min"]).params
    rng = np.random.default_rng(5)
    session = synthetic_session(params, "evaluation_social", params.schedule.evaluation_social, 0.3, rng, {"pair": 0})
    frames = session_frames(session, params.analysis)[0]
    rates = 5 + noise(rng, len(session.time), 10)
    own = own_behaviour(session, 0, params.analysis.decoding, params.analysis.ethogram.speed_baseline_s)
    rates[:, 0] = own @ rng.standard_normal(own.shape[1]) / own.shape[1]
    rates[:, 1] += 4 * frames.mask("partner_poke")
    rates[:, 9] = rates[:, 1]
    session = replace(session, rates=np.stack([rates, rates], axis=1).astype(np.float32), unit_class=("exc",) * 9 + ("pv",))
    ranked = rank_cells(session, frames, 0, params.analysis, np.random.default_rng(0))
    assert ranked.cell.tolist() == list(range(9))
    assert np.argmax(ranked.self_tuning) == 0
    assert np.argmax(ranked.cooperation) == 1
    np.testing.assert_allclose(ranked.rate_hz, rates[:, :9].mean(axis=0), rtol=1e-4)
