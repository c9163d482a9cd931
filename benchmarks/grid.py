"""Print what the grid side costs, on one core: `python -m benchmarks.grid [--quick] [--rllib] [--json FILE]`; or what populations cost to
train, on the device that JAX finds: `python -m benchmarks.grid --population 1,8,64 [--parts] [--json FILE]`."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acc_cooperation import ROOT

if TYPE_CHECKING:
    from benchmarks.grid_contenders import Timed
    from benchmarks.grid_rllib import Peer

CONDITION = "marl_coop"
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
TARGETS = {"bare environment": 5e6, "environment + both policies": 3e5, "full training, grid.toml": 2e4}  # steps/s
RATIOS = {"full training, grid.toml": 200, "full training, the study's settings": 30}  # to RLlib
RLLIB = "RLlib PPO, the study's settings"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.grid", description="Speed of the grid task, of play and of training, on one core."
    )
    parser.add_argument("--quick", action="store_true", help="fewer repeats: rougher figures")
    parser.add_argument(
        "--rllib", action="store_true", help="time RLlib's PPO in turn with ours (needs ray[rllib] and torch; minutes)"
    )
    parser.add_argument(
        "--population", metavar="P,P,...", help="time the training of so many pairs at once, on the device that JAX finds"
    )
    parser.add_argument("--parts", action="store_true", help="with --population: play apart from learning")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there as well")
    return parser


def on_one_core() -> None:
    """Everything from here on on one core, the last of those allowed; to be called before JAX or torch is loaded."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    os.environ.update(dict.fromkeys(THREADS, "1"))
    os.environ["JAX_PLATFORMS"] = "cpu"
    os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false"


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code: 0 done, 1 if the peer does not play the same game, 2 if the figures have nowhere to go."""
    options = _parser().parse_args(arguments)
    if options.json and not options.json.parent.is_dir():
        print(f"error: --json = {options.json}: no such directory", file=sys.stderr)
        return 2
    if options.population is not None:
        sizes = [int(word) for word in options.population.split(",") if word.isascii() and word.isdigit()]
        if len(sizes) <= options.population.count(",") or 0 in sizes:
            print(
                f"error: --population = {options.population}: whole numbers from 1 with commas between, as 1,8,64",
                file=sys.stderr,
            )
            return 2
        return _populations(sizes, options.parts, options.json)
    on_one_core()
    from benchmarks import machine
    from benchmarks.peers import NotEqualError

    try:
        rows, peer, without = _rows(options.rllib)
    except NotEqualError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    try:
        taken = _in_turn({name: row.run for name, row in rows.items()}, 2 if options.quick else 5)
    finally:
        if peer:
            peer.close()
    peak = max(machine.fma_peak(3).values())
    figures = {name: _figures(row.steps, row.flops, taken[name], peak) for name, row in rows.items()}
    about = {"machine": machine.describe(), "peak_flops": peak, "rllib": without or "timed", "rows": figures}
    about |= {"work": peer.work_per_step()} if peer else {}
    print("\n".join(_lines(about)))
    if options.json:
        options.json.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    return 0


def _populations(sizes: Sequence[int], parts: bool, json_file: Path | None) -> int:
    """Print what populations cost; on a graphics card a pair on one core too. Returns the exit code."""
    found: list[dict[str, Any]] = []
    for line in _measured(sizes, parts):
        found.append(line)
        print(_line(line), flush=True)
    if found and found[0]["platform"] != "cpu":
        on_one_core()
        core = list(_measured([1], parts))
        print("\n".join(map(_line, core)))
        for line in found:
            if "steps_per_s" in line and "steps_per_s" in core[-1]:
                line["cores"] = line["steps_per_s"] / core[-1]["steps_per_s"]
                print(f"{line['pairs']:7d} pairs at once: {line['cores']:.1f} times one core")
        found += core
    if json_file:
        json_file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0 if found else 1


def _measured(sizes: Sequence[int], parts: bool) -> Iterator[dict[str, Any]]:
    """The lines of `benchmarks.population` in a process that computes as a run does, but that what the shell says of flags and of the
    precision of products comes last."""
    from sims.grid.environment import computing_environment

    environment = computing_environment()
    environment["XLA_FLAGS"] += " " + os.environ.get("XLA_FLAGS", "")
    environment |= {name: value for name, value in os.environ.items() if name == "JAX_DEFAULT_MATMUL_PRECISION"}
    command = [sys.executable, "-m", "benchmarks.population", *map(str, sizes), *(["--parts"] if parts else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("{"):
                yield json.loads(line)


def _line(found: dict[str, Any]) -> str:
    if "device" in found:
        held = f", {found['limit_bytes'] / 1e9:.0f} GB" if found["limit_bytes"] else ""
        return (
            f"{found['device']} ({found['platform']}{held}), jax {found['jax']}, precision of products {found['products']}, "
            f"{found['batch_steps']} steps of a pair an update\n"
            f"{'pairs':>7s}{'steps/s':>14s}{'a pair':>10s}{'update, ms':>12s}{'MB a pair':>11s}{'compile, s':>12s}  play, learn, ms"
        )
    if "failed" in found:
        return f"{found['pairs']:7d}  {found['failed']}"
    update, compiled, rate = found["update_s"], found["compile_s"], found["steps_per_s"]
    figures = f"{found['pairs']:7d}{rate:14,.0f}{rate / found['pairs']:10,.0f}{1e3 * update:12.1f}"
    shares = f"  {1e3 * found['play_s']:.1f}, {1e3 * (update - found['play_s']):.1f}" if "play_s" in found else ""
    return f"{figures}{found['pair_bytes'] / 1e6:11.1f}{compiled:12.1f}{shares}"


def _rows(rllib: bool) -> tuple[dict[str, "Timed"], "Peer | None", str]:
    """What to time, the peer among it, and why there is none (empty if there is)."""
    from benchmarks import grid_contenders as ours
    from params import resolve
    from worlds.grid import GridRule

    params = resolve(CONDITION).params
    world, network, training = params.world, params.network, ours.study_training(params.training)
    rule = GridRule(True, world.window_steps, world.sees_partner, world.redraw_on_miss, world.height)
    ours.check_same_game(rule)
    rows = ours.contenders(params, rule)
    missing = [name for name in ("ray", "torch") if find_spec(name) is None]
    if missing or not rllib:
        without = f"{' and '.join(missing)} not installed: pip install 'ray[rllib]' torch" if rllib else "not asked for: --rllib"
        return rows, None, without
    from benchmarks.grid_rllib import Peer

    peer = Peer(rule, network, training, ours.STUDY_BATCH, ours.STUDY_MINIBATCH, world.episode_steps)
    flops = ours.update_flops(network, training, ours.n_inputs(rule))
    return {**rows, RLLIB: ours.Timed(ours.STUDY_BATCH, flops, peer.iterate)}, peer, ""


def _in_turn(runs: dict[str, Callable[[], object]], repeats: int) -> dict[str, list[tuple[float, float]]]:
    """(Wall, own CPU) seconds of every run, in turn so that all meet the same machine; a first round, with compilation, is left out.

    RLlib takes minutes: after the first round it has half of the others.
    """
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for repeat in range(repeats + 1):
        for name, run in runs.items():
            if name == RLLIB and repeat > repeats // 2:
                continue
            wall, own = time.perf_counter(), time.process_time()
            run()
            if repeat > 0:
                taken[name].append((time.perf_counter() - wall, time.process_time() - own))
    return taken


def _figures(steps: int, flops: float | None, taken: list[tuple[float, float]], peak: float) -> dict[str, float | None]:
    """Rates by the lesser of wall and CPU time, best and median; the bound is the peak over the operations needed."""
    seconds = sorted(min(both) for both in taken)
    rate, bound = steps / seconds[0], None if flops is None else peak / flops
    return {
        "steps_per_s": rate,
        "steps_per_s_median": steps / seconds[len(seconds) // 2],
        "steps_per_s_wall": steps / min(wall for wall, _ in taken),
        "flops_per_step": flops,
        "bound_steps_per_s": bound,
        "of_bound": None if bound is None else rate / bound,
    }


def _lines(about: dict) -> list[str]:
    rows = about["rows"]
    lines = [
        f"one core of {about['machine']['cpu']}, jax {about['machine']['jax']}; sgemm peak {about['peak_flops'] / 1e9:.0f} Gflop/s"
    ]
    lines.append(
        f"{'steps of the game a second':38s}{'best':>12s}{'median':>12s}{'wall':>12s}{'bound':>12s}{'of it':>8s}{'/ RLlib':>9s}  asked"
    )
    for name, row in rows.items():
        bound = f"{row['bound_steps_per_s']:12,.0f}{100 * row['of_bound']:6.0f} %" if row["of_bound"] else f"{'-':>12s}{'-':>8s}"
        ratio = f"{row['steps_per_s_median'] / rows[RLLIB]['steps_per_s_median']:9.1f}" if RLLIB in rows else f"{'-':>9s}"
        asked = [f"{TARGETS[name]:,.0f}"] if name in TARGETS else []
        asked += [f"{RATIOS[name]} x RLlib"] if name in RATIOS else []
        rates = "".join(f"{row[key]:12,.0f}" for key in ("steps_per_s", "steps_per_s_median", "steps_per_s_wall"))
        lines.append(f"  {name:36s}{rates}{bound}{ratio}  {', '.join(asked)}")
    lines += [
        "  best, median: by the lesser of wall and own CPU time; bound: products of matrices at the peak alone; / RLlib: of medians"
    ]
    work = about.get("work", {})
    lines += [
        f"  a step of the game in {name}: {share:.3g} gradient steps, {learned:.3g} steps learned from"
        for name, (share, learned) in work.items()
    ]
    return lines + ([] if RLLIB in rows else [f"  RLlib: {about['rllib']}"])


if __name__ == "__main__":
    sys.exit(main())
