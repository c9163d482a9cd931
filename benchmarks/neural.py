"""Print what the analyses of cells cost: `python -m benchmarks.neural [--quick] [--json FILE]`.

A further analysis is one more line of `_sections`: a file with `measure` (a dict of figures) and `lines` (what is printed of it).
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import machine, selectivity
from benchmarks.peers import NotEqualError


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.neural", description="Speed of the analyses of cells, beside the obvious way to do each."
    )
    parser.add_argument("--quick", action="store_true", help="fewer repeats, rougher figures")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there as well")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code: 0 done, 1 if a peer does not compute the same."""
    options = _parser().parse_args(arguments)
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
    repeats, cores = 1 if quick else 3, os.cpu_count() or 1
    about = machine.describe()
    yield "machine", about, ["machine", *(f"  {name:12s} {value}" for name, value in about.items())]
    tuned = selectivity.measure(repeats, cores)
    yield "selectivity", tuned, selectivity.lines(tuned)


if __name__ == "__main__":
    sys.exit(main())
