"""The documentation as a site: `python -m sphinx docs build/site`. README and CHANGELOG, which lie outside docs/, are two of its pages."""

import re
import sys
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parents[1]))

project = "Two simulated mice learn to cooperate"
copyright = "the authors; BSD-3-Clause"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["figures/*.py"]
html_theme = "furo"
html_title = project
myst_heading_anchors = 4
napoleon_google_docstring = False
autodoc_typehints = "description"
autodoc_member_order = "bysource"

PAGES = {"README.md": "index.md", "CHANGELOG.md": "changelog.md"}  # file of the project -> page of the site
OUTSIDE = re.compile(rf"\]\(((?:\.\./)*)({'|'.join(map(re.escape, PAGES))})")


def lead_inside(app: Sphinx, page: str, source: list[str]) -> None:
    """Lead links of a page that leave docs/ to the pages they mean."""
    outward = "../" * (page.count("/") + 1)
    source[0] = OUTSIDE.sub(
        lambda link: _page(link[2], link[1].removeprefix("../")) if link[1] == outward else link[0], source[0]
    )


def lead_inside_included(app: Sphinx, path: Path, page: str, source: list[str]) -> None:
    """The same in README and CHANGELOG themselves, which are outside."""
    source[0] = OUTSIDE.sub(lambda link: _page(link[2], "") if not link[1] else link[0], source[0])


def _page(file: str, upward: str) -> str:
    return f"]({upward}{PAGES[file]}"


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", lead_inside)
    app.connect("include-read", lead_inside_included)
