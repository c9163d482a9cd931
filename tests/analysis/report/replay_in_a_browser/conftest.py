"""Pages of the replay and the browser that opens them; without Playwright or Chromium their tests are skipped."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.scene.brains import Brain, Brains, brains_of
from params import resolve
from tests.analysis.report.replay_in_a_browser.browser import Open, Reader
from tests.fixtures import grid
from tests.fixtures.watched import PARAMS, page_of, watched


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("there is no Chromium on this machine")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=found, args=["--no-sandbox"])
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


@pytest.fixture(scope="module")
def reader(chromium: Any, pages: dict[str, Path]) -> Reader:
    return Reader(chromium, pages)


@pytest.fixture
def opened(reader: Reader) -> Iterator[Open]:
    """Opens a page; after the test, no page has asked for anything but itself, or said a word."""
    yield reader
    assert reader.asked == set()
    assert reader.said == []
