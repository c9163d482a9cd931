"""The mouse's body: what an action does to position, port and spout. Speeds, latencies and durations are drawn, never fixed."""

import math
from typing import NamedTuple

import numpy as np

from compute.kernel import kernel
from params.schema.world import Body

ACTIONS = ("stay", "to_divider", "from_divider", "to_port_end", "to_spout_end", "poke")
STAY, TO_DIVIDER, FROM_DIVIDER, TO_PORT_END, TO_SPOUT_END, POKE = range(6)


class BodyConstants(NamedTuple):
    """Medians and log-spreads of the body's draws, durations in physics steps."""

    speed_median: float  # cm per physics step
    speed_spread: float
    speed_persistence: float  # correlation of log speed from one decision to the next
    latency_median: float
    latency_spread: float
    dwell_min: float
    dwell_max: float
    drink_median: float
    drink_spread: float


def body_constants(body: Body, physics_step_s: float, decision_s: float) -> BodyConstants:
    """The body's parameters on the physics grid."""
    return BodyConstants(
        body.speed_median_cm_per_s * physics_step_s,
        body.speed_spread,
        math.exp(-decision_s / body.speed_tau_s),
        body.poke_latency_median_s / physics_step_s,
        body.poke_latency_spread,
        body.dwell_min_s / physics_step_s,
        body.dwell_max_s / physics_step_s,
        body.drink_median_s / physics_step_s,
        body.drink_spread,
    )


@kernel
def lognormal(median, spread, z):
    """Lognormal number from a standard normal one."""
    return median * np.exp(spread * z)


@kernel
def lognormal_steps(median, spread, z):
    """Lognormal duration from a standard normal number, at least one step."""
    return max(1, int(np.rint(lognormal(median, spread, z))))


@kernel
def wander(z, persistence, xi):
    """A standard normal number a decision later, correlated with itself: rho z + sqrt(1 - rho^2) xi."""
    return persistence * z + np.sqrt(1.0 - persistence * persistence) * xi


@kernel
def set_course(velocity, action, speed):
    """Velocity [2] (cm per physics step, own frame) that an action gives."""
    velocity[0] = 0.0
    velocity[1] = 0.0
    if action == TO_DIVIDER:
        velocity[0] = -speed
    elif action == FROM_DIVIDER:
        velocity[0] = speed
    elif action == TO_PORT_END:
        velocity[1] = -speed
    elif action == TO_SPOUT_END:
        velocity[1] = speed


@kernel
def move(position, velocity, width_cm, length_cm):
    """One physics step inside the walls; the nose cannot pass them."""
    position[0] = min(max(position[0] + velocity[0], 0.0), width_cm)
    position[1] = min(max(position[1] + velocity[1], 0.0), length_cm)
