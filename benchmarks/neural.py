"""Print what the analyses of cells cost: `python -m benchmarks.neural [--quick] [--run RUN] [--json FILE]`.

A further analysis is one more line of `_sections`: a file with `measure` (a dict of figures) and `lines` (what is printed of it).
"""

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from threadpoolctl import threadpool_limits

from benchmarks import machine, plsc, scaling, selectivity, whole_run
from benchmarks.peers import NotEqualError
from params import resolve
from params.errors import UserError


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.neural", description="Speed of the analyses of cells, beside the obvious way to do each."
    )
    parser.add_argument("--quick", action="store_true", help="one sampling rate, fewer shifts")
    parser.add_argument("--run", type=Path, metavar="RUN", help="time the cells of a whole run too, which takes minutes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there as well")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code: 0 done, 1 if a peer does not compute the same, 2 if there is no such run."""
    options = _parser().parse_args(arguments)
    begun, figures = time.perf_counter(), {}
    try:
        if options.run:
            whole_run.stages_with_rates(options.run)
        with threadpool_limits(1, "blas"):
            for name, part, lines in _sections(options.quick, options.run):
                figures[name] = part
                print("\n".join(lines) + "\n", flush=True)
    except NotEqualError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{time.perf_counter() - begun:.0f} s in all")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def _sections(quick: bool, run: Path | None) -> Iterator[tuple[str, dict, list[str]]]:
    cores = os.cpu_count() or 1
    about = machine.describe()
    yield "machine", about, ["machine", *(f"  {name:12s} {value}" for name, value in about.items())]
    tuned = selectivity.measure(cores, selectivity.RATES_HZ[:1] if quick else selectivity.RATES_HZ)
    yield "selectivity", tuned, selectivity.lines(tuned)
    settings, shifts = resolve("coop_075s").params.analysis.shared_space, 100 if quick else 1000
    difference = plsc.check(settings)
    shared = plsc.measure(shifts, settings)
    yield "shared space", shared, plsc.lines(shared, difference, shifts)
    grown = scaling.measure()
    yield "scaling", grown, scaling.lines(grown)
    if run is not None:
        whole = whole_run.measure(run, cores)
        yield "whole run", whole, whole_run.lines(whole)
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    yield "memory", {"peak_gb": peak_gb}, [f"peak memory of all this {peak_gb:.2f} GB"]


if __name__ == "__main__":
    sys.exit(main())
