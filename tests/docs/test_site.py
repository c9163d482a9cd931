"""The site is built without a warning, and nothing of it is fetched from the network."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT

pytest.importorskip("sphinx", reason="needs the extra docs")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site")
    arguments = ["-W", "--keep-going", "-q", "-d", str(place / "doctrees"), str(ROOT / "docs"), str(place / "html")]
    done = subprocess.run([sys.executable, "-m", "sphinx", *arguments], capture_output=True, text=True, cwd=place)
    assert done.returncode == 0, done.stderr
    return place / "html"


def test_every_page_is_in_it(site: Path) -> None:
    pages = [page.relative_to(ROOT / "docs").with_suffix(".html") for page in PAGES if page.is_relative_to(ROOT / "docs")]
    assert [str(page) for page in [Path("index.html"), Path("changelog.html"), *pages] if not (site / page).exists()] == []


def test_functions_are_documented_from_their_docstrings(site: Path) -> None:
    page = (site / "reference/python.html").read_text(encoding="utf-8")
    assert "recording.read_session" in page
    assert "RecordingError" in page


def test_no_page_asks_the_network(site: Path) -> None:
    for page in site.rglob("*.html"):
        fetched = re.findall(
            r'<(?:script|img|iframe)[^>]* src="(https?:[^"]+)|<link[^>]*stylesheet[^>]* href="(https?:[^"]+)', page.read_text()
        )
        assert not fetched, f"{page}: {fetched}"
