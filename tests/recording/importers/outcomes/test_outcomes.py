"""Sheets of totals become the rows that a person reads in them; what is doubtful is refused in one line with sheet and cell."""

import json
import os
import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from recording.import_outcomes import main
from recording.importers.outcomes import book as book_module
from recording.importers.outcomes.options import read_options
from recording.importers.outcomes.outcomes import read_outcomes
from recording.schemas import OUTCOMES
from recording.table import read_table
from tests.fixtures.sheets import HEAD, row, write_sheet, write_spec

TWO = [*HEAD, "Rewarded trials b"]


def read(folder: Path, **changes: Any) -> Any:
    options = read_options(write_spec(folder, **changes))
    return read_outcomes(folder / options.sheet.file, options)


def test_rows_are_those_of_the_sheet(tmp_path: Path) -> None:
    rows = [row(0, "perforated_5_mm", 50, 5, 1), row(1, " NO  Barrier", 200.0, 20.0), row(2, "Solid"), row(3, "glass", 10, 0)]
    write_sheet(tmp_path / "pairs.xlsx", {"a x b": rows, "c x d": [row(0)]})
    table, notes = read(tmp_path)
    assert table["name"].tolist() == ["a x b"] * 4 + ["c x d"]
    assert table["pair"].tolist() == [0, 0, 0, 0, 1]
    assert table["session"].tolist() == [0, 1, 2, 3, 0]
    assert table["date"].tolist()[:3] == ["2023-01-01", "2023-01-02", "2023-01-03"]
    assert table["phase"].tolist() == ["stage_1", *["stage_4"] * 4]
    assert table["window_s"].tolist() == [3.0, 0.5, 0.5, 0.5, 0.5]
    assert table["divider"].tolist() == ["perforated", "open", "opaque", "transparent", "open"]
    assert table["role"].tolist() == ["social", "social", "opaque", "other", "social"]
    assert table["evaluated"].tolist() == [False, True, True, True, True]
    assert table["attempts"].tolist() == [50, 200, 100, 10, 100]
    assert table["correct"].tolist() == [5, 20, 10, 0, 10]
    assert table["duration_s"].tolist()[1] == 3600
    assert table["place"].tolist()[1] == "a x b!B3"
    assert notes == ()


def test_days_without_a_session_are_counted_and_left_out(tmp_path: Path) -> None:
    rows = [
        row(0),
        row(1, "No Train", None, None),
        ["dropped"] * 7,
        [None] * 7,
        [None] * 4 + ["solid", None, None],
        row(2, correct=1),
    ]
    write_sheet(tmp_path / "pairs.xlsx", {"p": rows})
    table, notes = read(tmp_path)
    assert table["correct"].tolist() == [10, 1]
    assert [(note.words, note.count, note.places) for note in notes] == [
        ("p: rows that say 'no train'", 1, ("p!E3",)),
        ("p: rows that say 'dropped'", 1, ("p!B4",)),
        ("p: rows without a date and without counts", 1, ("p!B6",)),
    ]


def test_merged_and_separate_corrects(tmp_path: Path) -> None:
    write_sheet(tmp_path / "pairs.xlsx", {"p": [[*row(0), None], [*row(1, correct=8), 8], [*row(2, correct=9), 7]]}, TWO)
    book = openpyxl.load_workbook(tmp_path / "pairs.xlsx")
    book["p"].merge_cells("G2:H2")
    book.save(tmp_path / "pairs.xlsx")
    table, notes = read(tmp_path, unequal="first")
    assert table["correct"].tolist() == [10, 8, 9]
    assert table["correct_other"].fillna(-1).tolist() == [-1, -1, 7]
    assert [(note.kind, note.places, note.corrected) for note in notes] == [
        ("joint corrects", ("p!H2",), False),
        ("unequal corrects", ("p!H4",), False),
    ]
    assert read(tmp_path, unequal="lower")[0]["correct"].tolist() == [10, 8, 7]
    assert read(tmp_path, unequal="drop")[0]["correct"].tolist() == [10, 8]


def test_a_row_that_says_no_session_and_has_counts(tmp_path: Path) -> None:
    write_sheet(tmp_path / "pairs.xlsx", {"p": [row(0), row(1, "no train", 50, 5)]})
    table, notes = read(tmp_path, sheet={"counted": "keep"})
    assert (table["divider"].tolist(), table["role"].tolist()) == (["open", "unknown"], ["social", "other"])
    assert notes[0].kind == "no session, but counts"
    assert len(read(tmp_path, sheet={"counted": "drop"})[0]) == 1


def test_sessions_left_out_by_name(tmp_path: Path) -> None:
    write_sheet(tmp_path / "pairs.xlsx", {"p": [row(0), row(1)]})
    table, notes = read(tmp_path, left_out={"p!B3": "lights were on"})
    assert len(table) == 1
    assert notes[0].words == "p!B3: lights were on"


def test_windows_may_differ_by_sheet(tmp_path: Path) -> None:
    write_sheet(tmp_path / "pairs.xlsx", {"a": [row(0)], "b": [row(0)]})
    stages = [
        {"says": "4", "phase": "stage_4", "window": f"{window} s", "sheets": [name]} for name, window in (("a", 1), ("b", 2))
    ]
    assert read(tmp_path, stages=stages)[0]["window_s"].tolist() == [1.0, 2.0]


def test_oddities_are_noted(tmp_path: Path) -> None:
    write_sheet(tmp_path / "pairs.xlsx", {"p": [row(5), row(2), row(6, correct=3)]})
    assert [(note.kind, note.places) for note in read(tmp_path)[1]] == [("date goes back", ("p!B3",)), ("copied row", ("p!B3",))]


CSV = "Pair;Date;Barrier;N;Reward A;Reward B\nx;03/04/2023;solid;10;1;\nx;13/04/2023;solid;20;2;2\ny;2023-04-13;solid;5;0;\n"
OF_CSV: dict[str, Any] = {
    "columns": {
        "pair": ["pair"],
        "stage": None,
        "divider": ["barrier"],
        "attempts": ["n"],
        "correct": ["reward ?"],
    },
    "stages": [{"phase": "stage_4", "window": "1 s"}],
}


def test_a_csv_with_semicolons_and_a_column_of_pairs(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(CSV, encoding="utf-8-sig")
    sheet = {"file": "t.csv", "separator": ";", "date_order": "day first"}
    table, notes = read(tmp_path, sheet=sheet, **OF_CSV)
    assert table["pair"].tolist() == [0, 0, 1]
    assert table["date"].tolist() == ["2023-04-03", "2023-04-13", "2023-04-13"]
    assert table["correct"].tolist() == [1, 2, 0]
    assert table["place"].tolist() == ["B2", "B3", "B4"]
    assert [(note.kind, note.count) for note in notes] == [("joint corrects", 2)]


REFUSED: dict[str, tuple[list[list[Any]], dict[str, Any], str]] = {
    "negative": ([row(0, attempts=-3)], {}, "pairs.xlsx, p!F2: attempts = -3; allowed: whole numbers from 0"),
    "half": ([row(0, correct=1.5)], {}, "pairs.xlsx, p!G2: corrects = 1.5; allowed: whole numbers from 0"),
    "huge": ([row(0, attempts=1e300)], {}, "p!F2: attempts = 1e+300; allowed"),
    "truth": ([row(0, attempts=True)], {}, "p!F2: attempts is True, which is no number"),
    "text": ([row(0, attempts="392")], {}, 'p!F2: attempts is the text "392"; make the cell a number'),
    "decimal comma": ([row(0, attempts="3,5")], {}, 'p!F2: attempts is the text "3,5"'),
    "date in a count": ([row(0, attempts=row(4)[1])], {}, "p!F2: attempts is 2023-01-05, which is no number"),
    "empty": ([row(0, attempts=None)], {}, "p!F2: attempts is empty; if there was no session, say the word for it in sheet.skip"),
    "error": ([row(0, attempts="#DIV/0!")], {}, 'p!F2: attempts is the text "#DIV/0!"'),
    "unsaved formula": ([row(0, attempts="=1+1")], {}, "p!F2: attempts is a formula whose value was not saved"),
    "too many": ([row(0, correct=101)], {}, "p!G2: 101 corrects of 100 attempts (pairs.xlsx, p!F2); allowed: no more"),
    "twice": ([row(0), row(0, correct=4)], {}, "p!B3: pair p, date 2023-01-01 is there twice (also p!B2)"),
    "divider": ([row(0, "wood")], {}, 'p!E2: the divider "wood" is not in [dividers]; known: glass, no barrier'),
    "no divider": ([row(0, None)], {}, "p!E2: the divider empty is not in [dividers]"),
    "stage": ([row(0, stage=7)], {}, "p!D2: stage '7' is in 0 tables [[stages]] of sheet p; allowed: one"),
    "number as date": ([[None, 45029, 1, 4, "solid", 9, 1]], {}, "p!B2: date is 45029, which is no date"),
    "text date": ([[None, "03/04/2023", 1, 4, "solid", 9, 1]], {}, 'p!B2: date is "03/04/2023", day and month in unknown order'),
    "no day": ([[None, "2023-02-30", 1, 4, "solid", 9, 1]], {}, 'p!B2: date is "2023-02-30", which is no day'),
    "short year": ([[None, "03/04/23", 1, 4, "solid", 9, 1]], {}, 'p!B2: date is "03/04/23"; allowed: 2023-04-13'),
    "wrong order": (
        [[None, "13/04/2023", 1, 4, "solid", 9, 1]],
        {"sheet": {"date_order": "month first"}},
        'p!B2: date is "13/04/2023", which is no day; see sheet.date_order',
    ),
    "mixed dates": (
        [row(0), [None, "13/04/2023", 1, 4, "solid", 9, 1]],
        {},
        'p!B3: the date "13/04/2023" is text and pairs.xlsx, p!B2',
    ),
    "contradiction": ([row(0, "no train", 5, 1)], {}, 'p!E2: says "no train", and the row has counts (p!F2); say sheet.counted'),
    "nothing": ([], {}, "holds no session below row 1"),
    "no heading": (
        [row(0)],
        {"columns": {"attempts": ["trials"]}},
        "row 1: no heading for columns.attempts (trials); there: 'trainer', ",
    ),
    "two headings": ([row(0)], {"columns": {"date": ["da*"]}}, "row 1: 2 headings for columns.date (date, day); allowed: 1"),
    "no sheet": ([row(0)], {"sheet": {"sheets": ["q"]}}, "has no sheet 'q'; it has: p"),
    "no header row": ([row(0)], {"sheet": {"header_row": 9}}, "p: has 2 rows, and the headings are said to be in row 9"),
    "left out": ([row(0)], {"left_out": {"p!B9": "x"}}, "left_out names p!B9, and no row has its date there"),
    "no file": ([row(0)], {"sheet": {"file": "other.xlsx"}}, "other.xlsx: cannot be read"),
    "no kind": (
        [row(0)],
        {"sheet": {"file": "spec.toml"}},
        "spec.toml: is no sheet that can be read; allowed: .xlsx, .csv, .tsv",
    ),
    "social opaque": ([row(0)], {"social": ["opaque"]}, "spec.toml: social names opaque, which is the control"),
    "evaluated": ([row(0)], {"evaluated": ["stage_5"]}, "evaluated: phase 'stage_5' is unknown; did you mean stage_4"),
    "unknown key": ([row(0)], {"sheet": {"headerrow": 1}}, "sheet: key 'headerrow' is unknown; did you mean header_row"),
    "missing key": ([row(0)], {"sheet": {"header_row": None}}, "sheet.header_row: missing"),
    "no window": ([row(0)], {"stages": [{"says": "4", "phase": "stage_4"}]}, "stages.0.window: missing"),
    "wrong window": (
        [row(0)],
        {"stages": [{"says": "4", "phase": "stage_4", "window": 0.5}]},
        'write it as text, such as "0.5 s"',
    ),
    "key of a stage": ([row(0)], {"stages": [{"says": "4", "phase": "a", "windw": "1 s"}]}, "stages.0.window: missing"),
    "stages": ([row(0)], {"stages": [{"phase": "stage_4", "window": "1 s"}]}, "stages.says belongs to columns.stage"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_doubtful_is_one_line(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, changes, words = REFUSED[kind]
    write_sheet(tmp_path / "pairs.xlsx", {"p": rows})
    assert words in refused(tmp_path, capsys, changes)


def test_two_numbers_of_corrects_need_a_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_sheet(tmp_path / "pairs.xlsx", {"p": [[*row(0), 9]]}, TWO)
    assert 'p!H2: 9 corrects of one animal and 10 of the other; say unequal = "first"' in refused(tmp_path, capsys, {})
    write_sheet(tmp_path / "pairs.xlsx", {"p": [[*row(0), None]]}, TWO)
    assert "p!H2: corrects is empty" in refused(tmp_path, capsys, {})


def test_cells_merged_with_another_row_are_no_joint_corrects(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_sheet(tmp_path / "pairs.xlsx", {"p": [[*row(0), 10], [*row(1, correct=8), None]]}, TWO)
    book = openpyxl.load_workbook(tmp_path / "pairs.xlsx")
    book["p"].merge_cells("H2:H3")
    book.save(tmp_path / "pairs.xlsx")
    assert "p!H3: corrects is merged with p!H2; take the cells apart" in refused(tmp_path, capsys, {})


@pytest.mark.parametrize(
    ("limit", "words"), [("MOST_BYTES", "bytes; a sheet of session totals has at most"), ("MOST_CELLS", "spans")]
)
@pytest.mark.parametrize("file", ["pairs.xlsx", "t.csv"])
def test_huge_files_are_one_line(
    limit: str, words: str, file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sheet(tmp_path / "pairs.xlsx", {"p": [row(0)]})
    (tmp_path / "t.csv").write_text(CSV)
    monkeypatch.setattr(book_module, limit, 3)
    assert words in refused(tmp_path, capsys, {"sheet": {"file": file}})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CSV.replace(";20;", ";1,234;"), 'D3: attempts: "1,234" is not a whole number; write 1234'),
        (CSV.replace(";20;", ";-20;"), "D3: attempts = -20"),
        (CSV.replace("13/04/2023", "13/14/2023"), "which is no day"),
        (CSV.replace(";", ","), "no heading for columns.date (Date); there:"),
        (CSV.replace("x;13/04/2023", ";13/04/2023"), "A3: the pair is empty"),
    ],
    ids=["grouped", "negative", "month 14", "separator", "no pair"],
)
def test_a_csv_is_as_strict(text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    sheet = {"file": "t.csv", "separator": ";", "date_order": "day first"}
    assert words in refused(tmp_path, capsys, {"sheet": sheet, **OF_CSV})


JUNK = {
    "empty": b"",
    "binary": os.urandom(4096),
    "zip": b"PK\x03\x04" + bytes(200),
    "latin": "Datum;Möbel\n".encode("latin-1"),
    "nul": b"\0" * 999,
}


@pytest.mark.parametrize("ending", ["xlsx", "csv", "toml"])
@pytest.mark.parametrize("kind", JUNK)
def test_junk_is_one_line(kind: str, ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_spec(tmp_path, sheet={"file": f"junk.{ending}"})
    (tmp_path / f"junk.{ending}").write_bytes(JUNK[kind])
    spec = tmp_path / ("junk.toml" if ending == "toml" else "spec.toml")
    for arguments in ([str(spec), "-o", str(tmp_path / "out")], ["--draft", str(tmp_path / f"junk.{ending}")]):
        assert main(arguments) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_cut_workbook_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = write_sheet(tmp_path / "pairs.xlsx", {"p": [row(0)]}).read_bytes()
    for share in (0.1, 0.5, 0.9, 0.99):
        (tmp_path / "pairs.xlsx").write_bytes(whole[: int(len(whole) * share)])
        assert "is no xlsx or a damaged one" in refused(tmp_path, capsys, {})


def refused(folder: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, Any]) -> str:
    """The one line that the command prints before it exits with 2; it writes nothing."""
    spec = write_spec(folder, **changes)
    assert main([str(spec), "-o", str(folder / "out")]) == 2
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1, err
    assert not (folder / "out").exists()
    return err


def test_the_command_writes_a_table_and_where_it_comes_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_sheet(tmp_path / "pairs.xlsx", {"p": [row(0), row(1, "no train", None, None)]})
    assert main([str(write_spec(tmp_path)), "-o", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "p: rows that say 'no train': 1 (p!E3)",
        str(tmp_path / "out" / "outcomes.csv"),
    ]
    assert read_table(tmp_path / "out" / "outcomes.csv", OUTCOMES)["correct"].tolist() == [10]
    facts = json.loads((tmp_path / "out" / "outcomes.json").read_text())
    assert (facts["file"], len(facts["sha256"]), facts["notes"][0]["count"]) == ("pairs.xlsx", 64, 1)


def test_arguments_and_places_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_sheet(tmp_path / "pairs.xlsx", {"p": [row(0)]})
    spec = str(write_spec(tmp_path))
    run = tmp_path / "run"
    run.mkdir()
    (run / "run.json").write_text("{}")
    for arguments in ([], [spec], [spec, "--draft", spec], [spec, "-o", str(run)], [spec, "-o", spec], ["--draft", str(run)]):
        assert main(arguments) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_draft_becomes_a_specification(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is TOML, is refused until it is filled in, and then reads the sheet."""
    rows = [
        [*row(0), None, "notes", 1, 4],
        [*row(1, "no train", None, None), None, "Wait time", 3, 0.5],
        [*row(2, "Solid"), None, None],
    ]
    write_sheet(tmp_path / "pairs.xlsx", {"p": rows, "empty": []}, [*HEAD, None, "Definitions", 1, 4])
    out = tmp_path / "draft.toml"
    assert main(["--draft", str(tmp_path / "pairs.xlsx"), "-o", str(out)]) == 0
    text = out.read_text()
    assert "# p!I3: wait time; 3; 0.5" in text
    tree = tomllib.loads(text)
    assert tree["dividers"] == {"no barrier": "", "solid": ""}
    assert tree["sheet"]["skip"] == ["no train"]
    assert main([str(out), "-o", str(tmp_path / "x")]) == 2
    assert main(["--draft", str(tmp_path / "pairs.xlsx"), "-o", str(out)]) == 2
    assert "is there already" in capsys.readouterr().err.splitlines()[-1]
    filled = text.replace("social = []", 'social = ["open"]').replace("evaluated = []", 'evaluated = ["c"]')
    filled = filled.replace('"no barrier" = ""', '"no barrier" = "open"').replace('"solid" = ""', '"solid" = "opaque"')
    filled = filled.replace('phase = ""', 'phase = "c"').replace('window = ""', 'window = "0.5 s"')
    out.write_text(filled)
    assert main([str(out), "-o", str(tmp_path / "x")]) == 0
    assert len(read_table(tmp_path / "x" / "outcomes.csv", OUTCOMES)) == 2
