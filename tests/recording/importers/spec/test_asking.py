"""What is missing is asked for, all at once and with an example; a draft asks for exactly the same."""

import re
import tomllib
from pathlib import Path

import pytest

from recording.errors import ImportRefused
from recording.import_session import main
from recording.importers.spec.draft import draft
from recording.importers.spec.load import load_spec
from tests.fixtures.laboratory import small

LAB = small(20.0, stop_s=18.0)
LEAST = (
    "experiment.name",
    "session.window",
    "space.pixel_size",
    "animals.agent_1.port",
    "tracks.top.file",
    "tracks.top.read.format",
)


def asked(path: Path) -> list[str]:
    """Keys that a specification is asked for."""
    with pytest.raises(ImportRefused, match="missing, for example") as error:
        load_spec(path)
    assert "\n" not in str(error.value)
    keys = str(error.value).partition("for example ")[2].partition("; docs/reference")[0]
    return [each.partition(" = ")[0] for each in re.split(r"; (?=[a-z]+\.)", keys)]


def test_an_empty_file_is_asked_for_everything_that_no_file_decides(tmp_path: Path) -> None:
    path = tmp_path / "empty.toml"
    path.write_text("")
    found = asked(path)
    assert set(LEAST) <= set(found)
    assert len(found) == len(set(found)) > 30
    assert not any(key.startswith(("events", "activity", "clocks")) for key in found)  # a session may lack them


@pytest.mark.parametrize(
    "key",
    [
        "experiment.width", "session.phase", "session.start", "session.event_step", "space.y", "space.pixel_size", "space.divider",
        "animals.agent_0.name", "animals.agent_1.point", "tracks.top.clock", "tracks.top.frame_rate", "tracks.top.longest_gap",
        "tracks.top.read.format", "events.box.armed", "events.box.kinds.lick", "events.box.subjects.m1", "clocks.box.tolerance",
    ],
)  # fmt: skip
def test_one_key_left_out_is_the_one_that_is_asked_for(tmp_path: Path, key: str) -> None:
    assert asked(LAB.write(tmp_path, **{key.replace(".", "__"): None})) == [key]


def test_two_keys_are_asked_for_together(tmp_path: Path) -> None:
    assert asked(LAB.write(tmp_path, session__window=None, events__box__subjects__m0=None)) == [
        "session.window",
        "events.box.subjects.m0",
    ]


def test_a_clock_without_a_link_is_asked_for(tmp_path: Path) -> None:
    path = LAB.write(tmp_path)
    path.write_text(path.read_text().partition("[clocks.box]")[0])
    assert asked(path) == ["clocks.box.offset", "clocks.box.rate"]


def test_outcomes_of_a_file_ask_which_are_kept(tmp_path: Path) -> None:
    assert asked(LAB.write(tmp_path, events__box__kinds__door='"agent_0 correct"')) == ["session.outcomes"]


def test_a_label_that_names_the_animal_needs_no_subject(tmp_path: Path) -> None:
    told = {"events__box__kinds__nosepoke": '"agent_0 poke"', "events__box__kinds__lick": '"agent_0 drink"'}
    load_spec(LAB.write(tmp_path, events__box__subjects__m0=None, events__box__subjects__m1=None, **told))


def test_a_draft_asks_for_exactly_what_it_marks(tmp_path: Path) -> None:
    LAB.write(tmp_path)
    path = tmp_path / "draft.toml"
    assert main(["--draft", *(str(tmp_path / name) for name in ("camera.csv", "box.csv")), "-o", str(path)]) == 0
    text = path.read_text()
    tomllib.loads(text)
    assert sorted(asked(path)) == sorted(marked(text))
    assert '"black" in 400' in text
    assert "# lick = " in text


def test_a_draft_that_is_filled_in_is_a_specification(tmp_path: Path) -> None:
    """The marks are the only obstacles: with the true values in their place the draft imports."""
    told = tomllib.loads(LAB.write(tmp_path).read_text())
    text = draft([tmp_path / "camera.csv", tmp_path / "box.csv"], tmp_path).replace("[tracks.camera", "[tracks.top")
    lines, table = [], ""
    for line in text.splitlines():
        table = line.strip("[]") if line.startswith("[") else table
        if "FILL IN:" in line:
            key, place = line.removeprefix("# ").partition(" = ")[0], told
            for part in table.split("."):
                place = place.get(part, {})
            value = place.get(key)
            line = f"{key} = {value!r}"
        lines.append(line)
    path = tmp_path / "filled.toml"
    path.write_text("\n".join(lines) + "\n")
    missing = asked(path)
    assert missing == ["events.box.armed", "clocks.box.offset", "clocks.box.rate"]  # what the values have opened


def marked(text: str) -> list[str]:
    """Keys of a draft that must be filled in."""
    table, found = "", []
    for line in text.splitlines():
        if line.startswith("["):
            table = line.strip("[]")
        elif "FILL IN:" in line:
            found.append(f"{table}.{line.removeprefix('# ').partition(' = ')[0]}")
    return found


def test_a_draft_never_writes_over_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    LAB.write(tmp_path)
    path = tmp_path / "session.toml"
    before = path.read_text()
    assert main(["--draft", str(tmp_path / "camera.csv"), "-o", str(path)]) == 2
    assert "is there already; --replace" in capsys.readouterr().err
    assert path.read_text() == before


def test_a_draft_of_what_is_no_recording_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, content in (("empty.csv", b""), ("noise.bin", bytes(range(256)) * 9), ("text.txt", "Gr\xfc\xdfe".encode("latin1"))):
        (tmp_path / name).write_bytes(content)
        assert main(["--draft", str(tmp_path / name)]) == 2
        assert "is of no format that is known here" in capsys.readouterr().err
    assert main(["--draft", str(tmp_path / "nowhere.csv")]) == 2
    assert "no such file" in capsys.readouterr().err
