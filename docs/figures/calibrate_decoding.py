"""How decoding does on cells whose content is known: draws docs/figures/decoding_calibration.png and prints its numbers.

`python -m docs.figures.calibrate_decoding` from the project's root (a few minutes).
"""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold, cross_val_score

from analysis.core.statistics import binomial_range
from analysis.neural.decoding.decoding import decode, frame_shifts
from analysis.neural.decoding.partner_information import partner_information
from analysis.plots.style import ACCENT, CHANCE, INK, MUTED, new_figure, save_png
from params import resolve
from tests.fixtures.cells import session_with_cells, slow_noise

ANALYSIS = resolve("coop_075s", []).params.analysis
SETTINGS = ANALYSIS.decoding.model_copy(update={"null_draws": 59})
N, STEP_S = 14400, 0.125
TIME_S = np.arange(N) * STEP_S
MEMORIES_S = (0.125, 0.5, 1.5, 4.0, 10.0)
DRIFTS = (0.0, 0.25, 0.5, 1.0)
REPEATS = 100


def ceiling_and_found() -> np.ndarray:
    """Rows of (ceiling, R^2 found): y planted with growing strength in 40 noisy cells."""
    rng = np.random.default_rng(0)
    rows = []
    for strength in np.geomspace(0.02, 1.0, 8):
        y = slow_noise(rng, N, 1, 6.0)
        weights = rng.normal(size=(1, 40))
        cells = strength * y @ weights + rng.normal(size=(N, 40))
        found = decode(cells, {"y": y}, TIME_S, np.empty(0, np.int64), SETTINGS)["y"].finding
        rows.append((1 - 1 / (1 + strength**2 * (weights**2).sum()), found.score))
    return np.array(rows)


def false_alarms(memory_s: float, drift: float = 0.0) -> tuple[float, float]:
    """Share of p <= 0.05 where cells and target are independent noise, at all and net of time; both may drift together."""
    rng = np.random.default_rng(1)
    shared = np.linspace(-drift, drift, N)[:, None]
    p = []
    for seed in range(REPEATS):
        cells, y = (shared + slow_noise(rng, N, columns, memory_s / STEP_S) for columns in (8, 1))
        shifts = frame_shifts(TIME_S, SETTINGS, np.random.default_rng(seed))
        nuisances = (None, TIME_S[:, None])
        p.append([decode(cells, {"y": y}, TIME_S, shifts, SETTINGS, each)["y"].finding.p_value for each in nuisances])
    at_all, net = (np.array(p) <= 0.05).mean(axis=0)
    return float(at_all), float(net)


def random_and_blocks(memory_s: float) -> tuple[float, float]:
    """R^2 of 100 cells of noise for noise: frames held out at random, and blocks."""
    rng = np.random.default_rng(2)
    cells, y = (slow_noise(rng, N, columns, memory_s / STEP_S) for columns in (100, 1))
    random = cross_val_score(Ridge(alpha=1.0), cells, y[:, 0], cv=KFold(10, shuffle=True, random_state=0)).mean()
    return float(random), decode(cells, {"y": y}, TIME_S, np.empty(0, np.int64), SETTINGS)["y"].finding.score


def planted_partner(strength: float) -> tuple[float, float, float]:
    """R^2 of the partner's place at all and net of own behaviour, and p of the latter, in mice that move together."""
    session = session_with_cells(np.random.default_rng(3), n=N, of_partner=strength, n_cells=60)
    found = partner_information(session, 0, ANALYSIS.model_copy(update={"decoding": SETTINGS}), np.random.default_rng(0)).scores()
    return found["partner_position"].score, found["net_partner_position"].score, found["net_partner_position"].p_value


def main() -> None:
    """Measure, print, draw."""
    strengths = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4)
    found = ceiling_and_found()
    alarms = np.array([false_alarms(each) for each in MEMORIES_S])
    drifting = np.array([false_alarms(1.0, each) for each in DRIFTS])
    traps = np.array([random_and_blocks(each) for each in MEMORIES_S])
    partner = np.array([planted_partner(each) for each in strengths])
    for name, rows in (("ceiling, found", found), ("false alarms at all, net of time; by memory", alarms)):
        print(name, rows.round(3).tolist())
    for name, rows in (("the same by drift", drifting), ("random, blocks", traps), ("partner at all, net, p", partner)):
        print(name, rows.round(3).tolist())

    def draw() -> Figure:
        figure = new_figure(10.5, 2.9)
        axes = figure.subplots(1, 4)
        _draw_ceiling(axes[0], found)
        _draw_trap(axes[1], traps)
        _draw_alarms(axes[2], alarms)
        _draw_partner(axes[3], np.array(strengths), partner)
        return figure

    save_png(draw, Path(__file__).with_name("decoding_calibration.png"))


def _draw_ceiling(axes: Axes, found: np.ndarray) -> None:
    axes.plot([0, 1], [0, 1], color=CHANCE, lw=3)
    axes.plot(*found.T, "o", color=ACCENT)
    axes.set(xlabel="R² of the best linear reader", ylabel="R² found", title="Planted")


def _draw_trap(axes: Axes, traps: np.ndarray) -> None:
    axes.semilogx(MEMORIES_S, traps[:, 0], "o-", color=MUTED, label="random frames")
    axes.semilogx(MEMORIES_S, traps[:, 1], "o-", color=ACCENT, label="blocks with gaps")
    axes.set(xlabel="memory of the noise, s", ylabel="R²", title="Noise from noise")
    axes.legend()


def _draw_alarms(axes: Axes, alarms: np.ndarray) -> None:
    low, high = binomial_range(REPEATS, 0.05, 0.95)
    axes.axhspan(low / REPEATS, high / REPEATS, color=CHANCE)
    axes.semilogx(MEMORIES_S, alarms[:, 0], "o-", color=ACCENT, label="at all")
    axes.semilogx(MEMORIES_S, alarms[:, 1], "o-", color=INK, label="net of time")
    axes.set(xlabel="memory of the noise, s", ylabel="share with p ≤ 0.05", title="False alarms", ylim=(0, 0.2))
    axes.legend()


def _draw_partner(axes: Axes, strengths: np.ndarray, partner: np.ndarray) -> None:
    axes.plot(strengths, partner[:, 0], "o-", color=MUTED, label="at all")
    axes.plot(strengths, partner[:, 1], "o-", color=ACCENT, label="net of own behaviour")
    axes.set(xlabel="partner planted / own place", ylabel="R² of the partner's place", title="Mice that move together")
    axes.legend()


if __name__ == "__main__":
    main()
