"""Every notebook runs from top to bottom, in order and in one folder; what is committed of it is text and code alone."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.real_files import FOLDER
from tests.notebooks.books import BOOKS, cells, first_heading, links, read

MINUTES = 15  # for a cell that compiles
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
OF_A_MACHINE = re.compile(r"""["'](/|~|[A-Za-z]:\\)|(?<![\w.:/"'])/(home|Users|tmp|work|root)/""")


def test_there_are_six() -> None:
    assert [path.name[:2] for path in BOOKS] == ["01", "02", "03", "04", "05", "06"]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_nothing_of_a_machine_is_in_it(path: Path) -> None:
    book = read(path)
    assert (book["nbformat"], book["nbformat_minor"], book["metadata"]) == (4, 5, METADATA)
    assert [cell["id"] for cell in book["cells"]] == [f"cell-{number:02d}" for number in range(1, len(book["cells"]) + 1)]
    for cell in book["cells"]:
        assert cell["metadata"] == {}
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    assert [text for text in cells(path, "code") if OF_A_MACHINE.search(text)] == []


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_it_says_what_one_learns_how_long_it_takes_and_where_to_go(path: Path) -> None:
    first, *_, last = cells(path, "markdown")
    assert first_heading(path).startswith(f"# {int(path.name[:2])}. ")
    assert "**You learn**" in first
    assert "**Time**" in first
    assert "## Questions to try" in last
    assert "## Where to go next" in last


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_links_lead_to_a_file(path: Path) -> None:
    found = links(path)
    assert found
    assert [link for link in found if not (path.parent / link).exists()] == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all notebooks are opened: what the first has made, the others use."""
    return tmp_path_factory.mktemp("notebooks")


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_it_runs(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("nbformat", "nbclient", "ipykernel"):
        pytest.importorskip(module, reason="notebooks are run with the extra docs")
    if path.name.startswith("06"):
        pytest.importorskip("pettingzoo", reason="this notebook needs the extra rl")
    monkeypatch.setenv("IPYTHONDIR", str(folder / ".ipython"))
    if FOLDER.exists():
        monkeypatch.setenv("ACC_SHARED_DATA", str(FOLDER))
    outputs = run(path, folder)
    assert [text for text in map(said, outputs) if "Warning" in text or "error:" in text] == []
    assert any(output["output_type"] != "stream" for output in outputs)


def run(path: Path, folder: Path) -> list[Any]:
    """Outputs of all cells; a cell that fails fails the test, with its traceback."""
    import nbformat
    from nbclient import NotebookClient

    book = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(book, timeout=60 * MINUTES, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute(env=dict(os.environ))
    return [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]


def said(output: Any) -> str:
    """What a cell has written to its streams; nothing of tables and figures."""
    return str(output["text"]) if output["output_type"] == "stream" else ""
