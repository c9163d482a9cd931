"""Documentation that can be followed: links lead somewhere, every page is reached, places exist, command lines are understood."""

import argparse
import importlib
import re
import tomllib
from pathlib import Path
from typing import Any, NoReturn

import pytest

from acc_cooperation import PACKAGES
from params import list_conditions, resolve
from tests.docs.pages import OF_THE_SITE, PAGES, ROOT, anchors, blocks, commands, links, name_of

OF_THE_PAST = ("CHANGELOG.md", "docs/learning-log", "docs/earlier-results")  # they speak of what was
EXAMPLES = ("coop_6cm", "one_step")  # files that a page tells its reader to write
PLACES = re.compile(rf"(?<![\w./])((?:{'|'.join(PACKAGES)}|tests|benchmarks)/[\w/]*(?:\.py|\.toml|/))")
COMMANDS = [(page, words) for page in PAGES for words in commands(page)]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_to_a_file_and_a_heading(page: Path) -> None:
    for link in links(page):
        assert link.target.exists(), f"{link.target} is not there"
        assert not link.anchor or link.anchor in anchors(link.target), f"{name_of(link.target)} has no heading #{link.anchor}"


def test_every_page_and_figure_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        if page.suffix == ".md":
            waiting += [link.target for link in links(page) if link.target not in reached]
    files = [path for ending in ("md", "png") for path in (ROOT / "docs").rglob(f"*.{ending}")]
    assert [name_of(path) for path in files if path not in reached | OF_THE_SITE] == []


def test_every_script_of_figures_is_named() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [path.stem for path in (ROOT / "docs/figures").glob("*.py") if path.stem not in text] == []


@pytest.mark.parametrize("page", [each for each in PAGES if not name_of(each).startswith(OF_THE_PAST)], ids=name_of)
def test_places_that_a_page_names_exist(page: Path) -> None:
    for place in PLACES.findall(page.read_text(encoding="utf-8")):
        assert (ROOT / place).exists() or any(each in place for each in EXAMPLES), place


def test_pages_that_code_names_exist() -> None:
    sources = [
        path for package in (*PACKAGES, "docs") for path in (ROOT / package).rglob("*.*") if path.suffix in (".py", ".toml")
    ]
    for path in sources:
        for place in re.findall(r"\bdocs/[\w/-]+\.\w+", path.read_text(encoding="utf-8")):
            assert (ROOT / place).exists(), f"{path}: {place}"


@pytest.mark.parametrize(
    ("page", "words"), COMMANDS, ids=lambda each: " ".join(each) if isinstance(each, list) else name_of(each)
)
def test_command_line_is_understood(page: Path, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    name, *arguments = words
    place = ROOT.joinpath(*name.split("."))
    assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), name
    if name.split(".")[0] in ("benchmarks", "docs"):
        return
    chosen = parsed(name, arguments, monkeypatch)
    condition = chosen.condition if name == "sims.run" and not chosen.list and not chosen.resume else None
    if condition not in (None, "CONDITION", *EXAMPLES):
        assert condition in list_conditions()
    resolve(condition if condition in list_conditions() else "coop_075s", getattr(chosen, "set", []))


def parsed(name: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> argparse.Namespace:
    """What a command reads from its arguments; it does nothing with them."""
    read = argparse.ArgumentParser.parse_args
    found: list[argparse.Namespace] = []

    def stop(parser: argparse.ArgumentParser, *given: Any) -> NoReturn:
        found.append(read(parser, *given))
        raise KeyboardInterrupt

    place = ROOT.joinpath(*name.split("."))
    module = importlib.import_module(name if place.with_suffix(".py").exists() else f"{name}.__main__")
    with monkeypatch.context() as patch:
        patch.setattr(argparse.ArgumentParser, "parse_args", stop)
        module.main(arguments)
    assert found, "the arguments are refused"
    return found[0]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_blocks_can_be_read(page: Path) -> None:
    for code in blocks(page, "python"):
        compile(code, name_of(page), "exec")
    for text in blocks(page, "toml"):
        tomllib.loads(text)
