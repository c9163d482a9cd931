"""Rasters and the decoded partner: means by hand, bands in order, predictions of the decoder as they are, reasons where none."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.neural.decoding.decoding import decode
from analysis.neural.inputs.frames import BEHAVIOURS, session_frames
from analysis.scene.brains import MOST_BINS, NO_SHIFTS, NOTHING, bands_of, brains_of, preferred
from recording import Session
from tests.fixtures.cells import session_with_cells
from tests.fixtures.sessions import make_session
from tests.fixtures.watched import PARAMS, watched

ANALYSIS = PARAMS.analysis
FEW = ANALYSIS.model_copy(update={"decoding": ANALYSIS.decoding.model_copy(update={"blocks": 5, "gap_s": 1.0})})
WHOLE = slice(0, None)


def with_rates(rates: np.ndarray, **changes: object) -> Session:
    return make_session(n=len(rates), rates=rates.astype(np.float32), **changes)


def test_without_rates_there_is_nothing_and_the_reason() -> None:
    found = brains_of(watched(cells=False), WHOLE, FEW)
    assert found is NOTHING
    assert not found.any
    assert "kept no cell rates" in found.missing


def test_an_animal_without_cells_has_no_brain() -> None:
    session = watched()
    assert session.rates is not None
    rates = session.rates.copy()
    rates[:, 1] = 0
    found = brains_of(replace(session, rates=rates), WHOLE, FEW)
    assert found.any
    assert found.brains[0] is not None
    assert found.brains[1] is None
    assert "no cell of agent 1 changes" in found.missing


def test_a_raster_by_hand() -> None:
    rates = np.zeros((400, 2, 2))
    rates[:, :, 0] = 10.0  # always at its brightest
    rates[200:, :, 1] = np.where(np.arange(200) % 2, 4.0, 8.0)[:, None]
    found = brains_of(with_rates(rates), slice(196, 204), FEW).brains[0]
    assert found is not None
    assert (found.per_bin, found.bands) == (1, (("cell", 2),))
    assert sorted(found.raster.tolist()) == [[0, 0, 0, 0, 255, 128, 255, 128], [255] * 8]
    assert np.isnan(found.decoded).all()  # nobody moves


@pytest.mark.parametrize("n", [1, 719, 720, 721, 1440, 2000])
def test_bins_are_means_of_their_samples(n: int) -> None:
    rng = np.random.default_rng(n)
    rates = np.minimum(rng.gamma(2.0, 5.0, (2400, 2, 1)), 30)
    found = brains_of(with_rates(rates), slice(100, 100 + n), FEW).brains[0]
    assert found is not None
    bright = np.percentile(rates[:, 0, 0].astype(np.float32), 99)
    shares = np.minimum(rates[100 : 100 + n, 0, 0] / bright, 1)
    bins = [255 * shares[start : start + found.per_bin].mean() for start in range(0, n, found.per_bin)]
    assert found.raster.shape[1] == len(bins) <= MOST_BINS
    assert np.abs(found.raster[0] - bins).max() <= 0.51


def test_rows_are_means_of_neighbours_of_one_band() -> None:
    n = 450
    rates = np.zeros((200, 2, n))
    rates[100:] = np.where(np.arange(n) < 301, 1.0, 2.0)
    rates[0] = 2.0
    classes = ("exc",) * 301 + ("pv",) * 149
    found = brains_of(with_rates(rates, unit_class=classes), slice(100, 200), FEW).brains[1]
    assert found is not None
    assert found.bands == (("exc", 101), ("pv", 50))  # three cells a row, the last of a band fewer
    assert (found.raster == 255).all()


def test_bands_are_groups_by_size_and_the_ungrouped_last() -> None:
    classes = watched().cells_of(0).classes
    names, band = bands_of(classes, np.array([-1, 1, 0, 0, 0, 1, -1, 0]))
    assert names == ["group 1", "group 2", "no group"]
    assert band.tolist() == [2, 1, 0, 0, 0, 1, 2, 0]
    for labels in (np.full(8, -1), None):  # none found, none looked for
        names, band = bands_of(classes, labels)
        assert (names, band.tolist()) == (["exc", "pv"], [0] * 6 + [1] * 2)
    assert bands_of(classes, np.zeros(8, int))[0] == ["group 1"]


def test_cells_are_ordered_by_band_and_then_by_what_they_prefer() -> None:
    rng = np.random.default_rng(0)
    session = session_with_cells(rng)
    frames = session_frames(session, ANALYSIS)[0]
    poke, rates = frames.mask("poke"), rng.gamma(2.0, 1.0, (len(session.time), 2, 4)).astype(np.float32)
    rates[:, 0, 3] += 20 * poke
    told = replace(session, rates=rates, unit_class=("exc",) * 4)
    assert frames.events[BEHAVIOURS.index("poke")] >= ANALYSIS.selectivity.min_events
    assert BEHAVIOURS[preferred(told, 0, rates[:, 0], ANALYSIS)[3]] == "poke"


def test_the_partner_is_decoded_as_the_analysis_does_it() -> None:
    session = session_with_cells(np.random.default_rng(1), of_partner=1.0)
    assert session.rates is not None
    kept = slice(300, 900)
    for agent, brain in enumerate(brains_of(session, kept, FEW).brains):
        assert brain is not None
        target = {"partner_position": session.tracks[:, 1 - agent]}
        expected = decode(session.rates[:, agent], target, session.time, NO_SHIFTS, FEW.decoding)["partner_position"]
        assert brain.score == pytest.approx(expected.finding.score, rel=1e-6)
        assert brain.decoded == pytest.approx(expected.predicted[kept], abs=1e-3)
        assert brain.score > 0.5


def test_a_session_too_short_to_decode_says_so_and_shows_its_cells() -> None:
    found = brains_of(watched(), WHOLE, ANALYSIS).brains[0]
    assert found is not None
    assert "leave nothing between gaps" in found.missing
    assert np.isnan(found.decoded).all()
    assert found.raster.any()


def test_animals_with_cells_of_their_own_have_bands_of_their_own() -> None:
    rates = np.random.default_rng(0).gamma(2.0, 1.0, (200, 2, 6)).astype(np.float32)
    rates[:, 1, 4:] = 0
    session = with_rates(rates, unit_class=(("unit",) * 6, ("exc", "exc", "pv", "pv")))
    bands = [brain.bands for brain in brains_of(session, slice(0, 200), FEW).brains if brain is not None]
    assert bands == [(("unit", 6),), (("exc", 2), ("pv", 2))]
