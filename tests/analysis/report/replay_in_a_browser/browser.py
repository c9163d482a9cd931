"""Pages in headless Chromium, from file://, and what is seen of them."""

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from tests.fixtures.watched import PARAMS

DESK, PHONE = (1200, 900), (390, 844)
ROOM = PARAMS.room


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
