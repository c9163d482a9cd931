"""The replay in headless Chromium, from file://: what is drawn is the recording, and every control does what it says."""

import base64
import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from analysis.scene.brains import Brain, Brains, brains_of
from params import resolve
from tests.fixtures import grid
from tests.fixtures.sessions import PORT, STEP_S
from tests.fixtures.watched import CORRECTS_S, LENGTH_S, MISSES_S, PARAMS, TOGETHER_S, page_of, watched

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")

DESK, PHONE = (1200, 900), (390, 844)
TEAL, ORANGE, ARMED, DARK = (11, 122, 117), (209, 101, 26), (255, 216, 77), (228, 231, 235)
ROOM = PARAMS.room
LAST_S = LENGTH_S - STEP_S


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place, session = tmp_path_factory.mktemp("pages"), watched()
    agents = grid.play(grid.waiting, 300, np.random.default_rng(0))
    brains = brains_of(session, slice(0, None), PARAMS.analysis)
    decoded = [replace(each, decoded=session.tracks[:, 1 - agent], score=1.0, missing="") for agent, each in both(brains)]
    return {
        "mice": page_of(session, place / "mice.html", Brains(tuple(decoded))),
        "behaviour": page_of(watched(cells=False), place / "behaviour.html"),
        "opaque": page_of(watched(divider="opaque"), place / "opaque.html", brains),
        "agents": page_of(agents, place / "agents.html", params=resolve("marl_coop").params),
    }


def both(brains: Brains) -> Iterator[tuple[int, Brain]]:
    for agent, brain in enumerate(brains.brains):
        assert brain is not None
        yield agent, brain


class Reader:
    """Opens pages, each once, and keeps what they ask for and say."""

    def __init__(self, chromium: Any, pages: dict[str, Path]) -> None:
        self._chromium, self._pages, self._open = chromium, pages, {}
        self.asked: set[str] = set()
        self.said: list[str] = []

    def __call__(self, name: str = "mice", size: tuple[int, int] = DESK, ratio: float = 1, motion: str = "no-preference") -> Any:
        """A page at its start, as wide as asked."""
        key = (name, ratio, motion)
        if key not in self._open:
            self._open[key] = self._new(self._pages[name].as_uri(), ratio, motion)
        page = self._open[key]
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.evaluate("document.activeElement.blur()")
        seek(page, 0)
        return page

    def _new(self, url: str, ratio: float, motion: str) -> Any:
        context = self._chromium.new_context(device_scale_factor=ratio, reduced_motion=motion, offline=True)
        context.route("**/*", lambda route: route.continue_() if route.request.url == url else route.abort())
        page = context.new_page()
        page.on("request", lambda request: self.asked.add(request.url) if request.url != url else None)
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.goto(url)
        return page


Open = Callable[..., Any]


@pytest.fixture(scope="module")
def reader(chromium: Any, pages: dict[str, Path]) -> Reader:
    return Reader(chromium, pages)


@pytest.fixture
def opened(reader: Reader) -> Iterator[Open]:
    """Opens a page; after the test, no page has asked for anything but itself, or said a word."""
    yield reader
    assert reader.asked == set()
    assert reader.said == []


def time_of(page: Any) -> float:
    return float(page.locator("#replay-slider").input_value())


def seek(page: Any, time: float) -> None:
    page.evaluate(
        "t => { const s = document.getElementById('replay-slider'); s.value = t; s.dispatchEvent(new Event('input')); }", time
    )


def rate_of(times: float) -> str:
    return f"{times:g} \N{MULTIPLICATION SIGN}"


def picture(page: Any, name: str = "room") -> Image.Image:
    """What a canvas shows, in device pixels."""
    url = page.evaluate(f"document.getElementById('replay-{name}').toDataURL()")
    return Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB")


def differ(first: Image.Image, second: Image.Image) -> bool:
    return first.tobytes() != second.tobytes()


def colour(shown: Image.Image, place: Any, right: float = 0.0, down: float = 0.0, ratio: int = 1) -> tuple[int, ...]:
    """Of the room's pixel at a place (x, y) cm, so many dots, 8 CSS pixels each, right and down of it."""
    along = ROOM.y[1] - ROOM.y[0]
    margin, dot = 0.075 * along, 8 * ratio
    scale = shown.width / (along + 2 * margin)
    column, line = (
        (float(place[1]) - ROOM.y[0] + margin) * scale + right * dot,
        (float(place[0]) - ROOM.x[0] + margin) * scale + down * dot,
    )
    found = shown.getpixel((int(column), int(line)))
    assert isinstance(found, tuple)
    return found


def near(found: tuple[int, ...], expected: tuple[int, int, int]) -> bool:
    return max(abs(a - b) for a, b in zip(found, expected, strict=True)) <= 12


@pytest.mark.parametrize("ratio", [1, 2])
def test_animals_are_drawn_where_the_recording_has_them(opened: Open, ratio: int) -> None:
    page, session = opened("mice", ratio=ratio), watched()
    for time in (1.0, 5.25, 13.0, 19.5, 27.875, 47.0, 53.125, 59.0):
        seek(page, time)
        shown = picture(page)
        for agent, expected in enumerate((TEAL, ORANGE)):
            nose = session.tracks[round(time / STEP_S), agent]
            assert near(colour(shown, nose, right=-0.75, ratio=ratio), expected), (time, agent)


def test_lights_are_on_while_ports_are_armed(opened: Open) -> None:
    page = opened("behaviour")
    for time, lit in ((1.0, (0, 0)), (2.25, (1, 0)), (9.0, (1, 1)), (16.0, (0, 0)), (17.5, (1, 0)), (26, (1, 1)), (45, (0, 0))):
        seek(page, time)
        shown = picture(page)
        for agent in range(2):
            assert near(colour(shown, PORT[agent]), (DARK, ARMED)[lit[agent]]), (time, agent)


def test_the_ring_of_a_window_runs_down(opened: Open) -> None:
    page = opened("behaviour")
    diagonal = 2.1 / 2**0.5  # dots
    for time, first, last in ((21.9, False, False), (22.05, True, True), (22.5, True, False), (23.9, False, False)):
        seek(page, time)
        right, left = (near(colour(picture(page), PORT[0], side * diagonal, -diagonal), TEAL) for side in (1, -1))
        assert (right, left) == (first, last), time


def test_what_is_perceived_is_shaded_and_nothing_is_behind_an_opaque_divider(opened: Open) -> None:
    place = watched().tracks[120]
    for name, shaded in (("mice", True), ("opaque", False)):
        page = opened(name)
        seek(page, 15.0)
        inside, outside = (colour(picture(page), (place[0, 0], place[0, 1] + away)) for away in (6.0, 12.0))
        assert (inside != outside) == shaded
    seen = opened("mice").locator(".replay-legend").inner_text()
    assert "within 9 cm the partner is perceived" in seen


def test_it_plays_and_pauses_and_starts_again_at_the_end(opened: Open) -> None:
    page = opened()
    views = ("room", "time", "whole")
    before = [picture(page, name) for name in views]
    page.click("#replay-play")
    page.wait_for_function("Number(document.getElementById('replay-slider').value) > 0.4")
    assert page.locator("#replay-play").inner_text() == "Pause"
    assert all(differ(picture(page, name), then) for name, then in zip(views, before, strict=True))
    page.click("#replay-play")
    stopped = time_of(page)
    page.wait_for_timeout(150)
    assert time_of(page) == stopped
    seek(page, LAST_S - 0.05)
    page.click("#replay-play")
    page.wait_for_function("document.getElementById('replay-play').textContent === 'Play'")
    assert time_of(page) == pytest.approx(LAST_S)
    page.click("#replay-play")
    page.wait_for_function("Number(document.getElementById('replay-slider').value) < 30")
    page.click("#replay-play")


def test_faster_is_faster(opened: Open) -> None:
    page = opened()
    for _ in range(9):
        page.click("#replay-faster")
    assert page.locator("#replay-rate").inner_text() == rate_of(8)
    page.click("#replay-play")
    page.wait_for_function("Number(document.getElementById('replay-slider').value) > 4")
    for _ in range(12):
        page.click("#replay-slower")
    assert page.locator("#replay-rate").inner_text() == rate_of(0.1)
    for _ in range(3):
        page.click("#replay-faster")
    page.click("#replay-play")


def test_steps_are_samples(opened: Open) -> None:
    page = opened()
    for expected in (STEP_S, 2 * STEP_S, 3 * STEP_S):
        page.click("#replay-on")
        assert time_of(page) == pytest.approx(expected)
    seek(page, 10.05)
    page.click("#replay-back")
    assert time_of(page) == pytest.approx(10.0)
    page.click("#replay-back")
    assert time_of(page) == pytest.approx(10.0 - STEP_S)
    seek(page, 0)
    page.click("#replay-back")
    assert time_of(page) == 0
    seek(page, LAST_S)
    page.click("#replay-on")
    assert time_of(page) == pytest.approx(LAST_S)


@pytest.mark.parametrize(("kind", "moments"), [("correct", CORRECTS_S), ("miss", MISSES_S), ("interaction", (TOGETHER_S[0],))])
def test_jumps_lead_to_every_moment_and_back(opened: Open, kind: str, moments: tuple[float, ...]) -> None:
    page = opened()
    on, back = (page.locator(f"[data-jump={kind}][data-direction='{direction}']") for direction in (1, -1))
    for moment in moments:
        on.click()
        assert time_of(page) == pytest.approx(moment, abs=1e-3)
        assert kind in page.locator("#replay-status").inner_text()
    on.click()
    assert page.locator("#replay-status").inner_text() == f"no later {kind} in this stretch"
    assert time_of(page) == pytest.approx(moments[-1], abs=1e-3)
    for moment in moments[-2::-1]:
        back.click()
        assert time_of(page) == pytest.approx(moment, abs=1e-3)
    back.click()
    assert page.locator("#replay-status").inner_text() == f"no earlier {kind} in this stretch"


def test_keys_do_the_same(opened: Open) -> None:
    page = opened()
    page.focus("#replay-player")
    for key, expected in (
        ("ArrowRight", STEP_S), ("ArrowLeft", 0), ("c", 10.5), ("C", 10.5), ("c", 40.75), ("Shift+C", 10.5),
        ("m", 22.75), ("i", 30.0), ("I", 30.0), ("End", LAST_S), ("Home", 0),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert time_of(page) == pytest.approx(expected, abs=1e-3), key
    for key, rate in (("+", 2), ("=", 4), ("-", 2), ("-", 1)):
        page.keyboard.press(key)
        assert page.locator("#replay-rate").inner_text() == rate_of(rate)
    scrolled = page.evaluate("scrollY")
    page.keyboard.press("Space")
    page.wait_for_function("Number(document.getElementById('replay-slider').value) > 0.3")
    page.keyboard.press("Space")
    assert page.locator("#replay-play").inner_text() == "Play"
    assert page.evaluate("scrollY") == scrolled


def test_a_space_on_a_button_presses_it_once_and_keys_of_the_browser_stay(opened: Open) -> None:
    page = opened()
    page.focus("#replay-play")
    page.keyboard.press("Space")
    assert page.locator("#replay-play").inner_text() == "Pause"
    page.keyboard.press("Space")
    assert page.locator("#replay-play").inner_text() == "Play"
    page.focus("#replay-slider")
    before = time_of(page)
    page.keyboard.press("ArrowRight")
    assert time_of(page) == pytest.approx((np.floor(before / STEP_S + 1e-3) + 1) * STEP_S)
    at = time_of(page)
    page.keyboard.press("Control+c")
    assert time_of(page) == at
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("c")
    assert time_of(page) == at


def test_the_focus_is_seen(opened: Open) -> None:
    page = opened()
    page.focus("#replay-player")
    seen = [["replay-player", "solid"]]
    for _ in range(13):  # to the last, the keys' summary
        page.keyboard.press("Tab")
        seen.append(page.evaluate("(e => [e.id || e.ariaLabel, getComputedStyle(e).outlineStyle])(document.activeElement)"))
    assert {"replay-player", "replay-slider", "replay-play", "replay-faster", "next miss"} <= {name for name, _ in seen}
    assert {style for _, style in seen} == {"solid"}


def test_everything_has_a_name(opened: Open) -> None:
    page = opened()
    assert (
        page.evaluate("""[...document.querySelectorAll('#replay button, #replay input, #replay canvas')]
        .filter(e => !e.ariaLabel && !e.textContent.trim() && e.ariaHidden !== 'true').map(e => e.id)""")
        == []
    )
    seek(page, 12.5)
    assert page.locator("#replay-slider").get_attribute("aria-valuetext") == "12.5 s"
    assert page.locator("#replay-clock").inner_text() == "12.5 s"


def test_a_press_on_the_panels_goes_there(opened: Open) -> None:
    page = opened()
    seek(page, 30.0)
    box = page.locator("#replay-time").bounding_box()
    x = box["x"] + 62 + (box["width"] - 63) * 0.75  # of 20 s around 30 s
    page.mouse.click(x, box["y"] + 100)
    assert time_of(page) == pytest.approx(35.0, abs=0.1)


@pytest.mark.parametrize("name", ["mice", "behaviour", "agents", "opaque"])
@pytest.mark.parametrize("size", [DESK, PHONE, (320, 640)])
def test_nothing_overflows_at_any_width(opened: Open, name: str, size: tuple[int, int]) -> None:
    page = opened(name, size, ratio=2)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    shown = page.locator("#replay-room").bounding_box()
    assert shown["width"] > 200
    assert page.evaluate("(c => c.width / c.clientWidth)(document.getElementById('replay-room'))") == pytest.approx(2, abs=0.01)


def test_it_follows_the_window(opened: Open) -> None:
    page = opened()
    seek(page, 9.0)
    wide = page.locator("#replay-room").bounding_box()["width"]
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.wait_for_function(f"document.getElementById('replay-room').width < {wide}")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert time_of(page) == 9.0
    assert near(colour(picture(page), PORT[0]), ARMED)


def test_agents_move_in_steps_and_their_ports_with_them(opened: Open) -> None:
    page = opened("agents")
    page.focus("#replay-player")
    page.keyboard.press("c")
    assert page.locator("#replay-clock").inner_text().startswith("step ")
    at = time_of(page)
    assert at == int(at) > 0
    page.keyboard.press("ArrowRight")
    assert time_of(page) == at + 1
    before = picture(page)
    page.keyboard.press("End")
    assert differ(picture(page), before)
    assert "agents 1 and 2" in page.locator(".replay-legend").inner_text()


def test_without_cells_their_panels_are_absent_and_a_line_says_so(opened: Open) -> None:
    page = opened("behaviour")
    assert "Cells are not shown: the run kept no cell rates" in page.locator("figcaption").inner_text()
    tall = opened("mice").locator("#replay-time").bounding_box()["height"]
    assert page.locator("#replay-time").bounding_box()["height"] < tall / 3


def test_less_motion_is_less_motion(opened: Open) -> None:
    page = opened(motion="reduce")
    seek(page, 10.5)
    page.evaluate("() => { window.times = new Set(); const s = document.getElementById('replay-slider');"
                  "const see = () => { window.times.add(s.value); requestAnimationFrame(see); }; see(); }")  # fmt: skip
    page.click("#replay-play")
    page.wait_for_function("Number(document.getElementById('replay-slider').value) > 11.4")
    assert len(page.evaluate("[...window.times]")) <= 7  # four pictures a second
    page.click("#replay-play")
