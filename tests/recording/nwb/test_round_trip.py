"""What goes out as a pair of NWB files comes back as it was, the same bytes each time, and without a complaint of the validators."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recording import Session, event_table, side_by_side, spike_table
from recording.errors import ImportRefused, RecordingError
from tests.fixtures.sessions import make_session
from tests.recording.test_store import full_session, moving_places

pytest.importorskip("pynwb")
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

from recording.importers.nwb_session import read_nwb_session  # noqa: E402  after the check for pynwb
from recording.nwb.facts import Facts, SubjectFacts  # noqa: E402
from recording.nwb.file import write_pair  # noqa: E402

PROVENANCE = {"files": [{"name": "a/b.csv", "sha256": "0f"}], "importer": {}, "clock": {"ppm": 14.5, "notes": []}}
RNG = np.random.default_rng(0)
N = 200
EVENTS = [
    event_table(0, "poke", [1.0, 5.0, 9.0], [1.3, 5.1, 9.2]),
    event_table(1, "poke", [1.5, 9.25], [1.75, 9.5]),
    event_table([0, 1, 0, 1], "correct", [1.5, 1.5, 9.25, 9.25]),
    event_table(0, "miss", [5.75]),
    event_table(-1, "click", [1.5, 9.25]),
    event_table(0, "drink", [2.1], [2.1 + 1 / 3]),
    event_table(0, "wait", [0.1, 4.0], [0.9, 4.9]),
    event_table(0, "approach", [0.1, 0.5], [0.9, 1.0]),  # they overlap
]
FACTS = Facts.model_validate(
    {
        "start": "2023-04-13T10:30:00+02:00",
        "location": "ACA",
        "indicator": "GCaMP6f",
        "subject": [
            {"subject_id": f"M{k}", "species": "Mus musculus", "sex": "F", "age": "P90D", "strain": "C57BL/6J"} for k in range(2)
        ],
    },
    strict=False,
)


def mice(**changes: Any) -> Session:
    return make_session(RNG.normal(size=(N, 2, 2)), events=EVENTS, **changes)


def rate_session() -> Session:
    return mice(rates=RNG.gamma(1, 2, (N, 2, 3)).astype(np.float32), unit_class=("exc", "exc", "pv"))


def spiking_session() -> Session:
    trains = [[np.sort(RNG.uniform(0, 25, 30)) for _ in range(count)] for count in (3, 1)]
    return mice(spikes=spike_table([*trains[:1], [[*trains[1][0]]]]), unit_class=(("exc", "exc", "pv"), ("exc",)))


def network_session() -> Session:
    """Rates and spikes of 400 cells, some silent, with no spike of the second animal."""
    trains = [np.sort(RNG.integers(0, 25_000, RNG.integers(0, 40))) * 1e-3 for _ in range(400)]
    rates = RNG.gamma(1, 2, (N, 2, 400)).astype(np.float32)
    return mice(rates=rates, spikes=spike_table([trains, [[]] * 400]), unit_class=("exc",) * 320 + ("pv",) * 80)


def dff_session() -> Session:
    rates = side_by_side([RNG.normal(size=(N, 3)), RNG.normal(size=(N, 1))])
    observed = RNG.random((N, 2)) < 0.9
    return mice(
        rates=rates, unit_class=(("exc", "exc", "pv"), ("exc",)), signal="dff", observed=observed, provenance=PROVENANCE,
        time=np.arange(N) / 7, event_step=0.001, port=[[-2.5, 0.1], [2.5, 0.1]],
    )  # fmt: skip


def agents_session() -> Session:
    return make_session(
        time=np.arange(50.0), actions=RNG.integers(-1, 6, (50, 2)).astype(np.int8), rates=RNG.normal(size=(50, 2, 4)).astype(np.float32),
        unit_class=("unit",) * 4, time_unit="step", event_step=1, window=3, space_unit="cell", condition="marl_social",
        tracks=RNG.normal(size=(50, 2, 2)), events=[event_table(0, "poke", [1.0, 9.0]), event_table([0, 1], "correct", [9.0, 9.0])],
        **moving_places(50, RNG),
    )  # fmt: skip


def one_sided_session() -> Session:
    return dataclasses.replace(
        dff_session(), rates=side_by_side([np.zeros((N, 0)), RNG.normal(size=(N, 2))]), unit_class=((), ("a", "b"))
    )


KINDS: dict[str, Callable[[], Session]] = {
    "rates": rate_session, "spikes": spiking_session, "rates and spikes": network_session, "dff": dff_session,
    "agents": agents_session, "everything": full_session,
    "cells of one mouse": one_sided_session,
    "deconvolved": lambda: dataclasses.replace(dff_session(), attributes=dff_session().attributes | {"signal": "deconvolved"}),
    "odder clock": lambda: mice(time=np.linspace(0, 23.4567, N)),
    "one animal": lambda: make_session(np.zeros((9, 1, 2)), port=[[0, 0]], spout=[[0, 0]]),
}  # fmt: skip


def written(session: Session, folder: Path, **more: Any) -> list[Path]:
    return write_pair(session, folder, FACTS if "provenance" in session.attributes else None, **({"rates": True} | more))


@pytest.mark.parametrize("kind", KINDS)
def test_a_session_comes_back_as_it_was(kind: str, tmp_path: Path) -> None:
    session = KINDS[kind]()
    read = read_nwb_session(written(session, tmp_path)[::-1])
    for field in dataclasses.fields(session):
        before, after = getattr(session, field.name), getattr(read, field.name)
        if isinstance(before, np.ndarray):
            assert after.dtype == before.dtype, field.name
            np.testing.assert_array_equal(after, before, err_msg=field.name)
        else:
            assert after == before, field.name


@pytest.mark.parametrize(("kind", "modality"), [("rates", "behavior"), ("spikes", "behavior+ecephys"), ("dff", "behavior+ophys")])
def test_the_same_session_gives_the_same_bytes_named_as_dandi_names_them(kind: str, modality: str, tmp_path: Path) -> None:
    session = KINDS[kind]()
    first, second = (written(session, tmp_path / name) for name in ("a", "b"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    subject = "M1" if kind == "dff" else "coop-075s-seed0-pair00-mouse1"
    name = f"sub-{subject}/sub-{subject}_ses-coop-075s-seed0-pair00-s000-coop-075s_{modality}.nwb"
    assert first[1] == tmp_path / "a" / name
    assert second[1] == tmp_path / "b" / name


def test_rates_are_written_when_asked_for(tmp_path: Path) -> None:
    assert read_nwb_session(written(rate_session(), tmp_path, rates=False)).rates is None


RARER = (pytest.param(kind, marks=pytest.mark.slow) for kind in ("deconvolved", "everything", "cells of one mouse"))


@pytest.mark.parametrize("kind", ["rates", "spikes", "dff", "agents", *RARER])
def test_validators_find_nothing(kind: str, tmp_path: Path) -> None:
    inspector = pytest.importorskip("nwbinspector")
    path = written(KINDS[kind](), tmp_path)[0]
    found = inspector.inspect_nwbfile(nwbfile_path=path, config=inspector.load_config("dandi"))
    assert [each.message for each in found if each.importance.name != "BEST_PRACTICE_SUGGESTION"] == []


def test_pynapple_reads_positions_trials_and_rates(tmp_path: Path) -> None:
    pynapple = pytest.importorskip("pynapple")
    session = rate_session()
    data = pynapple.load_file(str(written(session, tmp_path)[0]))
    np.testing.assert_array_equal(data["nose"].values, session.tracks[:, 0])
    np.testing.assert_array_equal(data["partner_nose"].values, session.tracks[:, 1])
    np.testing.assert_array_equal(data["rates"].values, session.rates[:, 0])
    np.testing.assert_array_equal(data["nose"].t, session.time)
    trials = data["trials"]
    assert trials["outcome"].tolist() == ["correct", "miss", "correct"]
    np.testing.assert_allclose(trials.start, [1.0, 5.0, 9.0])
    np.testing.assert_allclose(trials.end, np.array([1.5, 5.75, 9.25]) + 0.0125)
    np.testing.assert_allclose(data["wait"].values, [[0.1, 0.9], [4.0, 4.9]])


def test_pynapple_reads_spikes_and_imaging(tmp_path: Path) -> None:
    pynapple = pytest.importorskip("pynapple")
    spiking, imaged = spiking_session(), dff_session()
    units = pynapple.load_file(str(written(spiking, tmp_path)[0]))["units"]
    own = spiking.spikes[(spiking.spikes["agent"] == 0) & (spiking.spikes["unit"] == 2)]["time"]
    np.testing.assert_array_equal(units[2].t, own)
    assert units["cell_class"].tolist() == ["exc", "exc", "pv"]
    np.testing.assert_array_equal(pynapple.load_file(str(written(imaged, tmp_path)[1]))["dff"].values, imaged.rates[:, 1, :1])


def test_the_auroc_of_a_cell_is_the_same_from_nwb(tmp_path: Path) -> None:
    pynapple = pytest.importorskip("pynapple")
    metrics = pytest.importorskip("sklearn.metrics")
    session = rate_session()
    data = pynapple.load_file(str(written(session, tmp_path)[0]))
    near = session.tracks[:, 1, 0] > 0
    for cell in range(3):
        ours = metrics.roc_auc_score(near, session.rates[:, 0, cell])
        theirs = metrics.roc_auc_score(data["partner_nose"].values[:, 0] > 0, data["rates"].values[:, cell])
        assert theirs == pytest.approx(ours, abs=1e-6)


def test_steps_are_no_seconds(tmp_path: Path) -> None:
    import pynwb

    with pynwb.NWBHDF5IO(written(agents_session(), tmp_path)[0], "r") as io:
        file = io.read()
        assert "one step stands where NWB says one second" in file.session_description
        assert file.processing["behavior"]["Position"]["nose"].unit == "n.a."
        assert file.processing["behavior"]["Position"]["nose"].rate == 1.0


def test_simulated_animals_are_said_to_be_simulated(tmp_path: Path) -> None:
    import pynwb

    with pynwb.NWBHDF5IO(written(rate_session(), tmp_path)[0], "r") as io:
        file = io.read()
        assert file.subject.species == "http://purl.obolibrary.org/obo/NCBITaxon_32630"
        assert file.subject.description.startswith("No animal: a simulated mouse")
        assert "no date" in file.notes


def refused(paths: list[Path]) -> str:
    with pytest.raises(ImportRefused) as caught:
        read_nwb_session(paths)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    first = written(rate_session(), tmp_path)[0]
    assert "files of agents [0] were given; needed: [0, 1]" in refused([first])
    assert "files of agents [0, 0] were given" in refused([first, first])
    other = written(mice(session=1), tmp_path)
    assert "give the files of one session" in refused([first, other[1]])
    assert "give those of all animals" in refused([])


@pytest.mark.parametrize("keep", [0, 8, 0.3, 0.7, 0.95])
def test_a_file_cut_short_is_one_line(keep: float, tmp_path: Path) -> None:
    first, second = written(mice(), tmp_path)
    whole = second.read_bytes()
    second.write_bytes(whole[: int(keep if keep > 1 else keep * len(whole))])
    assert str(second) in refused([first, second])


def test_other_files_are_refused(tmp_path: Path) -> None:
    import pynwb

    (tmp_path / "a.nwb").write_text("hello")
    assert "a.nwb: cannot be read" in refused([tmp_path / "a.nwb"])
    assert "absent.nwb: cannot be read (No such file" in refused([tmp_path / "absent.nwb"])
    with pynwb.NWBHDF5IO(tmp_path / "b.nwb", "w") as io:
        io.write(pynwb.NWBFile("other", "id", FACTS.start))
    assert "was not written by recording.nwb_out" in refused([tmp_path / "b.nwb"])


def test_real_animals_need_facts(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"s\.h5: is of real animals; --facts FILE tells start"):
        write_pair(dff_session(), tmp_path, where="s.h5")
    alone = Facts.model_construct(**(dict(FACTS) | {"subject": FACTS.subject[:1]}))
    with pytest.raises(RecordingError, match="is of 2 animals; the facts tell of 1"):
        write_pair(dff_session(), tmp_path, alone)
    assert isinstance(FACTS.subject[0], SubjectFacts)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_of_a_failed_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (first, _) = written(mice(), tmp_path)
    before = first.read_bytes()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(RecordingError, match="cannot be written"):
        written(mice(), tmp_path)
    assert first.read_bytes() == before
    assert [each.name for each in first.parent.iterdir()] == [first.name]
