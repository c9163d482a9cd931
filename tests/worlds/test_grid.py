"""The grid task against the study's own environment, step by step, and the cases its recordings hardly hold."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("jax")

from tests.worlds.grid_environments import ENVIRONMENTS, Settings

VECTORS = sorted((Path(__file__).parent / "grid_vectors").glob("*.npz"))
COMPARED = (
    *("pos", "port", "water", "avail", "freeze", "recorded", "hist", "hist_len", "obs"),
    *("reward", "poke", "drink", "noact", "got", "sync", "miss", "counters"),
)
each_environment = pytest.mark.parametrize("play", ENVIRONMENTS.values(), ids=ENVIRONMENTS.keys())


def settings_of(meta: dict) -> Settings:
    return Settings(*(meta[name] for name in Settings._fields))


@each_environment
@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_every_field_of_every_recorded_step(play: Callable, path: Path) -> None:
    with np.load(path) as stored:
        vectors = dict(stored)
    episodes = [settings_of(meta) for meta in json.loads(str(vectors["meta"]))]
    for settings in set(episodes):
        chosen = [index for index, other in enumerate(episodes) if other == settings]
        given = [vectors[name][chosen] for name in ("spawn", "action", "freeze_draw", "respawn", "miss_respawn")]
        played = play(settings, *given)
        wrong = {name: int((played[name] != vectors[name][chosen]).sum()) for name in COMPARED}
        assert wrong == dict.fromkeys(COMPARED, 0), settings
        assert all(played[name].shape == vectors[name][chosen].shape for name in COMPARED)
        total = played["reward"].astype(float).sum(axis=1)
        assert np.allclose(total, vectors["total_reward"][chosen], rtol=0, atol=1e-4)
