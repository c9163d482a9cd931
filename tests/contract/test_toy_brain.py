"""A second brain runs through the simulation by its name, which is all that the simulation is told of it."""

from pathlib import Path

import numpy as np
import pytest

from params.errors import UserError
from recording import read_session
from sims.interventions.frozen import play_frozen
from sims.interventions.shadow_loop import play_with_shadows
from sims.mice.cohort import run_cohort
from sims.mice.pair import build_pair
from tests.contract.small import small
from tests.contract.toy_brain import ToyBrain


def test_a_cohort_is_trained_recorded_and_saved(tmp_path: Path) -> None:
    resolved = small("brain.model=toy")
    assert run_cohort(tmp_path, resolved, 0, 2, 1, lambda report: None) > 0
    recordings = sorted((tmp_path / "sessions").glob("pair*.h5"))
    assert len(recordings) >= 6
    session = read_session(recordings[-1])
    assert session.rates is not None
    assert np.isfinite(session.rates).all()
    assert session.rates.any()
    assert list((tmp_path / "checkpoints").glob("pair01_s*.npz"))
    assert run_cohort(tmp_path, resolved, 0, 2, 1, lambda report: None) == 0  # all is done


def test_it_plays_frozen_and_says_that_it_has_no_shadow() -> None:
    params = small("brain.model=toy").mouse
    pair = build_pair(params, 0, 0)
    assert type(pair.brains[0]) is ToyBrain
    assert len(play_frozen(pair, pair.brains, "coop", ("test",), 60.0).action)
    with pytest.raises(UserError, match="has no shadows"):
        play_with_shadows(pair, params.schedule.evaluation_social, ("test",), 60.0)
