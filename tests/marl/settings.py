"""Small settings for tests of marl."""

from marl.train import Plan
from params.grid_schema import Network, Training
from worlds.grid import GridRule

NETWORK = Network(cell="rnn", units=12)
TRAINING = Training(
    environments=8,
    update_steps=5,
    epochs=2,
    minibatches=2,
    learning_rate=0.001,
    discount=0.97,
    trace=0.95,
    clip=0.2,
    value_weight=0.5,
    entropy_weight=0.01,
    gradient_norm=0.5,
    recurrent_decay=0.01,
    curiosity_weight=0.0,
)
RULE = GridRule(joint=False)
PLAN = Plan(RULE, TRAINING, episode=10, updates=6)
