"""RLlib's PPO with the study's settings on the same game: what the training of marl is held against. Needs ray[rllib] and torch.

Two policies that share nothing, each a vanilla ReLU network of the same size with linear heads, as the study shipped them; sequences
of ten steps, no curiosity. The environment is `benchmarks.plain_grid`, so that no time is lost between two array libraries.
"""

import logging
import os

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
os.environ["RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO"] = "0"

import gymnasium
import numpy as np
import ray
import torch
from ray.rllib.algorithms.ppo import PPOConfig
from ray.rllib.algorithms.ppo.torch.ppo_torch_learner import PPOTorchLearner
from ray.rllib.core.columns import Columns
from ray.rllib.core.rl_module import MultiRLModuleSpec, RLModuleSpec
from ray.rllib.core.rl_module.apis.value_function_api import ValueFunctionAPI
from ray.rllib.core.rl_module.torch import TorchRLModule
from ray.rllib.env.multi_agent_env import MultiAgentEnv

from benchmarks.plain_grid import PlainGrid
from params.schema.grid import Network, Training
from worlds.grid import GridRule

AGENTS = ("agent_0", "agent_1")


class Game(MultiAgentEnv):
    """plain_grid in RLlib's form; config: rule, episode."""

    def __init__(self, config: dict) -> None:
        super().__init__()
        self.game, self.episode, self.clock = PlainGrid(config["rule"]), config["episode"], 0
        self.agents = self.possible_agents = list(AGENTS)
        slots = sum(self.game.sizes)
        self.observation_spaces = {agent: gymnasium.spaces.Box(0, 1, (slots,), np.float32) for agent in AGENTS}
        self.action_spaces = {agent: gymnasium.spaces.Discrete(5) for agent in AGENTS}

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple[dict, dict]:
        """A new episode."""
        if seed is not None:
            self.game.random.seed(seed)
        self.game.reset()
        self.clock = 0
        return self._seen(), {}

    def step(self, action_dict: dict) -> tuple[dict, dict, dict, dict, dict]:
        """Both agents act; cut off after `episode` steps."""
        reward = self.game.step([action_dict[agent] for agent in AGENTS]).reward
        self.clock += 1
        cut = self.clock >= self.episode
        return self._seen(), dict(zip(AGENTS, reward, strict=True)), {"__all__": False}, {"__all__": cut}, {}

    def _seen(self) -> dict[str, np.ndarray]:
        return {agent: self.game.observe(index) for index, agent in enumerate(AGENTS)}


class Vanilla(TorchRLModule, ValueFunctionAPI):
    """A rectified recurrent layer with linear policy and value heads."""

    def setup(self) -> None:
        """Layers, sized by model_config["units"]."""
        self.units = self.model_config["units"]
        self.layer = torch.nn.RNN(self.observation_space.shape[0], self.units, nonlinearity="relu", batch_first=True)
        self.action_head = torch.nn.Linear(self.units, self.action_space.n)
        self.value_head = torch.nn.Linear(self.units, 1)

    def get_initial_state(self) -> dict[str, np.ndarray]:
        """At rest."""
        return {"h": np.zeros(self.units, np.float32)}

    def _unrolled(self, batch: dict) -> tuple[torch.Tensor, torch.Tensor]:
        hidden, last = self.layer(batch[Columns.OBS], batch[Columns.STATE_IN]["h"].unsqueeze(0))
        return hidden, last.squeeze(0)

    def _forward(self, batch: dict, **_: object) -> dict:
        hidden, last = self._unrolled(batch)
        logits = self.action_head(hidden)
        return {Columns.ACTION_DIST_INPUTS: logits, Columns.STATE_OUT: {"h": last}, Columns.EMBEDDINGS: hidden}

    def compute_values(self, batch: dict, embeddings: torch.Tensor | None = None) -> torch.Tensor:
        """Value of every step."""
        hidden = self._unrolled(batch)[0] if embeddings is None else embeddings
        return self.value_head(hidden).squeeze(-1)


class DecayingLearner(PPOTorchLearner):
    """PPO with the norm of the recurrent weights in the loss; their weight is learner_config_dict["recurrent_decay"].

    Counts its gradient steps and the steps of the game in them, padding included: what RLlib makes of a minibatch size is its own affair.
    """

    gradient_steps = 0
    learned_steps = 0

    def compute_loss_for_module(self, *, module_id: str, config: object, batch: dict, fwd_out: dict) -> torch.Tensor:
        """Loss of one policy on one minibatch."""
        total = super().compute_loss_for_module(module_id=module_id, config=config, batch=batch, fwd_out=fwd_out)
        DecayingLearner.gradient_steps += module_id == AGENTS[0]
        DecayingLearner.learned_steps += (module_id == AGENTS[0]) * batch[Columns.OBS].shape[:2].numel()
        recurrent = self.module[module_id].unwrapped().layer.weight_hh_l0
        return total + config.learner_config_dict["recurrent_decay"] * recurrent.norm()


class Peer:
    """RLlib's PPO on one core; `iterate` learns from one batch."""

    def __init__(self, rule: GridRule, network: Network, training: Training, batch: int, minibatch: int, episode: int) -> None:
        torch.set_num_threads(1)
        if not ray.is_initialized():
            ray.init(num_cpus=1, include_dashboard=False, logging_level=logging.ERROR, log_to_driver=False)
        spec = RLModuleSpec(module_class=Vanilla, model_config={"units": network.units, "max_seq_len": training.update_steps})
        self.batch, self.training = batch, training
        config = (
            PPOConfig()
            .environment(Game, env_config={"rule": rule, "episode": episode})
            .env_runners(num_env_runners=0, num_envs_per_env_runner=1)
            .learners(num_learners=0, num_gpus_per_learner=0)
            .multi_agent(policies=set(AGENTS), policy_mapping_fn=lambda agent, *_, **__: agent)
            .rl_module(rl_module_spec=MultiRLModuleSpec(rl_module_specs=dict.fromkeys(AGENTS, spec)))
            .training(
                train_batch_size_per_learner=batch,
                minibatch_size=minibatch,
                num_epochs=training.epochs,
                lr=training.learning_rate,
                gamma=training.discount,
                lambda_=training.trace,
                learner_class=DecayingLearner,
                learner_config_dict={"recurrent_decay": training.recurrent_decay},
            )
        )
        self.algorithm = config.build_algo()

    def iterate(self) -> None:
        """Play and learn from one batch."""
        DecayingLearner.gradient_steps = DecayingLearner.learned_steps = 0
        self.algorithm.train()

    def work_per_step(self) -> dict[str, tuple[float, float]]:
        """Gradient steps of each policy, and steps learned from (repeats and padding counted), for every step of the game: what RLlib
        made of its minibatches in the last batch, and what the same settings are in ours."""
        batches = {"RLlib": (DecayingLearner.gradient_steps, DecayingLearner.learned_steps, self.batch)}
        ours = self.training
        batches["ours, the study's settings"] = (
            ours.epochs * ours.minibatches,
            ours.epochs * ours.batch_steps,
            ours.batch_steps,
        )
        return {name: (gradient / steps, learned / steps) for name, (gradient, learned, steps) in batches.items()}

    def close(self) -> None:
        """End RLlib's processes."""
        self.algorithm.stop()
        ray.shutdown()
