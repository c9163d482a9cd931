"""Curiosity, an option of training: a bonus for steps whose outcome a network of the agent's own did not foresee (pathak2017).

Each agent has three small networks. phi turns an observation into features; the forward one foresees the next features from features and
act; the inverse one tells the act from features before and after, which keeps phi to what the agent's acts bear upon.
"""

from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import optax
from jax import Array

from marl.policy import ACTIONS, AGENTS
from params.schema.grid import CuriositySettings


class Layer(NamedTuple):
    """weight [A, in, out] and bias [A, 1, out]."""

    weight: Array
    bias: Array


class Foresight(NamedTuple):
    """phi: one rectified layer [I to F]. forward [F + 5 to H to F] and inverse [2 F to H to 5]: one rectified hidden layer, then linear."""

    features: Layer
    forward: tuple[Layer, Layer]
    inverse: tuple[Layer, Layer]


class Curiosity(NamedTuple):
    """What changes as it learns."""

    foresight: Foresight
    optimiser: optax.OptState


class Transitions(NamedTuple):
    """Steps to learn from: seen and next_seen [A, T, N, I], action int [A, T, N], and whole [T, N], 0 where the episode ended and what
    follows is another one."""

    seen: Array
    action: Array
    next_seen: Array
    whole: Array


def new_curiosity(key: Array, n_inputs: int, settings: CuriositySettings) -> Curiosity | None:
    """Fresh networks of both agents, uniform on +-1/sqrt(inputs); None if the bonus has no strength."""
    if settings.strength == 0:
        return None
    n_features, n_hidden = settings.features, settings.units
    keys = iter(jax.random.split(key, 5))

    def layer(n_in: int, n_out: int) -> Layer:
        weight = jax.random.uniform(next(keys), (AGENTS, n_in, n_out), minval=-(n_in**-0.5), maxval=n_in**-0.5)
        return Layer(weight, jnp.zeros((AGENTS, 1, n_out)))

    foresight = Foresight(
        features=layer(n_inputs, n_features),
        forward=(layer(n_features + ACTIONS, n_hidden), layer(n_hidden, n_features)),
        inverse=(layer(2 * n_features, n_hidden), layer(n_hidden, ACTIONS)),
    )
    return Curiosity(foresight, _optimiser(settings).init(foresight))


def surprise(foresight: Foresight, steps: Transitions) -> Array:
    """How wrong the forward network was at each step, |forward(phi, a) - phi'|^2 / 2 [A, T, N]; 0 where a step is not whole."""
    features, following = _features(foresight, steps.seen), _features(foresight, steps.next_seen)
    error = _foreseen(foresight, features, steps.action) - following
    return 0.5 * (error**2).sum(-1).reshape(steps.action.shape) * steps.whole


def learned(curiosity: Curiosity, steps: Transitions, settings: CuriositySettings) -> Curiosity:
    """After one gradient step on (1 - beta) cross-entropy of the act + beta surprise, beta being `forward_weight`: means over whole
    steps, summed over agents, who share no term."""
    gradient = jax.grad(lambda foresight: _loss(foresight, steps, settings.forward_weight))(curiosity.foresight)
    change, optimiser = _optimiser(settings).update(gradient, curiosity.optimiser)
    return Curiosity(eqx.apply_updates(curiosity.foresight, change), optimiser)


def _loss(foresight: Foresight, steps: Transitions, forward_weight: float) -> Array:
    features, following = _features(foresight, steps.seen), _features(foresight, steps.next_seen)
    logits = _two_layers(foresight.inverse, jnp.concatenate([features, following], axis=-1))
    action = steps.action.reshape(AGENTS, -1)
    missed = optax.softmax_cross_entropy_with_integer_labels(logits, action).reshape(steps.action.shape) * steps.whole
    total = (1 - forward_weight) * missed + forward_weight * surprise(foresight, steps)
    return total.sum() / steps.whole.sum()


def _optimiser(settings: CuriositySettings) -> optax.GradientTransformation:
    """Adam; as every weight belongs to one agent and Adam scales each by itself, the agents share nothing."""
    return optax.adam(settings.learning_rate)


def _features(foresight: Foresight, seen: Array) -> Array:
    """[A, T N, F]."""
    return jax.nn.relu(_layer(foresight.features, seen.reshape(AGENTS, -1, seen.shape[-1])))


def _foreseen(foresight: Foresight, features: Array, action: Array) -> Array:
    acted = jax.nn.one_hot(action.reshape(AGENTS, -1), ACTIONS)
    return _two_layers(foresight.forward, jnp.concatenate([features, acted], axis=-1))


def _two_layers(layers: tuple[Layer, Layer], given: Array) -> Array:
    return _layer(layers[1], jax.nn.relu(_layer(layers[0], given)))


def _layer(layer: Layer, given: Array) -> Array:
    return jnp.einsum("aqi,aio->aqo", given, layer.weight) + layer.bias
