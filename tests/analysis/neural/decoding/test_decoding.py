"""What is planted in cells is read from them, no less and no more."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold, cross_val_score
from sklearn.preprocessing import StandardScaler

from analysis.core.statistics import binomial_range
from analysis.neural.decoding.blocked_ridge import DecodingError, held_out, standardised
from analysis.neural.decoding.decoding import decode, frame_shifts
from params import resolve
from tests.fixtures.cells import slow_noise

ANALYSIS = resolve("coop_075s", []).params.analysis
SMALL = ANALYSIS.decoding.model_copy(update={"blocks": 6, "null_draws": 39, "gap_s": 10.0})
N = 2400
TIME_S = np.arange(N) * 0.125


def shifts_of(seed: int = 0, n: int = N) -> np.ndarray:
    return frame_shifts(np.arange(n) * 0.125, SMALL, np.random.default_rng(seed))


def no_nuisance(n: int = N) -> np.ndarray:
    return np.empty((n, 0))


def training_frames(block: int, gap_s: float) -> np.ndarray:
    """Which frames [N] lie a gap or more outside a block."""
    length_s = TIME_S[-1] / SMALL.blocks
    return (block * length_s - gap_s > TIME_S) | ((block + 1) * length_s + gap_s <= TIME_S)


def test_equals_scikit_learn() -> None:
    """Scaled ridge on each fold's training frames, with own behaviour regressed out by another ridge first."""
    rng = np.random.default_rng(0)
    cells, own, targets = (slow_noise(rng, N, columns, 8.0) for columns in (12, 3, 2))
    cells[:, 0] += own[:, 0]
    targets[:, 0] += cells[:, 3] + 2 * own[:, 1]
    settings = SMALL.model_copy(update={"penalties": [0.1]})
    known = standardised(own)
    for block, fold in enumerate(held_out(cells, targets, own, TIME_S, settings)):
        train = training_frames(block, settings.gap_s)
        n = int(train.sum())
        of_cells = Ridge(alpha=n * settings.own_penalty).fit(known[train], cells[train])
        of_targets = Ridge(alpha=n * 0.1).fit(known[train], targets[train])
        scaler = StandardScaler(with_mean=False)
        rest = scaler.fit_transform(cells[train] - of_cells.predict(known[train]))
        ridge = Ridge(alpha=0.1 * n, fit_intercept=False).fit(rest, targets[train] - of_targets.predict(known[train]))
        baseline = of_targets.predict(known[fold.frames])
        predicted = baseline + ridge.predict(scaler.transform(cells[fold.frames] - of_cells.predict(known[fold.frames])))
        np.testing.assert_allclose(fold.baseline, baseline, atol=1e-9)
        np.testing.assert_allclose(fold.predicted, predicted, atol=1e-9)


def test_four_hundred_copies_of_a_cell_are_solved_in_single_precision() -> None:
    """All but one direction of the cells' Gram matrix are nearly empty; the smallest penalty must still carry them."""
    rng = np.random.default_rng(3)
    signal, own = slow_noise(rng, N, 1, 8.0), slow_noise(rng, N, 3, 8.0)
    cells = signal + 1e-3 * rng.standard_normal((N, 400))
    settings = SMALL.model_copy(update={"penalties": [min(ANALYSIS.decoding.penalties)]})
    narrow, wide = (
        np.concatenate([fold.predicted for fold in held_out(cells, signal.astype(kind), own, TIME_S, settings)])
        for kind in (np.float32, np.float64)
    )
    np.testing.assert_allclose(narrow, wide, atol=1e-3)
    assert np.corrcoef(wide[:, 0], signal[:, 0])[0, 1] > 0.99


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_a_cell_all_but_silent_in_training_is_fitted(kind: type) -> None:
    """Recorded before 62 decisions of training and a few more: of one cell's squares 2e-5 are left beyond its mean, and in single precision
    rounding of that, scaled up, made the Gram matrix indefinite."""
    with np.load(Path(__file__).with_name("weak_cell.npz")) as file:
        cells, correct, time_s = file["cells"], file["correct"], file["time_s"]
    folds = list(held_out(cells, correct[:, None].astype(kind), no_nuisance(len(cells)), time_s, ANALYSIS.decoding))
    assert all(np.isfinite(fold.predicted).all() for fold in folds)
    found = decode(cells, {"correct": correct}, time_s, np.array([7]), ANALYSIS.decoding)["correct"].finding
    assert 0.5 < found.score <= 1


def test_the_gap_is_kept_and_the_held_out_block_chooses_nothing() -> None:
    """Replacing a block and its gaps by rubbish leaves the fit that predicts it as it was."""
    rng = np.random.default_rng(1)
    cells, targets = slow_noise(rng, N, 10, 8.0), slow_noise(rng, N, 1, 8.0)
    targets += 0.5 * cells[:, :1]
    for place in (0, 2, 5):
        fold = list(held_out(cells, targets, no_nuisance(), TIME_S, SMALL))[place]
        unseen = ~training_frames(place, SMALL.gap_s)
        spoilt = targets.copy()
        spoilt[unseen] = 50 * rng.normal(size=(unseen.sum(), 1))
        again = list(held_out(cells, spoilt, no_nuisance(), TIME_S, SMALL))[place]
        np.testing.assert_allclose(again.predicted, fold.predicted, atol=1e-8)


@pytest.mark.parametrize("strength", [0.1, 0.3, 1.0])
def test_planted_information_is_found_up_to_its_ceiling(strength: float) -> None:
    """x = w y + e with |w| = strength / s.d. of e: the best linear reader has R^2 = 1 - 1 / (1 + |w|^2)."""
    rng = np.random.default_rng(2)
    y = slow_noise(rng, 8 * N, 1, 4.0)
    weights = rng.normal(size=(1, 20))
    cells = strength * y @ weights + rng.normal(size=(8 * N, 20))
    ceiling = 1 - 1 / (1 + strength**2 * (weights**2).sum())
    found = decode(cells, {"y": y}, np.arange(8 * N) * 0.125, shifts_of(n=8 * N), SMALL)["y"].finding
    assert ceiling - 0.02 < found.score < ceiling + 0.02
    assert found.p_value == 1 / 40
    assert abs(found.chance) < 0.02


@pytest.mark.parametrize("memory", [1.0, 10.0, 30.0])
def test_nothing_planted_nothing_found(memory: float) -> None:
    """Slow noise against slow noise: p below 0.05 in about 5 % of sessions, numbers and yes and no, and R^2 not above 0."""
    rng = np.random.default_rng(3)
    findings = []
    for seed in range(80):
        cells, y = slow_noise(rng, N, 8, memory), slow_noise(rng, N, 2, memory)
        found = decode(cells, {"number": y[:, 0], "yes": y[:, 1] > 0.5}, TIME_S, shifts_of(seed), SMALL)
        findings.append([found[name].finding for name in ("number", "yes")])
    for each in zip(*findings, strict=True):
        p = np.array([finding.p_value for finding in each])
        assert np.nansum(p <= 0.05) <= binomial_range(80, 0.05)[1]
        assert 0.4 < np.nanmean(p) < 0.65
    assert np.mean([number.score for number, _ in findings]) < 0.01
    assert 0.45 < np.nanmean([yes.score for _, yes in findings]) < 0.53


def test_frames_held_out_at_random_would_find_what_is_not_there() -> None:
    rng = np.random.default_rng(4)
    cells, y = slow_noise(rng, N, 60, 30.0), slow_noise(rng, N, 1, 30.0)
    random = cross_val_score(Ridge(alpha=1.0), cells, y[:, 0], cv=KFold(6, shuffle=True, random_state=0))
    assert random.mean() > 0.5
    found = decode(cells, {"y": y}, TIME_S, shifts_of(), SMALL)["y"].finding
    assert found.score < 0.05
    assert found.p_value > 0.05


def test_time_as_a_nuisance_takes_out_a_shared_drift() -> None:
    """Cells and target that drift over the session tell of each other, though in nothing else: not net of time."""
    rng = np.random.default_rng(5)
    drift = np.linspace(-1, 1, N)[:, None]
    at_all, net = [], []
    for seed in range(20):
        cells, y = drift + slow_noise(rng, N, 5, 5.0), drift + slow_noise(rng, N, 1, 5.0)
        at_all.append(decode(cells, {"y": y}, TIME_S, shifts_of(seed), SMALL)["y"].finding)
        net.append(decode(cells, {"y": y}, TIME_S, shifts_of(seed), SMALL, TIME_S[:, None])["y"].finding)
    assert np.mean([each.score for each in at_all]) > 0.1
    assert sum(each.p_value <= 0.05 for each in at_all) > 10
    assert np.mean([each.score for each in net]) < 0.02
    assert sum(each.p_value <= 0.05 for each in net) <= binomial_range(20, 0.05)[1]


def test_a_nuisance_of_noise_is_no_easy_baseline() -> None:
    """20 columns of slow noise would overfit a short session; the baseline is shrunk until it does about as well as the mean."""
    rng = np.random.default_rng(12)
    cells, y, own = (slow_noise(rng, N, columns, 12.0) for columns in (10, 1, 20))
    found = decode(cells + y, {"y": y}, TIME_S, shifts_of(), SMALL, own)["y"]
    assert ((found.actual - found.baseline) ** 2).mean() < 1.1
    assert 0.4 < found.finding.score < 0.95


def test_rare_events_are_read_at_balanced_accuracy() -> None:
    rng = np.random.default_rng(6)
    hidden = slow_noise(rng, N, 1, 4.0)
    event = hidden[:, 0] > 1.3
    cells = hidden + 0.3 * rng.normal(size=(N, 6))
    found = decode(cells, {"event": event, "other": rng.permutation(event)}, TIME_S, shifts_of(), SMALL)
    assert found["event"].finding.score > 0.85
    assert 0.4 < found["other"].finding.score < 0.6


def test_constant_cells_tell_nothing() -> None:
    y = slow_noise(np.random.default_rng(7), N, 1, 4.0)
    found = decode(np.full((N, 5), 3.0), {"y": y, "yes": y[:, 0] > 0}, TIME_S, shifts_of(), SMALL)
    assert found["y"].finding == (0.0, 0.0, 1.0)
    assert found["yes"].finding == (0.5, 0.5, 1.0)
    one_alive = np.hstack([np.full((N, 5), 3.0), y])
    assert decode(one_alive, {"y": y}, TIME_S, shifts_of(), SMALL)["y"].finding.score > 0.99


def test_targets_that_say_nothing() -> None:
    cells = slow_noise(np.random.default_rng(8), N, 4, 4.0)
    rare = np.zeros(N, bool)
    rare[[100, 900, 1500]] = True
    found = decode(cells, {"constant": np.ones(N), "never": np.zeros(N, bool), "rare": rare}, TIME_S, shifts_of(), SMALL)
    for each in found.values():
        assert np.isnan(each.finding).all()
        assert np.isnan(each.predicted).all()


def test_broken_frames_are_left_out() -> None:
    rng = np.random.default_rng(9)
    y = slow_noise(rng, N, 1, 4.0)
    cells = y + 0.5 * rng.normal(size=(N, 6))
    cells[200:260, 2] = np.nan
    broken = y.copy()
    broken[1000] = np.nan
    found = decode(cells, {"y": broken}, TIME_S, shifts_of(), SMALL)["y"]
    assert len(found.frames) == N - 61
    assert found.finding.score > 0.9
    whole = np.delete(np.arange(N), [*range(200, 260), 1000])
    cleaned = decode(cells[whole], {"y": y[whole]}, TIME_S[whole], shifts_of(), SMALL)["y"]
    assert cleaned.finding == found.finding


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (np.full((N, 3), np.nan), "no frame in which"),
        (np.empty((N, 0)), "no cells"),
        (np.ones((400, 3)), "leave nothing between gaps"),
    ],
)
def test_what_cannot_be_decoded_is_refused_in_one_line(cells: np.ndarray, message: str) -> None:
    n = len(cells)
    with pytest.raises(DecodingError, match=message) as error:
        decode(cells, {"y": np.arange(n, dtype=float)}, TIME_S[:n], shifts_of(), SMALL)
    assert "\n" not in str(error.value)


def test_same_bits_again() -> None:
    rng = np.random.default_rng(10)
    cells, y, own = (slow_noise(rng, N, columns, 4.0) for columns in (20, 2, 3))
    first, again = (decode(cells, {"y": y}, TIME_S, shifts_of(), SMALL, own)["y"] for _ in range(2))
    assert first.finding == again.finding
    np.testing.assert_array_equal(first.predicted, again.predicted)


def test_without_shifts_there_is_no_p_value() -> None:
    y = slow_noise(np.random.default_rng(11), N, 1, 4.0)
    found = decode(y, {"y": y}, TIME_S, np.empty(0, np.int64), SMALL)["y"].finding
    assert found.score > 0.99
    assert np.isnan(found.p_value)
    assert np.isnan(found.chance)
