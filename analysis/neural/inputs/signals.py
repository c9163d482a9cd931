"""What of the cells is analysed: a signal is a function of a session that gives the same session with `rates` replaced, on its clock.

A further signal (a denoised trace) is a line here, or is given to `analysis.report.write_report`. It must follow from the session
and the parameters alone: noise is drawn from a seed that the session's attributes give.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from acc_model.calcium import observe
from analysis.core.units import SECONDS, Clock
from analysis.neural.inputs.deconvolution import deconvolve
from compute.kernel import kernel
from params import AnyParameters, Parameters
from params.schema.tools import Calcium
from recording import RecordingError, Session

Signal = Callable[[Session, AnyParameters], Session]
FLUORESCENCE_STREAM = 7  # keeps the microscope's noise apart from the nulls drawn for the same session


def rate(session: Session, params: AnyParameters) -> Session:
    """The cells' rates, or the units' activation, as recorded."""
    return session


def dff(session: Session, params: AnyParameters) -> Session:
    """What a miniscope would have seen of the rates: dF/F at the indicator's frame rate, its frames averaged onto the session's clock.

    The window of the task is about two decay times of the indicator: what an analysis says of dF/F is to be read beside the rates.
    """
    return _through_microscope(session, params, lambda fluorescence, _: fluorescence)


def deconvolved(session: Session, params: AnyParameters) -> Session:
    """Activity inferred from that fluorescence, any unit: s_t = c_t - exp(-f / tau_d) c_(t-1) of the trace c nearest dF/F for which
    no s is negative [friedrich2017], with the indicator's own decay. Its rise, saturation, neuropil and motion are not undone.

    Raises
    ------
    UserError
        The package oasis-deconv is missing.
    """
    return _through_microscope(session, params, deconvolve)


def _through_microscope(session: Session, params: AnyParameters, change: Callable[[np.ndarray, Calcium], np.ndarray]) -> Session:
    """The session with `rates` replaced by what `change` makes of dF/F [frames, n], frames averaged onto the session's clock."""
    if session.rates is None:
        return session
    if not isinstance(params, Parameters):
        raise RecordingError("fluorescence follows rates in seconds; a network's units have none: analyse their activity")
    attributes, seen = session.attributes, np.zeros_like(session.rates)
    for agent in range(session.n_agents):
        if not session.rates[:, agent].any():  # an agent without cells
            continue
        rng = np.random.default_rng([attributes["seed"], attributes["pair"], attributes["session"], agent, FLUORESCENCE_STREAM])
        fluorescence = observe(session.rates[:, agent], session.step, params.calcium, rng)
        seen[:, agent] = on_clock(fluorescence.time_s, change(fluorescence.dff, params.calcium), session.time, session.step)
    return replace(session, rates=seen)


def on_clock(frame_time_s: np.ndarray, frames: np.ndarray, time_s: np.ndarray, step_s: float) -> np.ndarray:
    """Means [T, n] of the frames [k, n] that lie within each sample of a slower clock, from time_s to time_s + step_s.

    Raises
    ------
    ValueError
        If a sample holds no frame: the clock is faster than the frames.
    """
    first = np.searchsorted(frame_time_s, time_s - 1e-9)
    held = np.diff(np.append(first, np.searchsorted(frame_time_s, time_s[-1] + step_s - 1e-9)))
    if (held < 1).any():
        raise ValueError(f"frames every {np.diff(frame_time_s[:2])[0]:.3g} s cannot be averaged onto a clock of {step_s:.3g} s")
    means = np.zeros((len(time_s), frames.shape[1]), np.float32)
    _average(frames, first, held, means)
    return means


@kernel
def _average(frames, first, held, out):
    """Means of `held` frames from `first` on, out [T, n], 0 before."""
    for t in range(first.size):
        for k in range(first[t], first[t] + held[t]):
            for i in range(out.shape[1]):
                out[t, i] += frames[k, i]
        for i in range(out.shape[1]):
            out[t, i] /= np.float32(held[t])


KNOWN: Mapping[str, Signal] = {"rate": rate, "dff": dff, "deconvolved": deconvolved, "activity": rate}
SIGNALS: Mapping[str, Signal] = {name: KNOWN[name] for name in SECONDS.signals}


def signals_on(clock: Clock) -> Mapping[str, Signal]:
    """What the report analyses, unless asked for others, of recordings on a clock: fluorescence follows rates in seconds, and a
    network's units have none."""
    return {name: KNOWN[name] for name in clock.signals}
