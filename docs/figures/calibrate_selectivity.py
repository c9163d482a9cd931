"""Is the null of selectivity fair, and what does it find? `python -m docs.figures.calibrate_selectivity [RUN]`.

Draws selectivity_calibration.png beside this file and prints every number that docs/reference/selectivity.md quotes. With a run directory
that holds cell rates, cells of each pair are also held against the behaviour of two other pairs, which they cannot know.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from scipy.stats import mannwhitneyu

from analysis.core.discovery import false_discovery
from analysis.neural.inputs.frames import session_frames
from analysis.neural.tuning.auroc import excess_over_others
from analysis.neural.tuning.selectivity import Selectivity, selectivity, selectivity_shifts
from analysis.plots.style import new_figure, save_png
from params import resolve
from recording import read_session
from tests.fixtures.neural import STEP_S, bouts, frames_from, noise

FIGURE = Path(__file__).with_name("selectivity_calibration.png")
SETTINGS = resolve("coop_075s").params.analysis.selectivity
N_TIME, N_BOUTS = 14400, 150  # 30 min at 8 Hz
SHORTEST = round(SETTINGS.min_shift_s / STEP_S)
EFFECTS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6)
WORKERS = 2


def measure(activity: np.ndarray, masks: list[np.ndarray], seed: int, baseline: str = "others") -> Selectivity:
    settings = SETTINGS.model_copy(update={"baseline": baseline})
    shifts = selectivity_shifts(len(activity), STEP_S, settings, np.random.default_rng([9, seed]))
    return selectivity(activity, frames_from(*masks), shifts, settings, WORKERS)


def p_of_noise(baseline: str, n_time: int, n_cells: int, sessions: int) -> np.ndarray:
    """p-values of cells that are noise, for two behaviours a session."""
    found = []
    for seed in range(sessions):
        rng = np.random.default_rng([1, seed])
        masks = [bouts(rng, n_time, N_BOUTS * n_time // N_TIME) for _ in range(2)]
        found.append(measure(noise(rng, n_time, n_cells), masks, seed, baseline).p_value.ravel())
    return np.concatenate(found)


def rank_sum_p_of_noise(n_cells: int) -> np.ndarray:
    """The same, of a rank-sum test that takes frames as independent."""
    rng = np.random.default_rng(2)
    mask, activity = bouts(rng, N_TIME, N_BOUTS), noise(rng, N_TIME, n_cells)
    return mannwhitneyu(activity[mask], activity[~mask], axis=0).pvalue


def p_of_drift(sessions: int) -> np.ndarray:
    """p-values of cells that fall by one standard deviation over the session, beside a behaviour that grows rare (threefold)."""
    found = []
    for seed in range(sessions):
        rng = np.random.default_rng([3, seed])
        starts = np.flatnonzero(rng.random(N_TIME) < N_BOUTS / N_TIME * np.linspace(1.5, 0.5, N_TIME))
        mask = np.zeros(N_TIME, bool)
        for start in starts:
            mask[start : start + rng.integers(4, 25)] = True
        activity = noise(rng, N_TIME, 200) + np.linspace(0.5, -0.5, N_TIME, dtype=np.float32)[:, None]
        found.append(measure(activity, [mask], seed).p_value.ravel())
    return np.concatenate(found)


def false_alarms(sessions: int) -> dict[str, float]:
    """Share of sessions of 400 noise cells in which any is called tuned, by how many shifts are drawn."""
    everything = np.arange(SHORTEST, N_TIME - SHORTEST + 1)
    found = {"1000": 0, "4000": 0, f"every one, {len(everything)}": 0}
    for seed in range(sessions):
        rng = np.random.default_rng([4, seed])
        activity, mask = noise(rng, N_TIME, 400), bouts(rng, N_TIME, N_BOUTS)
        far = np.abs(excess_over_others(activity.T, mask[None], np.append(0, everything))[:, 0])
        as_far = far[:, 1:] >= far[:, :1]
        for name, drawn in zip(found, (rng.integers(0, len(everything), n) for n in (1000, 4000)), strict=False):
            found[name] += any_tuned(as_far[:, drawn])
        found[f"every one, {len(everything)}"] += any_tuned(as_far)
    return {name: count / sessions for name, count in found.items()}


def any_tuned(as_far: np.ndarray) -> bool:
    """Whether false discovery control takes any cell, given which draws [cell, draw] lie as far from 1/2 as the recording."""
    p_value = (1 + as_far.sum(axis=1)) / (1 + as_far.shape[1])
    return bool(false_discovery(p_value, SETTINGS.false_discovery).any())


def planted(effect: float, sessions: int) -> dict[str, float]:
    """A fifth of 400 cells higher or lower by `effect` standard deviations in the behaviour: what is found, and how much falsely."""
    single, found, false, area = [], [], [], []
    for seed in range(sessions):
        rng = np.random.default_rng([5, seed])
        mask, sign = bouts(rng, N_TIME, N_BOUTS), np.resize(np.array([1, 0, 0, 0, 0, -1, 0, 0, 0, 0]), 400)
        result = measure(noise(rng, N_TIME, 400) + effect * mask[:, None] * sign, [mask], seed)
        tuned = result.tuned[:, 0]
        single.append((result.p_value[sign != 0] < 0.05).mean())
        found.append((tuned == sign)[sign != 0].mean())
        false.append((tuned != 0)[sign == 0].sum() / max((tuned != 0).sum(), 1))
        area.append(result.auroc[sign > 0].mean())
    return {"auroc": np.mean(area), "p < 0.05": np.mean(single), "found": np.mean(found), "false": np.mean(false)}


def of_other_pairs(run: Path) -> Iterator[float]:
    """Share of cells with p < 0.05 against each behaviour of another pair in the last session of training."""
    analysis = resolve("coop_075s").params.analysis
    last = {path.name[:6]: path for path in sorted((run / "sessions").glob("*_coop_075s.h5"))}
    sessions = [read_session(path) for path in last.values()]
    frames = [session_frames(session, analysis)[0] for session in sessions]
    for own, session in enumerate(sessions):
        for other in ((own + 1) % len(sessions), (own + 3) % len(sessions)):
            shifts = selectivity_shifts(N_TIME, STEP_S, SETTINGS, np.random.default_rng([6, own, other]))
            result = selectivity(session.cells_of(0).activity, frames[other], shifts, SETTINGS, WORKERS)
            yield (result.p_value[:, result.measured] < 0.05).mean()


def draw(p_values: dict[str, np.ndarray], hits: dict[float, dict[str, float]]) -> Figure:
    figure = new_figure(10, 4.2)
    left, right = figure.subplots(1, 2)
    for name, p_value in p_values.items():
        left.plot(np.sort(p_value), np.arange(1, len(p_value) + 1) / len(p_value), label=name, lw=1.6)
    left.plot([1e-3, 1], [1e-3, 1], color="0.5", ls=":", label="fair")
    left.set(xscale="log", yscale="log", xlim=(1e-3, 1), ylim=(5e-4, 1.1), xlabel="p", ylabel="share of noise cells below p")
    left.set_title("cells that are noise")
    for name, style in {"p < 0.05": "--", "found": "-", "false": ":"}.items():
        label = {"found": "found, false discovery controlled", "false": "false among those called tuned"}.get(
            name, f"single cell, {name}"
        )
        right.plot(list(hits), [each[name] for each in hits.values()], f"o{style}", label=label, ms=4)
    right.axhline(SETTINGS.false_discovery, color="0.5", lw=0.8)
    right.set(xlabel="planted effect, standard deviations", ylabel="share of cells", ylim=(-0.02, 1.05))
    right.set_title("a fifth of 400 cells planted")
    for axes in (left, right):
        axes.legend()
    return figure


def main(arguments: list[str]) -> None:
    p_values = {
        "shifts, against all others": p_of_noise("others", N_TIME, 400, 20),
        "shifts, against the free frames (10 min)": p_of_noise("free", N_TIME // 3, 150, 20),
        "rank-sum test of frames": rank_sum_p_of_noise(400),
    }
    for name, p_value in p_values.items():
        shares = ", ".join(f"{100 * (p_value <= level).mean():.2f} % at {level:g}" for level in (0.05, 0.01, 0.001))
        print(f"{name}: {shares} (n = {len(p_value)})", flush=True)
    print("any of 400 noise cells tuned, by shifts:", false_alarms(40), flush=True)
    print(f"drift beside a behaviour that grows rare: {100 * (p_of_drift(4) < 0.05).mean():.1f} % below 0.05", flush=True)
    hits = {effect: planted(effect, 4) for effect in EFFECTS}
    for effect, each in hits.items():
        print(f"effect {effect:g}:", ", ".join(f"{name} {value:.3f}" for name, value in each.items()), flush=True)
    save_png(lambda: draw(p_values, hits), FIGURE, dpi=110)
    for run in arguments:
        shares = np.array(list(of_other_pairs(Path(run))))
        print(f"other pairs' behaviour: {100 * shares.mean():.1f} % of cells below 0.05 ({len(shares)} pairings)")


if __name__ == "__main__":
    main(sys.argv[1:])
