"""Ablation in all pairs of a run on the grid: what would be done, and doing it, a process for each pair."""

from pathlib import Path
from typing import Any

from sims.execution.command import Work
from sims.execution.processes import run_processes
from sims.grid.environment import require_libraries, worker_environment
from sims.interventions.ablation.unit_sets import DRAWN, RANKINGS, TASKS, batches


def ablate_pairs(work: Work) -> int:
    """Play every pair that has no table in pairs/ yet; returns the steps played. Tables are the same whatever the number of workers.

    Raises
    ------
    UserError
        A library is missing, or what a pair's process said was wrong.
    """
    require_libraries()
    played, params = 0, work.resolved.grid

    def hear(pair: str, message: dict[str, Any]) -> None:
        nonlocal played
        played += message["batches"] * params.ablation.episodes * params.world.episode_steps
        print(
            f"{pair}  {message['batches']} batches of {params.ablation.episodes} episodes  {message['wall_s']:.0f} s",
            flush=True,
        )

    commands = {
        f"pair {index}": ("sims.interventions.ablation.grid_worker", str(work.run_dir), str(work.trained.path), str(index))
        for index in range(work.pairs)
        if not table_of(work.run_dir, index).exists()
    }
    run_processes(commands, worker_environment(work.resolved), work.workers, hear)
    return played


def table_of(run_dir: Path, index: int) -> Path:
    """File of a pair's table."""
    return run_dir / "pairs" / f"pair{index:02d}.csv"


def print_ablation_plan(work: Work) -> None:
    """What a run would do."""
    params = work.resolved.grid
    settings = params.ablation
    whose = "both networks" if settings.who == "both" else f"the network of {settings.who}"
    print(f"ablation in {work.trained.path}, {work.pairs} pairs, parameters {work.resolved.digest}")
    print(f"  {', '.join(map(str, settings.counts))} units of {whose}; the most tuned to {', '.join(RANKINGS)}, and")
    print(f"  {settings.draws} sets each that are {' and '.join(DRAWN)}; tasks {', '.join(TASKS)}; frozen")
    steps = batches(settings) * settings.episodes * params.world.episode_steps
    print(f"  {batches(settings)} batches of {settings.episodes} episodes a pair, {steps:.3g} steps")
