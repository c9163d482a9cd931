"""How time is taken: interleaved repeats, the best of each, ratios within one run."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Contender:
    """Something to be timed: `prepare` (not timed) gives the argument that `run` (timed) takes."""

    prepare: Callable[[], object]
    run: Callable[[object], object]


def seconds(run: Callable[[], object]) -> float:
    """Time of one call: the lesser of wall time and the process's own CPU time.

    One thread on a busy machine waits for its core: CPU time leaves the waiting out. Several threads are given their wall time.
    """
    wall, own = time.perf_counter(), time.process_time()
    run()
    return min(time.perf_counter() - wall, time.process_time() - own)


def interleaved(contenders: Mapping[str, Contender], repeats: int) -> dict[str, np.ndarray]:
    """Times [repeats] of each contender, s, taken in turn so that all meet the same machine; one untimed round goes first."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for repeat in range(repeats + 1):
        for name, contender in contenders.items():
            argument = contender.prepare()
            taken = seconds(lambda contender=contender, argument=argument: contender.run(argument))  # type: ignore[misc]
            if repeat > 0:
                times[name].append(taken)
    return {name: np.array(taken) for name, taken in times.items()}


def best(run: Callable[[], object], repeats: int) -> float:
    """Least time of several calls, s, after one that is not counted."""
    run()
    return min(seconds(run) for _ in range(repeats))


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """Slope of log time against log size: 1 means linear."""
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])
