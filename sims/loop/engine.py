"""What runs the cells of brains in the closed loop; the world, choosing and learning are the same whatever does."""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from acc_model.contract import Brain, model_of
from params.schema.mice import Parameters
from sims.loop import closed_loop

Loop = Callable[..., None]  # with the arguments of `closed_loop.run`


class Engine(Protocol):
    """facts: what run.json and recordings say of it. code: modules that compute, beside those of every run. parallel: whether pairs may
    be run in threads."""

    @property
    def facts(self) -> dict[str, Any]: ...
    @property
    def code(self) -> tuple[str, ...]: ...
    @property
    def parallel(self) -> bool: ...

    def calibrate(self, params: Parameters, brain: Brain, senses: np.ndarray, noise_hz: np.ndarray) -> None:
        """As `acc_model.contract.Model.calibrate`."""

    def loop(self, params: Parameters) -> Loop:
        """A loop of one pair."""


class Compiled:
    """The kernels."""

    facts: dict[str, Any] = {}  # noqa: RUF012  nothing is said of what most runs have
    code: tuple[str, ...] = ()
    parallel = True

    def calibrate(self, params: Parameters, brain: Brain, senses: np.ndarray, noise_hz: np.ndarray) -> None:
        model_of(brain).calibrate(brain, senses, noise_hz, params.time.network_steps_per_decision)

    def loop(self, params: Parameters) -> Loop:
        loop: Loop = closed_loop.run
        return loop


COMPILED = Compiled()
