"""Speed of the closed loop: decisions a second of one plastic pair, and how time grows with cells, synapses, pairs and hours."""

import tempfile
from pathlib import Path

import numpy as np

from acc_model.contract import arrays_of
from benchmarks.tape import rested_pair
from benchmarks.timing import Contender, exponent, interleaved, seconds
from params import Parameters, resolve
from params.schema.brain import CELL_CLASSES
from params.units import n_steps
from sims.mice.cohort import run_cohort
from sims.mice.pair import Pair, build_pair, run_session
from sims.schedule import longest

CONDITION = "coop_075s"
WARM_S = 60.0


def _session(pair: Pair, session: int, duration_s: float) -> None:
    run_session(pair, pair.params.schedule.coop_3s, session, 1.0, False, duration_s)


def _sessions(pair: Pair, duration_s: float) -> Contender:
    """One plastic session after another of a pair that has warmed up (and compiled)."""
    _session(pair, 0, WARM_S)
    counter = iter(range(1, 10_000))
    return Contender(lambda: next(counter), lambda session: _session(pair, session, duration_s))  # type: ignore[arg-type]


def pair_speed(params: Parameters, duration_s: float, repeats: int, cores: int, pairs: int = 8) -> dict[str, float]:
    """Decisions a second of one pair on one core, and the wall time that follows for a whole experiment on all cores.

    The experiment is the schedule at its longest (pre-training to its last session), with every pair's search for resting rates;
    recordings and the report are not in it.
    """
    build_pair(params, 0, 0)
    build_s = seconds(lambda: build_pair(params, 0, 1))
    pair = build_pair(params, 0, 0)
    times = interleaved({"pair": _sessions(pair, duration_s)}, repeats)["pair"]
    n = n_steps(duration_s, params.time.decision_s, "session")
    hours = sum(hours for _, _, hours in longest(params.schedule))
    pair_s = build_s + hours * 3600.0 / params.time.decision_s * times.min() / n
    return {
        "decisions_per_s": float(n / times.min()),
        "decisions_per_s_median": float(n / np.median(times)),
        "build_pair_s": build_s,
        "hours_per_pair": hours,
        "experiment_s": float(np.ceil(pairs / cores) * pair_s),
    }


def of_size(cells: float = 1.0, probability: float = 1.0, condition: str = CONDITION) -> Parameters:
    """A condition with `cells` times the cells at the same synapses for each cell, and `probability` times the synapses.

    Sensory fibres are as many whatever the number of cells, so their probability follows `probability` alone.
    """
    base = resolve(condition).params
    overrides = [f"cells.{name}.count={round(cells * getattr(base.cells, name).count)}" for name in CELL_CLASSES]
    for post in CELL_CLASSES:
        overrides.append(f"afferents.probability.{post}={probability * getattr(base.afferents.probability, post)}")
        for pre in CELL_CLASSES:
            p = getattr(getattr(base.connectivity.probability, pre), post)
            overrides.append(f"connectivity.probability.{pre}.{post}={min(1.0, p * probability / cells)}")
    return resolve(condition, overrides).params


def _fitted(sizes: list[float], times: list[float]) -> dict:
    growth, fixed = np.polyfit(sizes, times, 1)
    return {
        "sizes": sizes,
        "seconds": times,
        "exponent": exponent(sizes, times),
        "fixed_s": float(fixed),
        "s_per_unit": float(growth),
    }


def _over(pairs: dict[float, Pair], duration_s: float, repeats: int) -> list[float]:
    times = interleaved({str(size): _sessions(pair, duration_s) for size, pair in pairs.items()}, repeats)
    return [float(taken.min()) for taken in times.values()]


def cells(duration_s: float, repeats: int, factors: tuple[float, ...] = (0.5, 1.0, 2.0)) -> dict:
    """Time of a session, and memory of both brains, against cells, at the same number of synapses for each cell."""
    built = {factor: rested_pair(of_size(cells=factor), 0) for factor in factors}
    sizes = [float(pair.params.cells.total) for pair in built.values()]
    mib = [sum(array.nbytes for brain in pair.brains for array in arrays_of(brain).values()) / 2**20 for pair in built.values()]
    return _fitted(sizes, _over(built, duration_s, repeats)) | {"mib": mib, "exponent_mib": exponent(sizes, mib)}


def synapses(duration_s: float, repeats: int) -> dict:
    """Time of a session against synapses of one brain, at the same number of cells."""
    built = {factor: rested_pair(of_size(probability=factor), 0) for factor in (0.5, 1.0, 2.0)}
    networks = [pair.brains[0].network for pair in built.values()]
    numbers = [float(len(network.recurrent.weight) + len(network.afferent.weight)) for network in networks]
    return _fitted(numbers, _over(built, duration_s, repeats))


def hours(duration_s: float, repeats: int) -> dict:
    """Time of a session against its length."""
    params, lengths = resolve(CONDITION).params, [duration_s, 2 * duration_s, 4 * duration_s]
    contenders = {str(length): _sessions(rested_pair(params, 0), length) for length in lengths}
    times = interleaved(contenders, repeats)
    return _fitted([length / 3600.0 for length in lengths], [float(taken.min()) for taken in times.values()])


def pairs(numbers: tuple[int, ...] = (1, 2, 4)) -> dict:
    """Time of a whole short cohort, recordings and checkpoints included, against its pairs, one worker."""
    resolved = resolve(CONDITION, quick=True)

    def cohort(number: int) -> float:
        with tempfile.TemporaryDirectory() as directory:
            return seconds(lambda: run_cohort(Path(directory), resolved, 0, number, 1, lambda _: None))

    cohort(1)  # compiles, and loads what writes files
    return _fitted([float(number) for number in numbers], [cohort(number) for number in numbers])
