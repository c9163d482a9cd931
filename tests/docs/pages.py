"""The pages of the documentation as the tests read them: links, headings, blocks of code, command lines."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OF_THE_SITE = {ROOT / "docs/index.md", ROOT / "docs/changelog.md"}  # README and CHANGELOG once more
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(set((ROOT / "docs").rglob("*.md")) - OF_THE_SITE)]
_BLOCK = re.compile(r"^[ ]*```(\w*)\n(.*?)^[ ]*```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Link:
    """target: the file; anchor: of a heading in it, or empty."""

    page: Path
    target: Path
    anchor: str


def name_of(page: Path) -> str:
    """A page as a test is called after it."""
    return str(page.relative_to(ROOT))


def prose(page: Path) -> str:
    """The text of a page without its blocks of code."""
    return _BLOCK.sub("", page.read_text(encoding="utf-8"))


def blocks(page: Path, language: str) -> list[str]:
    """Blocks of code in one language; "" for command lines."""
    return [text for name, text in _BLOCK.findall(page.read_text(encoding="utf-8")) if name == language]


def links(page: Path) -> list[Link]:
    """Links and images of a page that point into the project."""
    found = re.findall(r"\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)", prose(page), re.MULTILINE)
    inside = [one or other for one, other in found if not (one or other).startswith(("http://", "https://"))]
    parts = [each.partition("#") for each in inside]
    return [Link(page, (page.parent / path).resolve() if path else page, anchor) for path, _, anchor in parts]


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    plain = [re.sub(r"\[([^\]]*)\](\([^)]*\))?", r"\1", title) for title in titles]
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in plain}


def commands(page: Path) -> list[list[str]]:
    """Every `python -m MODULE ...` of a page, as its words after `-m`."""
    inline = re.findall(r"`([^`\n]+)`", prose(page))
    lines = [line for text in [*blocks(page, ""), *inline] for line in text.splitlines()]
    found = [re.search(r"python3? -m ((?:sims|analysis|benchmarks|docs|params|recording)\.\S.*)", line) for line in lines]
    return [shlex.split(each[1].partition(" > ")[0]) for each in found if each]
