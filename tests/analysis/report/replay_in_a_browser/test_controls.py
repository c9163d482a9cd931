"""Every control of the replay does what it says."""

import numpy as np
import pytest

from tests.analysis.report.replay_in_a_browser.browser import Open, differ, picture, rate_of, seek, time_of
from tests.fixtures.sessions import STEP_S
from tests.fixtures.watched import CORRECTS_S, LENGTH_S, MISSES_S, TOGETHER_S

LAST_S = LENGTH_S - STEP_S


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
