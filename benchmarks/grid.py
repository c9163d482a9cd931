"""Print what the artificial side costs on one core: `python -m benchmarks.grid [--quick] [--json FILE]`.

A further figure is one more line of `_sections`: a file with `measure` (a dict of figures) and `lines` (what is printed of it).
XLA gets one thread (benchmarks/__init__.py); a step is one of both agents.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import grid_steps, machine


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grid", description="Speed of the grid task on one core.")
    parser.add_argument("--quick", action="store_true", help="fewer repeats and steps, rougher figures")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there as well")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code: 0 done."""
    options = _parser().parse_args(arguments)
    begun, figures = time.perf_counter(), {}
    for name, part, lines in _sections(options.quick):
        figures[name] = part
        print("\n".join(lines) + "\n", flush=True)
    print(f"{time.perf_counter() - begun:.0f} s in all")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def _sections(quick: bool) -> Iterator[tuple[str, dict, list[str]]]:
    about = machine.describe()
    yield "machine", about, ["machine", *(f"  {name:12s} {value}" for name, value in about.items())]
    steps = grid_steps.measure(3 if quick else 7, 1_000_000 if quick else 5_000_000)
    yield "environment", steps, grid_steps.lines(steps)


if __name__ == "__main__":
    sys.exit(main())
