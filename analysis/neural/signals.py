"""What of the cells is analysed: a signal is a function of a session that gives the same session with `rates` replaced, on its clock.

A further signal (deconvolved spikes, a denoised trace) is a line here, or is given to `analysis.report.write_report`. It must follow
from the session and the parameters alone: noise is drawn from a seed that the session's attributes give.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from acc_model.calcium import observe
from analysis.clock import Clock
from params import AnyParameters, Parameters
from recording import Session

Signal = Callable[[Session, AnyParameters], Session]
FLUORESCENCE_STREAM = 7  # keeps the microscope's noise apart from the nulls drawn for the same session


def rate(session: Session, params: AnyParameters) -> Session:
    """The cells' rates, or the units' activation, as recorded."""
    return session


def dff(session: Session, params: AnyParameters) -> Session:
    """What a miniscope would have seen of the rates: dF/F at the indicator's frame rate, its frames averaged onto the session's clock.

    The window of the task is about two decay times of the indicator: what an analysis says of dF/F is to be read beside the rates.
    """
    if session.rates is None:
        return session
    assert isinstance(params, Parameters), "fluorescence follows rates in seconds"
    attributes, seen = session.attributes, np.empty_like(session.rates)
    for agent in range(session.n_agents):
        rng = np.random.default_rng([attributes["seed"], attributes["pair"], attributes["session"], agent, FLUORESCENCE_STREAM])
        fluorescence = observe(session.rates[:, agent], session.step, params.calcium, rng)
        seen[:, agent] = on_clock(fluorescence.time_s, fluorescence.dff, session.time, session.step)
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
    return np.add.reduceat(frames, first, axis=0)[: len(time_s)] / held[:, None].astype(np.float32)


SIGNALS: Mapping[str, Signal] = {"rate": rate, "dff": dff}
_ALL: Mapping[str, Signal] = {**SIGNALS, "activity": rate}


def signals_on(clock: Clock) -> Mapping[str, Signal]:
    """The signals of recordings on a clock: fluorescence follows rates in seconds, and a network's units have none."""
    return {name: _ALL[name] for name in clock.signals}
