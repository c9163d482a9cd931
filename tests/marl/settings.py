"""Small settings for tests of marl, and what is compiled once for all of them rather than operation by operation."""

import jax

from marl import train
from marl.train import Plan
from params import resolve
from worlds.grid import GridRule

SMALL = {
    "network.units": "12",
    "training.environments": "8",
    "training.update": "5 step",
    "training.epochs": "2",
    "training.minibatches": "2",
    "world.episode": "10 step",
    "schedule.pretraining.session": "40 step",
    "schedule.coop_training.session": "40 step",
}
PARAMS = resolve("marl_coop", [f"{key}={value}" for key, value in SMALL.items()]).grid
NETWORK, TRAINING = PARAMS.network, PARAMS.training
RULE = GridRule(joint=False)
PLAN = Plan(RULE, TRAINING, episode=10, updates=6)

new_agents = jax.jit(train.new_agents, static_argnums=(0, 1))
new_phase = jax.jit(train.new_phase, static_argnums=0)
collect = jax.jit(train.collect, static_argnums=0)
