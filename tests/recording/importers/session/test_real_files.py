"""Real files of laboratories: each is drafted, or refused in one line; and the two clocks of a real session meet within a millisecond."""

import tomllib
from pathlib import Path

import pytest

from recording.import_session import main
from recording.importers.session.assemble import assemble
from recording.importers.spec.load import load_spec
from tests.fixtures.laboratory import small
from tests.fixtures.real_files import FOLDER, real
from tests.recording.importers.spec.test_asking import asked, marked

LARGE = (  # seconds each; their readers have tests of their own
    *("bonsai_camera_timestamps.ssv", "bpod_sync_frame_ttl_s.txt", "jabs_pose_v3_upto5.h5"),
    *("dlc2nwb_1mouse_no_subject.nwb", "neuroconv_pair_white.nwb"),
)
FILES = sorted(
    str(path.relative_to(FOLDER))
    for folder in ("pose", "events", "nwb", "sessions", "calcium")
    for path in (FOLDER / folder).glob("*")
    if path.name not in LARGE
)


@pytest.mark.parametrize("name", FILES or ["pose"])
def test_a_draft_of_every_real_file_asks_for_what_it_marks(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "draft.toml"
    if main(["--draft", str(real(name)), "-o", str(path)]) == 2:
        said = capsys.readouterr().err
        assert said.startswith("error: ")
        assert said.count("\n") == 1
        assert name.startswith(("sessions", "calcium/miniscope"))
        return
    text = path.read_text()
    tomllib.loads(text)
    found = asked(path)
    assert sorted(found) == sorted(marked(text))
    if name.startswith("pose") and "before it can be read" not in text:
        assert any(key.endswith(".frame_rate") for key in found)  # none of them holds one


def test_events_of_a_real_box_are_on_the_recorders_clock(tmp_path: Path) -> None:
    """Cues link the two clocks; the hits, which were not used for it, meet the recorder's own pulses of them."""
    path = small(60.0).write(tmp_path)
    box, recorder = (real(f"events/{name}") for name in ("bpod_session_part1.mat", "bpod_sync_cue_ttl_s.txt"))
    (tmp_path / "cues.txt").write_text("7.3833\n18.4178\n")
    ignored = [
        "Trial", "ITI", "Flex1Trig2", "Flex1Trig1", "A2L_Audio", "Tup", "Airpuff", "BNC1High", "Sensorcalm", "BNC1Low",
        "Response_window", "Licking_delay", "RightReward", "reward_window",
    ]  # fmt: skip
    kinds = "".join(f'{name} = "ignore"\n' for name in ignored)
    path.write_text(
        path.read_text().partition("[events.box]")[0]
        + f"""
[events.bpod]
file = "{box}"
clock = "bpod"
armed = "every poke"
read.format = "bpod"
[events.bpod.kinds]
HIT = "agent_0 poke"
{kinds}
[clocks.bpod]
pulses = "cues.txt"
session_pulses = "{recorder}"
tolerance = "1 ms"
"""
    )
    found = assemble(load_spec(path), "test")
    pokes = found.session.events_of("poke", 0)["start"] + 2.0
    assert pokes == pytest.approx([25.077999, 35.775924], abs=1e-3)
    assert found.clocks.found[0].offset_s == pytest.approx(15.358, abs=1e-3)
    assert 5 < found.clocks.found[0].drift_ppm < 25
    assert [note.count for note in found.notes["clocks.bpod"] if note.kind == "unmatched pulses"] == [
        1
    ]  # the cue of a trial that the box did not save
