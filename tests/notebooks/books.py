"""The notebooks as the tests read them."""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def read(path: Path) -> dict[str, Any]:
    book: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return book


def cells(path: Path, kind: str) -> list[str]:
    """Text of every cell of one kind, "code" or "markdown"."""
    return ["".join(cell["source"]) for cell in read(path)["cells"] if cell["cell_type"] == kind]


def first_heading(path: Path) -> str:
    return cells(path, "markdown")[0].splitlines()[0]


def links(path: Path) -> list[str]:
    """Files that the text leads to, without anchors."""
    found = re.findall(r"\]\(([^)#\s]+)", "\n".join(cells(path, "markdown")))
    return [link for link in found if not link.startswith(("http://", "https://"))]
