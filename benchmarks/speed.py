"""Print what the simulation costs: `python -m benchmarks.speed [--quick] [--json FILE]`."""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from benchmarks import budget, loop, machine, peers
from benchmarks.tape import rested_pair
from compute.kernel import compiling
from params import resolve

MIB = 1024**2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed",
        description="Speed of the closed loop and its kernels, beside the machine's limits and named peers.",
    )
    parser.add_argument(
        "--quick", action="store_true", help="shorter sessions and fewer repeats: about a minute, rougher figures"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there as well")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code: 0 done, 1 if a peer does not compute the same."""
    options = _parser().parse_args(arguments)
    os.environ["JAX_PLATFORMS"] = "cpu"  # peers have a core each, as we have; read when JAX is imported
    if line := compiling():
        print(line, flush=True)
    begun, figures = time.perf_counter(), {}
    try:
        for name, part, lines in _sections(options.quick):
            figures[name] = part
            print("\n".join(lines) + "\n", flush=True)
    except peers.NotEqualError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{time.perf_counter() - begun:.0f} s in all")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def _sections(quick: bool) -> Iterator[tuple[str, dict, list[str]]]:
    params, cores, repeats = resolve(loop.CONDITION).params, os.cpu_count() or 1, 3 if quick else 7
    about = machine.describe()
    yield "machine", about, ["machine", *(f"  {name:12s} {value}" for name, value in about.items())]
    limits = _limits(repeats, dram_bytes=(64 if quick else 512) * MIB)
    yield "limits", limits, _limit_lines(limits)
    speed = loop.pair_speed(params, 60.0 if quick else 240.0, repeats, cores)
    yield "closed_loop", speed, _speed_lines(speed, cores)
    if budget.can_be_measured():
        peak = max(limits["fma_compiled"], limits["fma_blas"])
        parts = budget.measure(rested_pair(params, 0), 60.0, 10 * repeats, limits["copy_l2"], peak)
        yield "budget", asdict(parts), budget.lines(parts)
    compared = peers.measure(params, 10 if quick else 30, 3 * repeats)
    yield "peers", compared, _peer_lines(compared)
    scaling = _scaling(quick)
    yield "scaling", scaling, _scaling_lines(scaling)


def _limits(repeats: int, dram_bytes: int) -> dict[str, float]:
    peak, l2 = machine.fma_peak(repeats), machine.l2_bytes()
    return {
        "l2_bytes": float(l2),
        "copy_l2": machine.copy_bandwidth(l2 // 2, repeats),
        "dram_bytes": float(dram_bytes),
        "copy_dram": machine.copy_bandwidth(dram_bytes, repeats),
        "fma_compiled": peak["compiled"],
        "fma_blas": peak["blas"],
    }


def _limit_lines(limits: dict[str, float]) -> list[str]:
    return [
        "limits of one core, measured",
        f"  copy in half of L2, {limits['l2_bytes'] / 2 / MIB:4.3g} MiB   {limits['copy_l2'] / 1e9:7.1f} GB/s (read and write)",
        f"  copy in memory, {limits['dram_bytes'] / MIB:4.3g} MiB        {limits['copy_dram'] / 1e9:7.1f} GB/s",
        f"  multiply-add, this compiler         {limits['fma_compiled'] / 1e9:7.1f} Gflop/s float32",
        f"  multiply-add, BLAS sgemm            {limits['fma_blas'] / 1e9:7.1f} Gflop/s float32",
    ]


def _speed_lines(speed: dict[str, float], cores: int) -> list[str]:
    return [
        "closed loop, one plastic pair, one core",
        f"  {speed['decisions_per_s']:8.0f} decisions/s at best, {speed['decisions_per_s_median']:.0f} at the median "
        f"(two brains each; {1e6 / speed['decisions_per_s'] / 2:.0f} us a brain and decision)",
        f"  {speed['build_pair_s']:8.1f} s to build a pair and find its resting rates",
        f"  {speed['experiment_s']:8.0f} s for {loop.CONDITION}, 8 pairs, at most {speed['hours_per_pair']:g} h each, "
        f"on {cores} free cores (without recordings and report)",
    ]


def _peer_lines(compared: dict) -> list[str]:
    lines = [
        f"one brain, {compared['decisions']} decisions on the same tape, {compared['repeats']} repeats in turn",
        "                                  us a decision (median)   ratio   difference (99 %)",
    ]
    for name, ratio in compared["ratio_of_best"].items():
        difference = f"{compared['difference'][name]:16.1e}" if name in compared["difference"] else ""
        best, median = compared["best_us_per_decision"][name], compared["median_us_per_decision"][name]
        lines.append(f"  {name:33s}{best:8.1f}{median:11.1f}{ratio:12.2f}{difference}")
    for library, remedy in (("JAX", "pip install -e '.[marl]'"), ("PyTorch", "pip install torch")):
        if not any(name.startswith(library) for name in compared["ratio_of_best"]):
            lines.append(f"  {library} is not installed: skipped ({remedy})")
    return lines


def _scaling(quick: bool) -> dict[str, dict]:
    duration_s, repeats = (30.0, 2) if quick else (120.0, 5)
    return {
        "cells": loop.cells(duration_s, repeats, (0.5, 1.0, 2.0) if quick else (1.0, 2.5, 10.0)),
        "synapses": loop.synapses(duration_s, repeats),
        "pairs": loop.pairs((1, 2) if quick else (1, 2, 4)),
        "hours": loop.hours(duration_s, repeats),
    }


def _scaling_lines(scaling: dict[str, dict]) -> list[str]:
    lines = ["scaling of time with    exponent   grows with size   size: seconds"]
    for name, fit in scaling.items():
        points = ", ".join(f"{size:g}: {taken:.3g}" for size, taken in zip(fit["sizes"], fit["seconds"], strict=True))
        growing = 100 * fit["s_per_unit"] * fit["sizes"][1] / (fit["fixed_s"] + fit["s_per_unit"] * fit["sizes"][1])
        lines.append(f"  {name:20s}{fit['exponent']:10.2f}{growing:15.0f} %   {points}")
    memory = scaling["cells"]
    sizes = ", ".join(f"{size:g}: {mib:.3g}" for size, mib in zip(memory["sizes"], memory["mib"], strict=True))
    return [
        *lines,
        "scaling of memory with",
        f"  {'cells':20s}{memory['exponent_mib']:10.2f}{'MiB of both brains':>31s}: {sizes}",
    ]


if __name__ == "__main__":
    sys.exit(main())
