"""How the time of a network step grows with cells, with their rate and with synapses."""

from dataclasses import replace

import numpy as np

from benchmarks.loop import of_size
from benchmarks.spiking.exposure import CONDITION, Exposure, contender, exposure, rate_hz
from benchmarks.timing import exponent, interleaved

CELLS = (0.25, 1.0, 4.0)
SYNAPSES = (0.5, 1.0, 2.0)
PUSHES_HZ = (0.0, 5.0, 15.0, 40.0)


def _fitted(sizes: list[float], exposures: list[Exposure], repeats: int) -> dict:
    """Times of a step against sizes: the exponent, and the line through them."""
    times = interleaved({str(k): contender(each) for k, each in enumerate(exposures)}, repeats).values()
    step_ns = [float(1e9 * taken.min() / len(each.normal)) for taken, each in zip(times, exposures, strict=True)]
    growth, fixed = np.polyfit(sizes, step_ns, 1)
    rates = [rate_hz(each) for each in exposures]
    return {
        "sizes": sizes,
        "step_ns": step_ns,
        "rate_hz": rates,
        "exponent": exponent(sizes, step_ns),
        "fixed_ns": float(fixed),
        "ns_per_unit": float(growth),
    }


def measure(seconds: float, repeats: int) -> dict[str, dict]:
    """Cells at as many synapses each and the same rates; rates of the same network under a push; synapses at the same rates."""
    by_cells = [exposure(of_size(factor, 1.0, CONDITION), seconds, 60) for factor in CELLS]
    by_synapses = [exposure(of_size(1.0, factor, CONDITION), seconds, 60) for factor in SYNAPSES]
    pushed = [_pushed(by_cells[1], push) for push in PUSHES_HZ]
    return {
        "cells": _fitted([float(len(each.network.v)) for each in by_cells], by_cells, repeats),
        "rate, Hz": _fitted([rate_hz(each) for each in pushed], pushed, repeats),
        "synapses": _fitted([float(len(each.network.recurrent.weight)) for each in by_synapses], by_synapses, repeats),
    }


def _pushed(of: Exposure, push_hz: float) -> Exposure:
    network = of.network._replace(background_hz=of.network.background_hz + np.float32(push_hz))
    return replace(of, network=network)


def lines(found: dict[str, dict]) -> list[str]:
    """What the command prints."""
    out = ["scaling of a step with   exponent   grows with size   size: ns (rate of all cells)"]
    for name, fit in found.items():
        growing = 100 * fit["ns_per_unit"] * fit["sizes"][1] / (fit["fixed_ns"] + fit["ns_per_unit"] * fit["sizes"][1])
        points = zip(fit["sizes"], fit["step_ns"], fit["rate_hz"], strict=True)
        shown = ", ".join(f"{size:.4g}: {taken:.0f} ({rate:.1f} Hz)" for size, taken, rate in points)
        out.append(f"  {name:21s}{fit['exponent']:10.2f}{growing:15.0f} %   {shown}")
    return out
