"""A learner that others wrote trains in both worlds: PPO of Stable-Baselines3, through SuperSuit."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("pettingzoo")
pytest.importorskip("supersuit")
pytest.importorskip("stable_baselines3")

import supersuit
from stable_baselines3 import PPO

from params import resolve
from worlds import pettingzoo_api


def new_chamber() -> Any:
    return pettingzoo_api.parallel_env(resolve("coop_075s", ["schedule.session=16 s"]).params)


def new_grid() -> Any:
    return pytest.importorskip("worlds.grid_pettingzoo").parallel_env(episode=30)


def vectorised(env: Any, copies: int = 2) -> Any:
    both = supersuit.pettingzoo_env_to_vec_env_v1(env)
    return supersuit.concat_vec_envs_v1(both, copies, base_class="stable_baselines3")


@pytest.mark.parametrize("make", [new_chamber, new_grid])
def test_ppo_trains(make: Callable[[], Any]) -> None:
    worlds = vectorised(make())
    settings = {"n_steps": 64, "batch_size": 64, "n_epochs": 1, "device": "cpu", "policy_kwargs": {"net_arch": [8]}}
    learner = PPO("MlpPolicy", worlds, **settings)
    before = [weights.detach().clone() for weights in learner.policy.parameters()]
    learner.learn(total_timesteps=3 * 64 * worlds.num_envs)  # past the end of a session
    after = list(learner.policy.parameters())
    assert worlds.num_envs == 4
    assert all(bool(weights.isfinite().all()) for weights in after)
    assert any(not weights.equal(old) for weights, old in zip(after, before, strict=True))
    acts, _ = learner.predict(worlds.reset())
    assert worlds.step(acts)[0].shape == (4, *make().observation_space(make().possible_agents[0]).shape)
    worlds.close()


@pytest.mark.parametrize("make", [new_chamber, new_grid])
def test_what_a_policy_predicts_is_an_action(make: Callable[[], Any]) -> None:
    env = make()
    learner = PPO("MlpPolicy", vectorised(env), device="cpu", policy_kwargs={"net_arch": [8]})
    observations, _ = env.reset(seed=0)
    for _ in range(5):
        observations, *_ = env.step({agent: learner.predict(seen)[0] for agent, seen in observations.items()})
    assert env.agents


@pytest.mark.parametrize("make", [new_chamber, new_grid])
def test_vectorised_copies_have_chance_of_their_own_and_a_seed_fixes_all(make: Callable[[], Any]) -> None:
    worlds = vectorised(make())
    seen = worlds.reset()
    assert not np.array_equal(seen[:2], seen[2:])
    again = []
    for _ in range(2):
        worlds.venv.reset(seed=5)
        again.append(worlds.reset())
    np.testing.assert_array_equal(*again)
    assert not np.array_equal(again[0][:2], again[0][2:])
