"""Which of crossed factors makes both mice wait? Main effects over a finished sweep: `python -m docs.figures.waiting_factors DIR`.

Of each pair the *lesser mouse's openings answered*: the share of the windows it opens that its partner answers in time, in the last third
of cooperative training, of the mouse that has less of it. A factor's effect is the mean over the pairs at its high level less that over the
pairs at its low level, with a bootstrap interval over pairs. A row's lower quartile is over its mice.
"""

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np

from analysis.behaviour.pokes import poke_ticks
from analysis.core.run import open_run
from params.errors import UserError
from recording import read_session
from recording.scoring import score
from sims.sweep.store import SweepDirectory

DRAWS = 10_000


def openings_answered(run: Path) -> np.ndarray:
    """Of each mouse late in cooperative training [pairs, agent]."""
    sessions = defaultdict(list)
    for file in open_run(run).sessions:
        if file.phase.startswith("coop_"):
            sessions[file.pair].append(file.path)
    return np.array([_answered(paths[-max(1, len(paths) // 3) :]) for paths in sessions.values()])


def _answered(paths: list[Path]) -> np.ndarray:
    counts = np.zeros((2, 2), np.int64)
    for path in paths:
        session = read_session(path, rates=False)
        step = session.attributes["event_step"]
        counts += score(*poke_ticks(session), round(session.attributes["window"] / step), round(session.duration / step)).openings
    opened, closed = counts.T
    return closed / np.maximum(opened, 1)


def effect(values: np.ndarray, high: np.ndarray, rng: np.random.Generator) -> tuple[float, float, float]:
    """Mean of values [pairs] where high [pairs], less the mean elsewhere, with a 95 % bootstrap interval."""
    above, below = values[high], values[~high]
    draws = [rng.choice(above, len(above)).mean() - rng.choice(below, len(below)).mean() for _ in range(DRAWS)]
    low_end, high_end = np.quantile(draws, [0.025, 0.975])
    return float(above.mean() - below.mean()), float(low_end), float(high_end)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "sweep", type=Path, metavar="DIR", help="directory of a sweep of two levels a factor that keeps its recordings"
    )
    directory = SweepDirectory(parser.parse_args().sweep)
    points = [point for point in directory.points() if directory.is_done(point)]
    if not points:
        raise UserError(f"{directory.path}: no point is finished")
    found = [openings_answered(directory.kept(point) / "train") for point in points]
    lesser = np.concatenate([each.min(axis=1) for each in found])
    rows: dict[tuple[object, ...], list[np.ndarray]] = defaultdict(list)
    for point, values in zip(points, found, strict=True):
        rows[tuple(point.values.values())].append(values)
    print(f"{len(lesser)} pairs; factors: {', '.join(points[0].values)}")
    for row, values in rows.items():
        mice = np.concatenate(values)
        print(
            f"  {row}: {len(mice)} pairs, lower quartile {np.quantile(mice, 0.25):.2f}, lesser mouse {mice.min(axis=1).mean():.2f}"
        )
    rng = np.random.default_rng(0)
    for factor in points[0].values:
        levels = np.repeat([point.values[factor] for point in points], [len(each) for each in found])
        value, low_end, high_end = effect(lesser, levels == levels.max(), rng)
        print(f"  {factor}, {levels.max():g} over {levels.min():g}: {value:+.2f} [{low_end:.2f}, {high_end:.2f}]")


if __name__ == "__main__":
    main()
