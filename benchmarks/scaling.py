"""How the time of each analysis of cells grows with frames and with cells: its exponent, 1 if linear."""

from collections.abc import Callable
from functools import partial

import numpy as np

from analysis.neural.decoding.decoding import decode, frame_shifts
from analysis.neural.groups.groups import functional_network
from analysis.neural.inputs.frames import Frames
from analysis.neural.measures import with_draws_of_report
from analysis.neural.shared.space import frame_shifts as shared_shifts
from analysis.neural.shared.space import shared_space
from analysis.neural.tuning.selectivity import selectivity, selectivity_shifts
from benchmarks.plsc import brains
from benchmarks.timing import best, exponent
from params import resolve

FRAMES, CELLS = (3600, 7200, 14400), (100, 200, 400)
STEP_S = 0.125

Runs = dict[str, Callable[[], object]]


def measure() -> dict[str, dict[str, list[float] | float]]:
    """Seconds on one thread for each number of frames with the middle number of cells, and of cells with that of frames."""
    found: dict[str, dict[str, list[float] | float]] = {}
    by_frames = [_timed(frames, CELLS[1]) for frames in FRAMES]
    by_cells = [_timed(FRAMES[1], cells) for cells in CELLS]
    for name in by_frames[0]:
        frames_s, cells_s = ([each[name] for each in times] for times in (by_frames, by_cells))
        found[name] = {
            "by_frames_s": frames_s,
            "by_cells_s": cells_s,
            "exponent_frames": exponent(FRAMES, frames_s),
            "exponent_cells": exponent(CELLS, cells_s),
        }
    return found


def _timed(n_frames: int, n_cells: int) -> dict[str, float]:
    return {name: best(run, 2) for name, run in _runs(n_frames, n_cells).items()}


def _runs(n_frames: int, n_cells: int) -> Runs:
    rng, analysis = np.random.default_rng(0), with_draws_of_report(resolve("coop_075s").params.analysis)
    first, second = brains(n_frames, n_cells, 0)
    time_s = STEP_S * np.arange(n_frames)
    frames = Frames(("active",), (second[:, 0] > second[:, 0].mean())[None], np.array([100]))
    tuned = selectivity_shifts(n_frames, STEP_S, analysis.selectivity, rng)
    moved = frame_shifts(time_s, analysis.decoding, rng)
    apart = shared_shifts(n_frames, STEP_S, analysis.shared_space, rng)
    groups = analysis.groups
    return {
        "selectivity": partial(selectivity, first, frames, tuned, analysis.selectivity, 1),
        "decoding": partial(decode, first, {"place": second[:, :2]}, time_s, moved, analysis.decoding),
        "network": lambda: functional_network(first, groups.shifts, groups.false_discovery, np.random.default_rng(1)),
        "shared space": partial(shared_space, first, second, apart, analysis.shared_space),
    }


def lines(figures: dict) -> list[str]:
    """What the command prints."""
    found = [
        f"scaling, s on one thread: {', '.join(map(str, FRAMES))} frames of {CELLS[1]} cells; {', '.join(map(str, CELLS))} cells, "
        f"{FRAMES[1]} frames; exponent",
    ]
    for name, each in figures.items():
        times = ("".join(f"{taken:8.2f}" for taken in each[f"by_{what}_s"]) for what in ("frames", "cells"))
        exponents = (each[f"exponent_{what}"] for what in ("frames", "cells"))
        found.append(f"  {name:14s}" + "   ".join(f"{t} ^{e:5.2f}" for t, e in zip(times, exponents, strict=True)))
    return found
