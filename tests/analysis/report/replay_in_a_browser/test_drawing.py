"""What the replay draws is the recording."""

import pytest

from tests.analysis.report.replay_in_a_browser.browser import DESK, PHONE, Open, colour, differ, near, picture, seek, time_of
from tests.fixtures.sessions import PORT, STEP_S
from tests.fixtures.watched import watched

TEAL, ORANGE, ARMED, DARK = (11, 122, 117), (209, 101, 26), (255, 216, 77), (228, 231, 235)


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
