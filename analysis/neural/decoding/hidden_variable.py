"""Does an agent of the grid carry what it cannot see: that water still waits for its partner?

An agent that knows this knows whether the partner is on its way to its water or to its port. No input says it, then or ever: it has to
be worked out from what the partner did, and kept.
"""

import numpy as np

from analysis.behaviour.bouts import runs
from analysis.behaviour.water import water_waits
from analysis.core.measure import Measures, attempt, measured
from analysis.core.nulls import one_sided_p
from analysis.neural.decoding.blocked_ridge import DecodingError, held_out
from analysis.neural.decoding.decoding import Finding, frame_shifts
from analysis.neural.inputs.activity import changing
from analysis.neural.inputs.observation import observation
from analysis.neural.tuning.auroc import auroc, excess_over_others
from params.schema.measures import Analysis, Decoding
from recording import Session

NAMES = ("hidden_from_activity", "hidden_from_observation", "hidden_from_expansion")


def hidden_variable(session: Session, agent: int, analysis: Analysis, rng: np.random.Generator) -> Measures:
    """Whether water waits for the partner, read from an agent's units, and for comparison from what it sees at the same step.

    Area under the receiver-operating curve (auROC): the chance that a step with such water is given a higher value than a step
    without. The value is a ridge regression's, of steps in held-out blocks of time; chance moves the water in time.

    - From activity: all hidden units.
    - From the observation: the inputs of the step, one-hot as the network gets them.
    - From its expansion: as many rectified units as the network has, with random weights on the same inputs and no memory. What of
      the water can be seen in combinations of inputs, it reads too; only what is more has been remembered.
    """

    def measure() -> Measures:
        units = changing(session, agent).astype(np.float64)
        seen = observation(session, agent)
        waits = water_waits(session)[:, 1 - agent]
        _often_enough(waits, analysis.decoding)
        shifts = frame_shifts(session.time, analysis.decoding, rng)
        sources = dict(zip(NAMES, (units, seen, expansion(seen, units.shape[1], rng)), strict=True))
        findings = {name: decode_yes_no(each, waits, session.time, shifts, analysis.decoding) for name, each in sources.items()}
        return {name: measured(*each, "nothing to read it from") for name, each in findings.items()}

    return attempt(NAMES, measure)


def _often_enough(waits: np.ndarray, settings: Decoding) -> None:
    if min(len(runs(waits)), len(runs(~waits))) < settings.fewest_events:
        raise DecodingError(f"water waits for the partner, or does not, fewer than {settings.fewest_events} times")


def expansion(seen: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """n rectified units [T, n] with random weights and thresholds on inputs [T, p], of the network's kind but without memory."""
    centred = seen - seen.mean(axis=0)
    drive = centred @ rng.normal(size=(seen.shape[1], n))
    return np.maximum(drive + drive.std() * rng.normal(size=n), 0.0)


def decode_yes_no(cells: np.ndarray, target: np.ndarray, time_s: np.ndarray, shifts: np.ndarray, settings: Decoding) -> Finding:
    """auROC of held-out predictions of a boolean target [T] from cells [T, c], its mean and p-value under circular shifts [draws]."""
    moved = np.stack([np.roll(target, shift) for shift in (0, *shifts)], axis=1)
    predicted = np.empty(moved.shape, np.float32)
    for fold in held_out(cells, moved.astype(np.float32), np.empty((len(cells), 0)), time_s, settings):
        predicted[fold.frames] = fold.predicted
    scores = np.array([_auroc(guess, truth) for guess, truth in zip(predicted.T, moved.T, strict=True)])
    null = scores[1:]
    return Finding(float(scores[0]), float(null.mean()) if len(null) else float("nan"), one_sided_p(float(scores[0]), null))


def _auroc(values: np.ndarray, truth: np.ndarray) -> float:
    excess = excess_over_others(values[None], truth[None], np.zeros(1, np.int64))
    return float(auroc(excess[0, 0], truth.sum(), (~truth).sum())[0])
