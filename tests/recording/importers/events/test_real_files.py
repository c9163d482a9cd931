"""Every file of events of the shared data: the numbers that reading its bytes gave."""

from typing import Any

import pytest

from recording.errors import ImportRefused
from recording.importers.events.read import sniff
from tests.fixtures.real_files import real
from tests.recording.importers.events.options import read

LABELS = {"columns": {"start": "from", "stop": "to", "label": "type", "subject": "ID"}}
PELLETS = {"arrays": {"times": "D", "codes": "E"}, "tick": "10 ms"}
LICKS = {"arrays": {"packed": "A"}, "tick": "2 ms"}
COUNTER = {"clock": "us_counter"}
DAY = 19 * 3600 + 39 * 60  # 19:39:00

# file, format, options, unit, events, first start, last start, last stop, total length of bouts (None: not said)
FILES: list[tuple[str, str, dict[str, Any], str | None, int, float, float, float, float | None]] = [
    ("boris_tabular.csv", "boris", {}, "s", 4, 3.300, 38.425, 46.100, 24.550),
    ("boris_tabular.tsv", "boris", {}, "s", 4, 3.300, 38.425, 46.100, 24.550),
    ("boris_aggregated_onoff.tsv", "boris", {}, "s", 18, 1.800, 317.390, 320.365, 92.225),
    ("boris_2mice_interact_DLC1.csv", "boris", {}, "s", 15, 17.075, 331.375, 332.700, 36.470),
    ("boris_2mice_multiple_behaviours.csv", "boris", {}, "s", 17, 18.075, 331.375, 332.700, 43.870),
    ("bpod_session_part1.mat", "bpod", {}, "s", 86, 0.1438, 22.0135, 22.0135, None),
    ("bpod_taskdata.jsonable", "bpod", {}, "s", 5449, 1.784311, 92.247211, 92.247211, None),
    ("bpod_sync_cue_ttl_s.txt", "times", {"time_unit": "s"}, "s", 3, 22.741326, 43.839912, 43.839912, 0),
    ("bpod_sync_hitmiss_ttl_s.txt", "times", {"time_unit": "s"}, "s", 4, 25.077999, 55.207979, 55.207979, 0),
    ("bpod_sync_frame_ttl_s.txt", "times", {"time_unit": "s"}, "s", 8580, 2.796398, 59.990827, 59.990827, 0),
    ("medpc_multipellet_5percol.txt", "medpc", PELLETS, "s", 2064, 0, 3720.35, 3720.35, 0),
    ("medpc_lick_packed_time_code.txt", "medpc", LICKS, "s", 2036, 5.000, 2825.974, 2825.974, 0),
    ("pycontrol_5inputs.txt", "pycontrol", {}, "ms", 6037, 0, 100602, 100602, 0),
    ("bonsai_encoder_events.ssv", "bonsai", {"clock": "computer"}, "s", 12, DAY + 6.7438592, DAY + 28.3121024, DAY + 28.3121024, 0),
    ("bonsai_encoder_positions_no_text.ssv", "bonsai", COUNTER, "us", 936, 3993633, 112125233, 112125233, 0),
    ("trials_plain.csv", "plain", {}, None, 11, 0.1, 1.1, 1.2, 1.1),
    ("labels_semicolon_crlf.csv", "plain", LABELS, None, 103, 161.315, 386.648, 387.440, None),
    ("eyetracker_report.tsv", "plain", {"columns": {"time": "Start Time (secs)"}}, "s", 100, 549.233, 550.883, 550.883, 0),
]  # fmt: skip


@pytest.mark.parametrize("case", FILES, ids=lambda case: case[0])
def test_numbers(case: tuple[str, str, dict[str, Any], str | None, int, float, float, float, float | None]) -> None:
    name, form, options, unit, events, first, last, stop, total = case
    path = real(f"events/{name}")
    log = read(path, form, **options)
    rows = log.rows
    assert sniff(path) == form
    assert (log.unit, len(rows)) == (unit, events)
    assert rows["start"].iloc[0] == first
    assert (rows["start"].iloc[-1], rows["stop"].iloc[-1]) == (pytest.approx(last, abs=1e-9), pytest.approx(stop, abs=1e-9))
    if total is not None:
        assert (rows["stop"] - rows["start"]).sum() == pytest.approx(total, abs=1e-9)


def test_boris_bouts_of_each_subject() -> None:
    rows = read(real("events/boris_tabular.csv"), "boris").rows
    assert list(rows.itertuples(index=False, name=None)) == [
        ("subject1", "s", 3.300, 7.750), ("subject1", "s", 9.900, 16.200), ("subject1", "s", 18.350, 24.475),
        ("subject2", "s", 38.425, 46.100)
    ]  # fmt: skip


def test_boris_aggregated_holds_bouts_and_moments_of_two_videos() -> None:
    log = read(real("events/boris_aggregated_onoff.tsv"), "boris")
    rows = log.rows
    assert rows["subject"].value_counts().to_dict() == {"No focal subject": 12, "subject2": 4, "subject1": 2}
    assert ((rows["stop"] > rows["start"]).sum(), (rows["stop"] == rows["start"]).sum()) == (10, 8)
    assert [note.kind for note in log.notes] == ["several videos"]
    one = read(real("events/boris_aggregated_onoff.tsv"), "boris", keep={"Media file": "video_test_25fps_180s.mp4"})
    assert (len(one.rows), one.notes) == (6, ())


def test_boris_two_behaviours_may_overlap() -> None:
    rows = read(real("events/boris_2mice_multiple_behaviours.csv"), "boris").rows
    assert rows["label"].value_counts().to_dict() == {"interact": 15, "mount": 2}
    assert set(rows["subject"]) == {"adult"}


def test_boris_project_is_to_be_exported() -> None:
    path = real("events/boris_project.boris")
    assert sniff(path) == "boris"
    with pytest.raises(
        ImportRefused, match=r"is a BORIS project; export events from BORIS first \(Observations > Export events\), one"
    ):
        read(path, "boris")


def test_bpod_times_count_from_the_session() -> None:
    log = read(real("events/bpod_session_part1.mat"), "bpod")
    starts = log.rows.groupby("label")["start"].apply(list)
    assert len(starts["BNC1High"]) == 19
    assert starts["HIT"] == pytest.approx([9.7199, 20.4177], abs=1e-9)
    assert starts["A2L_Audio"] == pytest.approx([7.3833, 18.4178], abs=1e-9)
    assert starts["Trial"] == [0.1438, 11.3443]
    assert not set(starts.index) & {"Miss", "W2T_Audio", "Microstim", "LeftReward", "Port1In", "poke"}
    assert [(note.kind, note.count) for note in log.notes] == [("unvisited", 8)]


def test_bpod_ports_keep_their_names() -> None:
    rows = read(real("events/bpod_taskdata.jsonable"), "bpod").rows
    trials = rows[rows["label"] == "Trial"]
    assert (len(trials), trials["start"].iloc[0], trials["stop"].iloc[-1]) == (8, 1.784311, 92.247213)
    ports = rows[rows["label"] == "Port1In"]["start"].to_numpy()
    inside = [
        int(((ports >= start) & (ports <= stop)).sum()) for start, stop in zip(trials["start"], trials["stop"], strict=True)
    ]
    assert (inside[:2], max(inside)) == ([18, 174], 1892)
    assert "poke" not in set(rows["label"])


def test_medpc_codes() -> None:
    log = read(real("events/medpc_lick_packed_time_code.txt"), "medpc", **LICKS)
    assert (log.rows["label"] == "001").sum() == 1447
    assert set(log.rows["subject"]) == {"EX01"}
    assert [(note.kind, note.count) for note in log.notes] == [("unused room", 7465)]
    assert (
        read(real("events/medpc_lick_packed_time_code.txt"), "medpc", **LICKS | {"tick": "1 ms"}).rows["start"].iloc[-1]
        == 1412.987
    )


@pytest.mark.parametrize("name", ["medpc_lick_packed_time_code.txt", "medpc_multipellet_5percol.txt"])
def test_medpc_unit_is_asked_for(name: str) -> None:
    arrays = (LICKS if "lick" in name else PELLETS)["arrays"]
    with pytest.raises(ImportRefused, match=r'does not say how long a count of its times lasts; write tick = "10 ms"'):
        read(real(f"events/{name}"), "medpc", arrays=arrays)


def test_pycontrol_names() -> None:
    log = read(real("events/pycontrol_5inputs.txt"), "pycontrol")
    counts = log.rows["label"].value_counts()
    assert {counts[f"{edge}_{n}"] for edge in ("rising", "falling") for n in range(1, 6)} == {503}
    assert log.rows["label"].iloc[0] == "output_off"
    assert log.notes == ()


def test_bonsai_events_repeat_a_count_and_go_back() -> None:
    path = real("events/bonsai_encoder_events.ssv")
    assert [note.kind for note in read(path, "bonsai", clock="computer").notes] == ["dates", "out of order", "repeated"]
    log = read(path, "bonsai", clock="us_counter")
    assert [(note.kind, note.count) for note in log.notes] == [("repeated count", 8)]
    assert log.rows["start"].iloc[:4].tolist() == [1000574, 1000574, 1000574, 1698630]
    with pytest.raises(
        ImportRefused, match='does not say which clock is the time; write clock = "computer" or clock = "us_counter"'
    ):
        read(path, "bonsai")


def test_bonsai_counter_wraps_and_the_cut_line_is_named() -> None:
    path = real("events/bonsai_encoder_positions_wrap.ssv")
    log = read(path, "bonsai", clock="us_counter")
    start = log.rows["start"]
    assert (len(start), log.unit, start.iloc[-1] - start.iloc[0]) == (14, "us", 2464887)
    assert [(note.kind, note.places) for note in log.notes] == [("cut line", ("line 15",)), ("counter wrap", ("sample 6",))]
    clock = read(path, "bonsai", clock="computer").rows["start"]
    assert clock.iloc[-1] - clock.iloc[0] == pytest.approx(2.465344, abs=1e-7)


def test_bonsai_camera_counter_wraps_twice() -> None:
    path = real("events/bonsai_camera_timestamps.ssv")
    log = read(path, "bonsai", clock="camera_counter")
    start = log.rows["start"]
    assert (len(start), log.unit) == (6001, "s")
    assert start.iloc[-1] - start.iloc[0] == pytest.approx(
        198.604125, abs=1 / 8000
    )  # in whole cycles; with their parts 198.604158
    assert [(note.kind, note.count) for note in log.notes] == [("counter wrap", 2)]
    clock = read(path, "bonsai", clock="computer").rows["start"]
    assert clock.iloc[-1] - clock.iloc[0] == pytest.approx(198.561229, abs=1e-6)


def test_one_video_of_several() -> None:
    log = read(real("events/labels_semicolon_crlf.csv"), "plain", **LABELS, keep={"ID": "FST_2"})
    assert (len(log.rows), set(log.rows["subject"])) == (18, {"FST_2"})
    assert "out of order" not in {note.kind for note in log.notes}
