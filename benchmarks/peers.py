"""The ratio to the same brain written in plain NumPy, in JAX and in PyTorch: checked equal first, then timed in turn in one run."""

from importlib.util import find_spec

import numpy as np

from acc_model.brain import CorticalBrain, Learning, learning_constants
from acc_model.contract import copied
from benchmarks import plain_numpy
from benchmarks.tape import Outcome, Tape, disagreement, play, record_tape, rested_brain
from benchmarks.timing import Contender, interleaved
from params.schema.mice import Parameters

# float32 rounding, grown over the checked intervals of a recurrent network, in units of each part's greatest number: 99 % of numbers
# keep to the first. The rule itself has a step where a cell's drive crosses zero, so two implementations may disagree on whether
# one cell at one decision is credited: the rest keep to the second.
TOLERANCE = 1e-3
TOLERANCE_AT_A_STEP = 0.1
CHECKED_INTERVALS = 10


class NotEqualError(Exception):
    """A peer does not compute what the kernels compute, so its time means nothing."""


def outcomes(brain: CorticalBrain, learning: Learning, tape: Tape, n_steps: int) -> dict[str, Outcome]:
    """Every implementation over the same tape from the same brain, which stays as it is."""
    found = {"kernels": play(copied(brain), learning, tape, n_steps)}
    for literal in (True, False):
        found[f"NumPy, {_rule(literal)}"] = plain_numpy.play(plain_numpy.from_brain(brain), learning, tape, n_steps, literal)
    if find_spec("jax") is not None:
        from benchmarks import plain_jax

        for literal in (True, False):
            run = plain_jax.compiled(learning, n_steps, literal, len(brain.interval.third_factor))
            found[f"JAX, {_rule(literal)}"] = plain_jax.outcome(brain, *run(*plain_jax.from_brain(brain), tape))
    if find_spec("torch") is not None:
        from benchmarks import plain_torch

        for literal in (True, False):
            plain = plain_torch.from_brain(brain)
            found[f"PyTorch, {_rule(literal)}"] = plain_torch.play(plain, learning, tape, n_steps, brain, literal)
    return found


def _rule(literal: bool) -> str:
    return "rule at every decision" if literal else "rule summed over intervals"


def check_equal(found: dict[str, Outcome]) -> dict[str, float]:
    """Greatest relative difference (of 99 % of numbers, in the worst part) of every peer's outcome from the kernels'.

    Raises
    ------
    NotEqualError
        If any part differs by more than the tolerances.
    """
    differences = {name: disagreement(found["kernels"], outcome) for name, outcome in found.items() if name != "kernels"}
    for name, parts in differences.items():
        for part, both in parts.items():
            for difference, allowed in zip(both, (TOLERANCE, TOLERANCE_AT_A_STEP), strict=True):
                if not difference <= allowed:
                    raise NotEqualError(
                        f"{name}: {part} differs by {difference:.2g} of its greatest number, more than {allowed:g}"
                    )
    return {name: max(most for most, _ in parts.values()) for name, parts in differences.items()}


def _contenders(brain: CorticalBrain, learning: Learning, tape: Tape, n_steps: int) -> dict[str, Contender]:
    found = {"kernels": Contender(lambda: copied(brain), lambda one: play(one, learning, tape, n_steps))}  # type: ignore[arg-type]
    for literal in (True, False):
        found[f"NumPy, {_rule(literal)}"] = Contender(
            lambda: plain_numpy.from_brain(brain),
            lambda one, literal=literal: plain_numpy.play(one, learning, tape, n_steps, literal),  # type: ignore[misc]
        )
    if find_spec("jax") is not None:
        found |= _jax_contenders(brain, learning, tape, n_steps)
    if find_spec("torch") is not None:
        found |= _torch_contenders(brain, learning, tape, n_steps)
    return found


def _jax_contenders(brain: CorticalBrain, learning: Learning, tape: Tape, n_steps: int) -> dict[str, Contender]:
    import jax

    from benchmarks import plain_jax

    found = {}
    for literal in (True, False):
        run = plain_jax.compiled(learning, n_steps, literal, len(brain.interval.third_factor))
        found[f"JAX, {_rule(literal)}"] = Contender(
            lambda: plain_jax.from_brain(brain),
            lambda one, run=run: jax.block_until_ready(run(*one, tape)),  # type: ignore[misc]
        )
    return found


def _torch_contenders(brain: CorticalBrain, learning: Learning, tape: Tape, n_steps: int) -> dict[str, Contender]:
    from benchmarks import plain_torch

    return {
        f"PyTorch, {_rule(literal)}": Contender(
            lambda: plain_torch.from_brain(brain),
            lambda one, literal=literal: plain_torch.play(one, learning, tape, n_steps, brain, literal),  # type: ignore[misc]
        )
        for literal in (True, False)
    }


def measure(params: Parameters, intervals: int, repeats: int) -> dict:
    """Check all implementations equal over the first intervals of a tape, then time them on all of it."""
    rng = np.random.default_rng(0)
    brain, _ = rested_brain(params, rng, with_readout=True)
    tape = record_tape(params, intervals * len(brain.interval.third_factor), rng)
    learning, n_steps = learning_constants(params), params.time.network_steps_per_decision
    first = Tape(*(array[: CHECKED_INTERVALS * len(brain.interval.third_factor)] for array in tape))
    differences = check_equal(outcomes(brain, learning, first, n_steps))
    times = interleaved(_contenders(brain, learning, tape, n_steps), repeats)
    n = len(tape.action)
    return {
        "decisions": n,
        "repeats": repeats,
        "difference": differences,
        "best_us_per_decision": {name: float(1e6 * taken.min() / n) for name, taken in times.items()},
        "median_us_per_decision": {name: float(1e6 * np.median(taken) / n) for name, taken in times.items()},
        "ratio_of_best": {name: float(taken.min() / times["kernels"].min()) for name, taken in times.items()},
    }
