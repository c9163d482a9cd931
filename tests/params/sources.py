"""The project's own text, read by tests: packages, docstrings, files of values line by line, keys of references.bib."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from acc_cooperation import PACKAGES

ROOT = Path(__file__).resolve().parents[2]


def modules() -> dict[str, Path]:
    """Dotted name -> file of every module of the packages."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_of(path: Path, name: str, known: set[str]) -> set[str]:
    """Modules of this project that a file imports."""
    found = set()
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*package.split(".")[: len(package.split(".")) - node.level + 1], *filter(None, [node.module])])
            found |= {f"{base}.{alias.name}" if f"{base}.{alias.name}" in known else base for alias in node.names}
    return {module for module in found if module in known or module.split(".")[0] in PACKAGES} - {name}


def docstrings() -> Iterator[tuple[str, str]]:
    """(place, text) of every docstring of the packages and the tests."""
    files = [*modules().values(), *sorted((ROOT / "tests").rglob("*.py"))]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and (text := ast.get_docstring(node)):
                yield f"{path.relative_to(ROOT)}:{getattr(node, 'name', 'module')}", text


def citations(text: str) -> list[str]:
    """Keys cited in a text, one or several in square brackets, such as murray2019 and bellec2020."""
    groups = re.findall(r"\[((?:[a-z]+\d{4}[a-z]*(?:, )?)+)\]", text)
    return [key for group in groups for key in group.split(", ")]


def bibliography() -> set[str]:
    """Keys of references.bib."""
    return set(re.findall(r"^@\w+\{([^,\s]+),", (ROOT / "references.bib").read_text(encoding="utf-8"), re.MULTILINE))


@dataclass(frozen=True)
class ValueLine:
    """One value of base.toml or grid.toml: the file, number of its line, its table, key, the text of its value and of its comment."""

    file: str
    number: int
    table: tuple[str, ...]
    key: str
    value: str
    comment: str


def value_lines(file: str) -> list[ValueLine]:
    """Every line of a file in params/ that sets a value."""
    table: tuple[str, ...] = ()
    found = []
    for number, line in enumerate((ROOT / "params" / file).read_text(encoding="utf-8").splitlines(), 1):
        if heading := re.match(r"\[([\w.]+)\]", line):
            table = tuple(heading[1].split("."))
        elif setting := re.match(r"(\w+) = ([^#]*?)\s*(?:#\s*(.*))?$", line):
            found.append(ValueLine(file, number, table, setting[1], setting[2], setting[3] or ""))
    return found
