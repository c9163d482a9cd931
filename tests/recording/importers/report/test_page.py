"""The report of an import: everything in it is in the JSON too, it asks for nothing from outside, and names cannot break it."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from recording.import_session import main
from tests.fixtures.laboratory import small

LAB = small(20.0, stop_s=18.0)
EVIL = '<script>alert("M1")</script>'


class Reader(HTMLParser):
    """Tags, attributes that could load something, and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.loads: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [str(value) for name, value in attributes if name in ("src", "href", "xlink:href", "srcset", "action")]
        if tag not in ("meta", "line", "rect", "circle", "path", "polyline"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """imports/ of a session with a gap, a jump and an animal of an evil name."""
    folder = tmp_path_factory.mktemp("lab")
    tracks = LAB.truth.tracks.copy()
    tracks[101:104, 0] = np.nan
    tracks[200, 1] += (3.0, 11.0)
    path = replace(LAB, truth=replace(LAB.truth, tracks=tracks)).write(folder, animals__agent_0__name=f"'{EVIL}'")
    assert main([str(path), "-o", str(folder / "lab")]) == 0
    return folder / "lab" / "imports"


@pytest.fixture(scope="module")
def page(pages: Path) -> Reader:
    reader = Reader()
    reader.feed((pages / "pair00_s003.html").read_text())
    return reader


def test_it_stands_on_its_own(pages: Path, page: Reader) -> None:
    text = (pages / "pair00_s003.html").read_text()
    assert page.loads == []
    assert "script" not in page.tags
    assert not re.search(r"url\(|@import|https?://", text)
    assert page.open == []
    assert 'name="viewport"' in text


def test_names_are_text(page: Reader) -> None:
    assert EVIL in page.text


def test_it_says_what_was_seen_and_done(pages: Path, page: Reader) -> None:
    content = json.loads((pages / "pair00_s003.json").read_text())
    kinds = {note["kind"]: note for note in content["notes"]}
    assert {"missing", "filled", "jump"} <= kinds.keys()
    assert kinds["filled"]["corrected"]
    assert not kinds["jump"]["corrected"]
    for note in content["notes"]:
        assert note["words"] in page.text
        assert all(place in page.text for place in note["places"])
    coverage = {(row["animal"], row["point"]): row["there"] for row in content["coverage"]}
    assert coverage[("black", "nose")] == pytest.approx(1 - 3 / 400, abs=1e-4)
    assert coverage[("white", "tail")] == 1.0
    assert content["clocks"][0]["pulses"] == 20
    assert sum(row["count"] for row in content["labels"] if row["means"] == "ignore") == 1
    assert content["speeds"]["fastest"][1] > 200
    assert sum(content["distances"]["counts"][0]) == content["time"]["samples"] == 128


def test_both_animals_divider_ports_and_spouts_are_drawn(pages: Path) -> None:
    text = (pages / "pair00_s003.html").read_text()
    assert text.count("<polyline") == 2
    assert text.count('class="port"') == 2
    assert text.count('class="spout"') == 2
    first = re.search(r'<polyline points="([^"]+)"', text)
    assert first is not None
    x, y = np.array([point.split(",") for point in first[1].split()], float).T
    assert (x < 0).all()
    assert (y <= 0).all()  # upwards in the picture
