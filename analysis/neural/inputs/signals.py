"""What of the cells is analysed: a signal is a function of a session that gives the same session with `rates` replaced, on its clock.

A recording of dF/F or of deconvolved activity offers that, as it is: no rate is made up for it, and no microscope simulated.

A further signal (a denoised trace) is a line here, or is given to `analysis.report.write_report`. It must follow from the session
and the parameters alone: noise is drawn from a seed that the session's attributes give.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from acc_model.calcium import Fluorescence, frames_in, observe, observe_spikes
from analysis.core.run import RunDirectory
from analysis.core.units import SECONDS, Clock, clock_of
from analysis.neural.inputs.deconvolution import deconvolve
from analysis.neural.inputs.trains import counts_in, trains_of
from compute.kernel import kernel
from params import AnyParameters, Parameters
from params.schema.tools import Calcium
from recording import RecordingError, Session, holds_rates, read_session

Signal = Callable[[Session, AnyParameters], Session]
FOLLOWED = ("rate", "activation")  # recorded signals that others are made of
FLUORESCENCE_STREAM = 7  # keeps the microscope's noise apart from the nulls drawn for the same session


def rate(session: Session, params: AnyParameters) -> Session:
    """The cells' rates, or the units' activation, as recorded.

    Raises
    ------
    RecordingError
        The recording holds another signal.
    """
    return session if session.signal in FOLLOWED else _as_recorded(session, "rate")


def dff(session: Session, params: AnyParameters) -> Session:
    """What a miniscope has seen of the cells, or would have seen of their spikes, or of Poisson spikes drawn from their rates where none
    are recorded: dF/F at the indicator's frame rate, its frames averaged onto the session's clock.

    The window of the task is about two decay times of the indicator: what an analysis says of dF/F is to be read beside the rates.

    Raises
    ------
    RecordingError
        The recording holds neither rates nor dF/F.
    """
    if session.signal not in FOLLOWED:
        return _as_recorded(session, "dff")
    return _through_microscope(session, params, lambda fluorescence, _: fluorescence)


def deconvolved(session: Session, params: AnyParameters) -> Session:
    """Activity inferred from that fluorescence, any unit: s_t = c_t - exp(-f / tau_d) c_(t-1) of the trace c nearest dF/F for which
    no s is negative [friedrich2017], with the indicator's own decay. Its rise, saturation, neuropil and motion are not undone.

    Raises
    ------
    UserError
        The package oasis-deconv is missing, or the recording holds neither rates nor deconvolved activity.
    """
    if session.signal not in FOLLOWED:
        return _as_recorded(session, "deconvolved")
    return _through_microscope(session, params, deconvolve)


def _as_recorded(session: Session, asked: str) -> Session:
    """The session itself, whose cells were recorded as `asked`."""
    if session.rates is not None and session.signal != asked:
        place = f"pair {session.attributes['pair']}, session {session.attributes['session']}"
        raise RecordingError(
            f"{place}: holds {session.signal}, and no {asked} is made of it; allowed: --signals {session.signal}"
        )
    return session


def _through_microscope(session: Session, params: AnyParameters, change: Callable[[np.ndarray, Calcium], np.ndarray]) -> Session:
    """The session with `rates` replaced by what `change` makes of dF/F [frames, n], frames averaged onto the session's clock."""
    if session.rates is None:
        return session
    if not isinstance(params, Parameters):
        raise RecordingError("fluorescence follows rates in seconds; a network's units have none: analyse their activity")
    attributes, seen = session.attributes, np.zeros_like(session.rates)
    for agent in range(session.n_agents):
        rates = session.cells_of(agent).activity
        if not rates.shape[1]:
            continue
        rng = np.random.default_rng([attributes["seed"], attributes["pair"], attributes["session"], agent, FLUORESCENCE_STREAM])
        fluorescence = _fluorescence(session, agent, rates, params.calcium, rng)
        seen[:, agent, : rates.shape[1]] = on_clock(
            fluorescence.time_s, change(fluorescence.dff, params.calcium), session.time, session.step
        )
    return replace(session, rates=seen)


def _fluorescence(session: Session, agent: int, rates: np.ndarray, calcium: Calcium, rng: np.random.Generator) -> Fluorescence:
    if session.spikes is None:
        return observe(rates, session.step, calcium, rng)
    frames = frames_in(session.duration, calcium.frame_rate_hz)
    return observe_spikes(counts_in(trains_of(session, agent), frames, 1 / calcium.frame_rate_hz), calcium, rng)


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


def signals_of(run: RunDirectory) -> Mapping[str, Signal]:
    """What the report analyses of a run, unless asked for others, by the first recording that holds activity.

    Raises
    ------
    RecordingError
        If a file is no recording.
    """
    file = next((each for each in run.sessions if holds_rates(each.path)), run.sessions[0])
    session = read_session(file.path, rates=False)
    return signals_on(clock_of(session), session.signal)


def signals_on(clock: Clock, recorded: str = "rate") -> Mapping[str, Signal]:
    """What the report analyses, unless asked for others, of recordings on a clock that hold a signal: fluorescence follows rates in
    seconds, and a network's units have none. recorded: `Session.signal`."""
    return {name: KNOWN[name] for name in (clock.signals if recorded in FOLLOWED else (recorded,))}
