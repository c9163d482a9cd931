"""Brian2 over the same network: equal spikes, then times of its targets, in the open and in the closed loop."""

import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.peers import NotEqualError
from benchmarks.spiking.exposure import Exposure, spikes_on_tape
from benchmarks.timing import seconds

ADAPTER, ENGINE = "acc_model.brian2", "sims.loop.brian2_engine"
SHORT_S = 2.0  # a session of one interval of consolidation
Noise = np.ndarray | str


def missing(module: str = ADAPTER) -> str | None:
    """Why Brian2 cannot take part, or None if it can."""
    if find_spec("brian2") is None:
        return "Brian2 is not installed"
    return None if find_spec(module) else f"there is no {module}"


def spikes(of: Exposure) -> np.ndarray:
    """Spikes [S, 2] of Brian2 on the tape, rows of (step, cell), in order of time and cell."""
    twin = _twin(of, of.normal, "numpy")
    twin.run(of.seconds)
    found = twin.fired()
    return np.asarray(found[np.lexsort(found.T[::-1])])


def check_equal(of: Exposure, peer: Callable[[Exposure], np.ndarray] = spikes) -> int:
    """How many spikes our kernel fires in float64 and a peer fires too, each in the same step.

    Raises
    ------
    NotEqualError
        A spike of one is missing in the other; the line says where the first is.
    """
    ours, theirs = spikes_on_tape(of.in_double()), peer(of.in_double())
    both = min(len(ours), len(theirs))
    differing = np.flatnonzero((ours[:both] != theirs[:both]).any(axis=1))
    if len(differing) or len(ours) != len(theirs):
        first = differing[0] if len(differing) else both
        step = min(spikes[first, 0] for spikes in (ours, theirs) if len(spikes) > first)
        raise NotEqualError(f"Brian2: spikes differ from step {step} on, {len(theirs)} against {len(ours)} in all")
    return len(ours)


def _twin(of: Exposure, noise: Noise, target: str | None) -> Any:
    from acc_model.brian2.twin import open_loop

    return open_loop(of.network, of.params, of.senses, of.noise_hz, noise, target=target)


def open_loop_s(of: Exposure, noise: Noise, target: str, repeats: int) -> float:
    """Seconds of one simulated second: a long run less a short one, so that starting costs nothing. noise: a tape, or "native"."""
    short_s, twin = of.seconds / 8, _twin(of, noise, target)
    twin.network.store()
    times = {length: np.inf for length in (short_s, of.seconds)}
    for _ in range(repeats):
        for length in times:
            twin.network.restore()
            times[length] = min(times[length], seconds(lambda length=length: twin.run(length)))  # type: ignore[misc]
    return (times[of.seconds] - times[short_s]) / (of.seconds - short_s)


def standalone_s(of: Exposure, noise: Noise, repeats: int) -> float:
    """Seconds of one simulated second as a C++ program, by its own clock: of its loop alone."""
    import brian2

    with tempfile.TemporaryDirectory() as folder:
        brian2.set_device("cpp_standalone", directory=folder, build_on_run=False)
        try:
            _twin(of, noise, None).run(of.seconds)
            brian2.prefs["devices.cpp_standalone.extra_make_args_unix"] = ["-j2"]
            brian2.device.build(directory=folder, run=False)
            times = []
            for _ in range(repeats):
                brian2.device.run(directory=folder, with_output=False, run_args=[])
                times.append(brian2.device._last_run_time)
        finally:
            brian2.device.reinit()
            brian2.set_device("runtime")
    return min(times) / of.seconds


def closed_loop_s(session: Callable[[Any, float], None], params: Any, target: str, length_s: float) -> float:
    """Seconds of one second of a session with Brian2 as its engine, a long one less a short one; session(run, seconds) plays one."""
    from sims.loop.brian2_engine import Brian2

    run = Brian2(target=target).loop(params)
    session(run, SHORT_S)
    short, whole = (seconds(lambda each=each: session(run, each)) for each in (SHORT_S, length_s))  # type: ignore[misc]
    return (whole - short) / (length_s - SHORT_S)
