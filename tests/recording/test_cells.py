"""Cells of real animals: agents with their own numbers of cells or none, dF/F, spikes, filled-in positions; and old files as they were."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from analysis.behaviour.strangers import never_met
from analysis.interventions.cell_ranking import rank_cells
from analysis.neural.decoding.blocked_ridge import DecodingError
from analysis.neural.decoding.partner_information import rates_of
from analysis.neural.inputs.activity import changing
from analysis.neural.inputs.frames import session_frames
from analysis.neural.inputs.signals import SIGNALS, deconvolved, dff, rate, signals_on
from analysis.neural.tuning.measures import class_masks
from params import resolve
from recording import RecordingError, Session, read_session, side_by_side, spike_table, validate, write_session
from recording.session import SPIKE_DTYPE
from recording.store import EXTENDED_FORMAT, FORMAT
from tests.fixtures.sessions import make_session

GOLDEN = Path(__file__).parent / "golden" / "first_format.h5"
CLASSES = (("exc", "exc", "pv"), ("exc",))
N = 40


def activity(units: int, seed: int, n: int = N) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, units)).astype(np.float32)


def unequal(classes: Any = CLASSES, **changes: Any) -> Session:
    """A session in which mouse 0 has three cells and mouse 1 has one, of dF/F."""
    rates = side_by_side([activity(len(own), seed) for seed, own in enumerate(classes)])
    return make_session(n=N, **({"rates": rates, "unit_class": classes, "signal": "dff"} | changes))


def saved(tmp_path: Path, session: Session) -> Session:
    write_session(tmp_path / "a.h5", session)
    return read_session(tmp_path / "a.h5")


def content(path: Path) -> dict[str, Any]:
    with h5py.File(path) as file:
        return dict(file.attrs) | {
            name: (each.dtype.str, each.shape, dict(each.attrs), each[()].tobytes() if each.shape else each[()])
            for name, each in file.items()
        }


def test_a_recording_of_the_first_format_reads_and_is_written_as_it_was(tmp_path: Path) -> None:
    session = read_session(GOLDEN)
    assert (session.signal, session.unit_class, session.spikes, session.observed) == ("rate", ("exc", "exc", "pv"), None, None)
    assert not session.differing_cells
    write_session(tmp_path / "again.h5", session)
    assert content(tmp_path / "again.h5") == content(GOLDEN)
    assert content(GOLDEN)["format"] == FORMAT


def test_each_agent_has_its_own_cells(tmp_path: Path) -> None:
    session = saved(tmp_path, unequal())
    assert session.unit_class == CLASSES
    assert session.rates.shape == (N, 2, 3)
    for agent in range(2):
        cells = session.cells_of(agent)
        assert cells.classes == CLASSES[agent]
        np.testing.assert_array_equal(cells.activity, activity(len(CLASSES[agent]), agent))
    assert content(tmp_path / "a.h5")["format"] == EXTENDED_FORMAT


def test_an_agent_may_have_no_cells(tmp_path: Path) -> None:
    session = saved(tmp_path, unequal(((), ("exc", "pv"))))
    assert session.cells_of(0).activity.shape == (N, 0)
    assert session.cells_of(0).classes == ()
    assert session.cells_of(1).classes == ("exc", "pv")
    with pytest.raises(RecordingError, match="no cell of agent 0 changes"):
        changing(session, 0)
    with pytest.raises(DecodingError, match="agent 0 has no cells"):
        rates_of(session, 0)


def test_an_agent_whose_rates_are_0_throughout_has_no_cells() -> None:
    rates = np.zeros((N, 2, 3), np.float32)
    rates[7, 0, 1] = 1
    session = make_session(n=N, rates=rates, unit_class=("exc",) * 3)
    assert session.cells_of(0).activity.shape == (N, 3)
    assert session.cells_of(1).activity.shape == (N, 0)


def test_without_activity_cells_are_refused() -> None:
    with pytest.raises(RecordingError, match="holds no rates"):
        make_session().cells_of(0)


def test_fluorescence_keeps_single_precision(tmp_path: Path) -> None:
    held, halved = unequal(), unequal(signal="rate")
    np.testing.assert_array_equal(saved(tmp_path, held).rates, held.rates)
    np.testing.assert_array_equal(saved(tmp_path, halved).rates, halved.rates.astype(np.float16).astype(np.float32))


def test_spikes_and_filled_in_positions_come_back(tmp_path: Path) -> None:
    observed = np.arange(2 * N).reshape(N, 2) % 3 > 0
    spikes = spike_table([[[0.5, 3.25], [], [0.1234567891]], [[5.0]]])
    session = saved(tmp_path, unequal(spikes=spikes, observed=observed, provenance={"files": {"a.nwb": "0f"}}))
    assert session.spikes.dtype == SPIKE_DTYPE
    assert session.spikes.tolist() == [(0, 2, 0.1234567891), (0, 0, 0.5), (0, 0, 3.25), (1, 0, 5.0)]
    np.testing.assert_array_equal(session.observed, observed)
    assert session.attributes["provenance"] == {"files": {"a.nwb": "0f"}}
    assert read_session(tmp_path / "a.h5", rates=False).spikes is None


def test_no_spikes_at_all_is_a_table_of_none(tmp_path: Path) -> None:
    assert len(saved(tmp_path, unequal(spikes=spike_table([[[], [], []], [[]]]))).spikes) == 0


def test_the_same_session_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.h5", "b.h5"):
        write_session(tmp_path / name, unequal(spikes=spike_table([[[1.0], [], []], [[2.0]]])))
    assert (tmp_path / "a.h5").read_bytes() == (tmp_path / "b.h5").read_bytes()


@pytest.mark.parametrize(("unit", "signal"), [("s", "rate"), ("step", "activation")])
def test_a_recording_that_says_nothing_holds_what_its_clock_says(unit: str, signal: str) -> None:
    assert make_session(time_unit=unit).signal == signal


def spikes_of(*rows: tuple[int, int, float]) -> np.ndarray:
    return np.array(list(rows), SPIKE_DTYPE)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "unknown signal": ({"signal": "df/f"}, "attribute signal = 'df/f' is unknown; allowed: rate, dff, deconvolved, activation"),
    "signal of no word": ({"signal": 1}, "attribute signal = 1 is a int; allowed: str"),
    "provenance in words": ({"provenance": "a.nwb"}, "attribute provenance = 'a.nwb' is a str; allowed: dict"),
    "provenance that JSON cannot hold": ({"provenance": {"at": Path()}}, "attribute provenance holds what JSON cannot"),
    "classes of one agent": ({"unit_class": (("exc",) * 3,)}, "unit_class is of 1 agents; allowed: 2"),
    "a class without a name": ({"unit_class": (("exc", "", "pv"), ("exc",))}, "unit_class = '' of unit 1, agent 0"),
    "a class in other letters": (
        {"unit_class": (("exc", "exc", "pv"), ("caf\u00e9",))},
        "unit_class = 'café' of unit 0, agent 1",
    ),
    "more classes than rates": ({"unit_class": (("exc",) * 4, ("exc",))}, "rates has shape [40, 2, 3]; allowed: [40, 2, 4]"),
    "fewer classes than cells": ({"unit_class": (("exc",) * 2, ("exc",) * 3)}, "rates of agent 0 is not 0 beyond its 2 cells"),
    "nobody's cells": ({"unit_class": ((), ()), "rates": np.zeros((N, 2, 0))}, "unit_class is missing"),
    "spikes of a stranger": ({"spikes": spikes_of((2, 0, 1.0))}, "spikes.agent = 2 in row 0; allowed: 0 to 1"),
    "spikes of another's cell": ({"spikes": spikes_of((0, 2, 1.0), (1, 2, 1.0))}, "spikes.unit = 2 in row 1"),
    "spikes after the end": ({"spikes": spikes_of((0, 0, 5.5))}, "spikes.time = 5.5 in row 0; allowed: 0 to 5"),
    "spikes at no time": ({"spikes": spikes_of((0, 0, np.nan))}, "spikes.time = nan in row 0"),
    "spikes out of order": (
        {"spikes": spikes_of((0, 0, 2.0), (0, 0, 1.0))},
        "spikes.time = 1 in row 1; allowed: spikes in order",
    ),
    "spikes of other fields": ({"spikes": np.zeros(1)}, "spikes has fields ; allowed: agent, unit, time"),
    "spikes of nameless cells": (
        {"unit_class": None, "rates": None, "spikes": spikes_of((0, 0, 1.0))},
        "unit_class is missing",
    ),
    "observed of one agent": ({"observed": np.ones((N, 1), bool)}, "observed has shape [40, 1]; allowed: [40, 2]"),
    "observed in numbers": ({"observed": np.ones((N, 2))}, "observed holds float64; allowed: bool"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_cells_are_refused_in_one_line(case: str) -> None:
    changes, message = BAD[case]
    with pytest.raises(RecordingError) as caught:
        validate(unequal(**changes), "file.h5")
    assert str(caught.value).startswith("file.h5: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


PARAMS = resolve("coop_075s").params


def test_recorded_fluorescence_is_analysed_as_it_is_and_nothing_else_is_made_of_it() -> None:
    session = unequal()
    assert dff(session, PARAMS) is session
    for asked in (rate, deconvolved):
        with pytest.raises(
            RecordingError, match=r"pair 0, session 0: holds dff, and no \w+ is made of it; allowed: --signals dff"
        ):
            asked(session, PARAMS)
    assert list(signals_on_seconds("dff")) == ["dff"]
    assert list(signals_on_seconds("rate")) == list(SIGNALS)


def signals_on_seconds(recorded: str) -> Any:
    from analysis.core.units import SECONDS

    return signals_on(SECONDS, recorded)


def test_the_microscope_sees_each_agents_own_cells() -> None:
    rates = side_by_side([np.full((N, 3), 2.0), np.full((N, 1), 2.0)])
    session = make_session(n=N, rates=rates, unit_class=CLASSES)
    seen = dff(session, PARAMS).rates
    assert seen[:, 0].any(axis=0).tolist() == [True, True, True]
    assert seen[:, 1].any(axis=0).tolist() == [True, False, False]


def test_analysis_reads_each_agents_own_cells() -> None:
    session = unequal()
    assert changing(session, 1).shape == rates_of(session, 1).shape == (N, 1)
    assert {name: mask.tolist() for name, mask in class_masks(session, 0).items()} == {
        "exc": [True, True, False],
        "gaba": [False, False, True],
    }
    frames = session_frames(session, PARAMS.analysis)[1]
    ranked = rank_cells(session, frames, 1, PARAMS.analysis, np.random.default_rng(0))
    assert ranked.cell.tolist() == [0]


def test_animals_that_never_met_keep_their_own_cells() -> None:
    other = unequal((("pv",), ("exc", "exc")))
    joined = never_met(unequal(), other)
    assert joined.unit_class == (CLASSES[0], ("exc", "exc"))
    np.testing.assert_array_equal(joined.cells_of(0).activity, unequal().cells_of(0).activity)
    np.testing.assert_array_equal(joined.cells_of(1).activity, other.cells_of(1).activity)
    validate(joined)
