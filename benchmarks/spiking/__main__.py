"""Print what spiking brains cost: `python -m benchmarks.spiking [--quick] [--json FILE]`."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import machine
from benchmarks.peers import NotEqualError
from benchmarks.spiking import bound, brian2_peer, closed_loop, open_loop, scaling
from benchmarks.spiking.exposure import CONDITION, Exposure, exposure
from compute.kernel import compiling
from params import resolve


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.spiking",
        description="Speed of spiking networks and of their closed loop, beside Brian2, NEST and the machine's limits.",
    )
    parser.add_argument("--quick", action="store_true", help="shorter lives, fewer repeats, no C++: rougher figures")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there as well")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code: 0 done, 1 if Brian2 does not fire the same spikes."""
    options = _parser().parse_args(arguments)
    if line := compiling():
        print(line, flush=True)
    begun, figures = time.perf_counter(), {}
    try:
        for name, part, lines in _sections(options.quick):
            figures[name] = part
            print("\n".join(lines) + "\n", flush=True)
    except NotEqualError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{time.perf_counter() - begun:.0f} s in all")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def _sections(quick: bool) -> Iterator[tuple[str, dict, list[str]]]:
    params, repeats = resolve(CONDITION).mouse, 2 if quick else 5
    about = machine.describe()
    yield "machine", about, ["machine", *(f"  {name:12s} {value}" for name, value in about.items())]
    of = exposure(params, 4.0 if quick else 20.0)
    yield "equal", *_equality(brian2_peer.missing(), of.first(16 if quick else 80))
    looped = closed_loop.measure(params, 40.0 if quick else 240.0, repeats, brian2_peer.missing(brian2_peer.ENGINE) is None)
    yield "closed loop", looped, closed_loop.lines(looped)
    alone = open_loop.measure(of, repeats, compile_cpp=not quick)
    yield "open loop", alone, open_loop.lines(alone, of)
    grown = scaling.measure(4.0 if quick else 20.0, 2 * repeats)
    yield "scaling", grown, scaling.lines(grown)
    limits = bound.measure(of, 3 * repeats)
    yield "bound", limits, bound.lines(limits)


def _equality(missing: str | None, of: Exposure) -> tuple[dict, list[str]]:
    if missing:
        return {}, [f"equal spikes: not checked, {missing}"]
    number = brian2_peer.check_equal(of)
    return {"spikes": number, "seconds": of.seconds}, [
        f"equal spikes: all {number} of {of.seconds:g} s, float64 against Brian2 (numpy), one network on one tape"
    ]


if __name__ == "__main__":
    sys.exit(main())
