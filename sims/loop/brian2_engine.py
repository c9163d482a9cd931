"""The closed loop with the cells of its brains in Brian2: for checking kernels, and for cells with other equations."""

from typing import Any

import numpy as np

from acc_model.brian2.library import brian2, target_in_use
from acc_model.brian2.live import LiveCells, Met, calibrate
from acc_model.brian2.neuron import LIF, Neuron
from acc_model.contract import Brain, Thought
from params.errors import ParameterError
from params.schema.mice import Parameters
from sims.loop.closed_loop import act, look, respond
from sims.loop.engine import COMPILED, Loop


class Brian2:
    """The engine.

    Parameters
    ----------
    neuron : Neuron
        Model of every cell.
    target : str, optional
        "numpy" or "cython"; unless given, what Brian2's own preferences say.

    Raises
    ------
    UserError
        Brian2 is not installed.
    """

    code = ("sims.loop.brian2_engine",)
    parallel = False

    def __init__(self, neuron: Neuron = LIF, target: str | None = None) -> None:
        self._neuron, self._target = neuron, target
        self.facts: dict[str, Any] = {
            "engine": {
                "name": "brian2",
                "version": brian2().__version__,
                "target": target or target_in_use(),
                "neuron": "lif" if neuron is LIF else neuron.digest,
            }
        }

    @staticmethod
    def check(params: Parameters) -> None:
        """Refuse brains that do not spike."""
        if params.brain.model != "lif":
            raise ParameterError(f"--engine brian2: brain.model = {params.brain.model!r} has no spikes; allowed: lif")

    def calibrate(self, params: Parameters, brain: Brain, senses: np.ndarray, noise_hz: np.ndarray) -> None:
        """By the kernel, which fires the same spikes; cells with other equations in Brian2."""
        self.check(params)
        if self._neuron is LIF:
            COMPILED.calibrate(params, brain, senses, noise_hz)
        else:
            calibrate(LiveCells([brain], params, self._neuron, self._target), senses, noise_hz)

    def loop(self, params: Parameters) -> Loop:
        return Brian2Loop(params, self._neuron, self._target)


class Brian2Loop:
    """`closed_loop.run` of one pair, decision by decision, with the same kernels around cells that live in Brian2."""

    def __init__(self, params: Parameters, neuron: Neuron, target: str | None) -> None:
        self._params, self._neuron, self._target = params, neuron, target
        self._cells: LiveCells | None = None

    def __call__(
        self,
        brains: tuple[Brain, ...],
        learning: Any,
        learning_rates: np.ndarray,
        constants: Any,
        loop: Any,
        room: Any,
        state: Any,
        draws: Any,
        log: Any,
        trace: Any,
    ) -> None:
        """One stretch of a session; a session begins at decision 0."""
        if self._cells is None or self._cells.brains is not brains:
            self._cells = LiveCells(brains, self._params, self._neuron, self._target)
        cells = self._cells
        if loop.decision[0] == 0:
            cells.rest()

        def meet(t: int) -> list[Met]:
            for agent in range(len(brains)):
                look(loop, room, state, draws, agent, t)
            return [(loop.senses[agent], draws.cell_noise_hz[t, agent]) for agent in range(len(brains))]

        def after(t: int, thoughts: list[Thought]) -> None:
            for agent, thought in enumerate(thoughts):
                respond(brains[agent], thought, learning, learning_rates[t], constants, loop, state, draws, trace, agent, t)
            act(loop, room, state, draws, log, trace, t)
            if loop.decision[0] % constants.consolidation_interval == 0 or loop.decision[0] % constants.scaling_interval == 0:
                cells.weights_changed()

        cells.run(len(learning_rates), meet, after)
