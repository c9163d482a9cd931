"""DeepLabCut's csv: what is read, and the sentence for each way in which such a file goes wrong."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from recording.errors import ImportRefused
from recording.importers.pose.options import PoseOptions
from recording.importers.pose.pose import Pose
from recording.importers.pose.read import read_pose
from tests.fixtures.poses import dlc_table, pair_lines, pair_table, wandering, write_lines

Lines = list[str]


def read(path: Path, **more: object) -> Pose:
    return read_pose(path, PoseOptions.model_validate({"format": "deeplabcut", **more}))


def refusal(path: Path, **more: object) -> str:
    """What the user reads, less the name of the file."""
    with pytest.raises(ImportRefused) as refused:
        read(path, **more)
    said = str(refused.value)
    assert "\n" not in said
    assert said.startswith(f"{path}: ")
    return said.removeprefix(f"{path}: ")


def words(pose: Pose, kind: str) -> list[str]:
    return [note.words for note in pose.notes if note.kind == kind]


def test_four_rows_of_header(tmp_path: Path) -> None:
    pose = read(write_lines(tmp_path / "a.csv", pair_lines()))
    assert (pose.animals, pose.points, pose.notes) == (("left", "right"), ("nose", "tail"), ())
    np.testing.assert_array_equal(pose.position, wandering(4, 2).round(3))
    np.testing.assert_array_equal(pose.likelihood, np.full((4, 2, 2), 0.99))
    assert pose.frame.tolist() == [0, 1, 2, 3]
    assert pose.time_s is None


def test_three_rows_of_header(tmp_path: Path) -> None:
    position = wandering(3, 2)[:, :1]
    dlc_table(position, np.ones((3, 1, 2)), ("",), ("nose", "tail")).to_csv(tmp_path / "a.csv")
    pose = read(tmp_path / "a.csv")
    assert pose.animals == ("animal",)
    np.testing.assert_array_equal(pose.position, position)


def renamed_scorers(lines: Lines) -> Lines:
    cells = lines[0].split(",")
    return [",".join([cells[0], cells[1], *(f"net.{number}" for number in range(1, len(cells) - 1))]), *lines[1:]]


def header_turned(lines: Lines) -> Lines:
    return [lines[3], lines[2], lines[1], lines[0], *lines[4:]]


def columns_turned(lines: Lines) -> Lines:
    rows = [line.split(",") for line in lines]
    return [",".join([row[0], *row[:0:-1]]) for row in rows]


def windows_ends(lines: Lines) -> Lines:
    return [f"{line}\r" for line in lines]


@pytest.mark.parametrize("change", [renamed_scorers, header_turned, columns_turned, windows_ends])
def test_spellings_of_one_table_are_one_pose(change: Callable[[Lines], Lines], tmp_path: Path) -> None:
    usual = read(write_lines(tmp_path / "usual.csv", pair_lines()))
    other = read(write_lines(tmp_path / "other.csv", change(pair_lines())))
    animals, points = ([getattr(other, names).index(name) for name in getattr(usual, names)] for names in ("animals", "points"))
    np.testing.assert_array_equal(other.position[:, animals][:, :, points], usual.position)
    assert other.notes == ()


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.csv", pair_lines())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert words(read(path), "byte order mark") == ["the file starts with a byte order mark, which is no part of its first name"]


def test_zero_with_likelihood_zero_is_missing_and_zero_with_trust_is_told(tmp_path: Path) -> None:
    table = pair_table()
    table.iloc[1, 0:3] = 0
    table.iloc[2, 3:6] = (0, 0, 0.98)
    table.to_csv(tmp_path / "a.csv")
    pose = read(tmp_path / "a.csv")
    assert np.isnan(pose.position[1, 0, 0]).all()
    assert pose.position[2, 0, 1].tolist() == [0, 0]
    assert [(note.words, note.count, note.places, note.corrected) for note in pose.notes] == [
        ("0, 0 with likelihood 0 in 1 of 16 points: taken as missing", 1, ("frame 1",), True),
        (
            "exactly 0, 0 with likelihoods up to 0.98 in 1 point: kept as positions; set a least likelihood if they are missing",
            1,
            ("frame 2",),
            False,
        ),
    ]


@pytest.mark.parametrize("word", ["", "nan", "NaN", "NA", "None", "null"])
def test_words_for_missing(word: str, tmp_path: Path) -> None:
    lines = pair_lines()
    cells = lines[5].split(",")
    lines[5] = ",".join([cells[0], word, word, *cells[3:]])
    pose = read(write_lines(tmp_path / "a.csv", lines))
    assert np.argwhere(np.isnan(pose.position[..., 0])).tolist() == [[1, 0, 0]]


def test_half_a_point_is_missing(tmp_path: Path) -> None:
    lines = pair_lines()
    cells = lines[5].split(",")
    lines[5] = ",".join([cells[0], "nan", *cells[2:]])
    pose = read(write_lines(tmp_path / "a.csv", lines))
    assert np.isnan(pose.position[1, 0, 0]).all()
    assert words(pose, "half a point") == ["1 point with x and no y, or y and no x: taken as missing"]


def test_a_cut_last_line_is_left_out_and_named(tmp_path: Path) -> None:
    lines = pair_lines()
    lines[-1] = "3,100.5,98"
    pose = read(write_lines(tmp_path / "a.csv", lines, end=""))
    assert len(pose.frame) == 3
    assert [(note.words, note.corrected) for note in pose.notes] == [
        ("line 8, the last, is cut: it has 3 of 13 cells and is left out", True)
    ]


def test_a_last_line_without_an_end_is_told(tmp_path: Path) -> None:
    pose = read(write_lines(tmp_path / "a.csv", pair_lines(), end=""))
    assert len(pose.frame) == 4
    assert words(pose, "no end") == ["line 8, the last, has no end: its last number may be cut"]


def test_points_of_no_animal_are_left_out_and_named(tmp_path: Path) -> None:
    table = pair_table()
    table["net", "single", "corner", "x"] = 1.0
    table["net", "single", "corner", "y"] = 2.0
    table.to_csv(tmp_path / "a.csv")
    pose = read(tmp_path / "a.csv")
    assert (pose.animals, pose.points) == (("left", "right"), ("nose", "tail"))
    assert words(pose, "points of no animal") == ["points of no animal are left out: corner"]


def test_a_point_that_one_animal_lacks_is_missing(tmp_path: Path) -> None:
    pair_table().drop(columns=[("net", "right", "tail", each) for each in ("x", "y", "likelihood")]).to_csv(tmp_path / "a.csv")
    pose = read(tmp_path / "a.csv")
    assert np.isnan(pose.position[:, 1, 1]).all()
    assert words(pose, "no column") == ["some animals lack points that others have: right tail"]


def test_no_likelihood(tmp_path: Path) -> None:
    pair_table().drop(columns="likelihood", level=3).to_csv(tmp_path / "a.csv")
    assert np.isnan(read(tmp_path / "a.csv").likelihood).all()


def line(number: int, old: str, new: str) -> Callable[[Lines], Lines]:
    def change(lines: Lines) -> Lines:
        assert old in lines[number]
        return [*lines[:number], lines[number].replace(old, new, 1), *lines[number + 1 :]]

    return change


REFUSED: dict[str, tuple[Callable[[Lines], Lines], str]] = {
    "semicolons": (
        lambda lines: [each.replace(",", ";") for each in lines],
        "columns are parted by semicolons; save it with commas, and points in numbers",
    ),
    "tabs": (
        lambda lines: [each.replace(",", "\t") for each in lines],
        "columns are parted by tabs; save it with commas, and points in numbers",
    ),
    "decimal commas between commas": (
        lambda lines: [*lines[:4], *(each.replace(".", ",") for each in lines[4:])],
        "line 5 has 25 cells, and the header 13; decimals must be written with points",
    ),
    "decimal comma in quotes": (
        line(5, "0.99", '"0,99"'),
        'line 6, left nose likelihood: "0,99" is not a number; write 0.99',
    ),
    "a word": (line(4, "0.99", "high"), 'line 5, left nose likelihood: "high" is not a number'),
    "infinite": (line(4, "0.99", "inf"), 'line 5, left nose likelihood: "inf" is not a number'),
    "a short line in the middle": (
        lambda lines: [*lines[:5], "1,100.5,98", *lines[6:]],
        "line 6 has 3 cells, and the header 13",
    ),
    "an empty line in the middle": (lambda lines: [*lines[:5], "", *lines[5:]], "line 6 has 0 cells, and the header 13"),
    "a header that is cut": (
        lambda lines: [lines[0], lines[1][:30], *lines[2:]],
        "rows of the header differ in cells (scorer 12, individuals 4, bodyparts 12, coords 12); is it cut?",
    ),
    "no header": (
        lambda lines: lines[4:],
        'is no table of DeepLabCut: its header has no row "scorer"; needed: scorer, bodyparts, coords',
    ),
    "no frames": (lambda lines: lines[:4], "holds no frame; its header ends at line 4"),
    "three dimensions": (
        line(3, "likelihood", "z"),
        'nose has a column "z"; allowed: x, y, likelihood, positions in a plane',
    ),
    "one column twice": (
        line(3, "x,y", "x,x"),
        "2 columns hold x of nose of left; each may be there once",
    ),
    "a frame that is no number": (line(4, "0,", "zero,"), 'line 5, frame: "zero" is not a number'),
    "half a frame": (line(5, "1,", "1.5,"), "line 6: the frame's number is 1.5; allowed: whole numbers from 0"),
    "a frame below 0": (line(5, "1,", "-1,"), "line 6: the frame's number is -1; allowed: whole numbers from 0"),
    "labels in one column": (
        lambda lines: [*lines[:4], *(f"labeled-data/day1/img{each}" for each in lines[4:])],
        'is a table of labelled images ("labeled-data/day1/img0" ...), no recording; give the positions DeepLabCut tracked in the video',
    ),
    "labels in three columns": (
        lambda lines: [
            each.replace(",", ",,,", 1) if number < 4 else f"labeled-data,day1,{each}" for number, each in enumerate(lines)
        ],
        'is a table of labelled images ("labeled-data/day1/0" ...), no recording; give the positions DeepLabCut tracked in the video',
    ),
}


@pytest.mark.parametrize("trap", REFUSED)
def test_what_cannot_be_read_is_named_by_its_line(trap: str, tmp_path: Path) -> None:
    change, said = REFUSED[trap]
    assert refusal(write_lines(tmp_path / "a.csv", change(pair_lines()))) == said


def test_prefixes_part_the_points_of_one_track(tmp_path: Path) -> None:
    position = wandering(3, 5)[:, :1]
    points = ("m_nose", "w_nose", "m_tail", "w_tail", "corner")
    dlc_table(position, np.ones((3, 1, 5)), ("",), points).to_csv(tmp_path / "a.csv")
    pose = read(tmp_path / "a.csv", prefixes=["w_", "m_"])
    assert (pose.animals, pose.points) == (("w", "m"), ("nose", "tail"))
    np.testing.assert_array_equal(pose.position[:, 0], position[:, 0, [1, 3]])
    np.testing.assert_array_equal(pose.position[:, 1], position[:, 0, [0, 2]])
    assert words(pose, "points of no animal") == ["points that begin with no prefix are left out: corner"]
    assert refusal(tmp_path / "a.csv", prefixes=["w_", "k_"]) == (
        'no point begins with prefixes = "k_"; found: m_nose, w_nose, m_tail, w_tail, corner'
    )


def test_prefixes_where_the_file_names_its_animals(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.csv", pair_lines())
    assert refusal(path, prefixes=["n"]) == "tells animals apart itself (left, right); leave prefixes away"
