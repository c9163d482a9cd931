"""Which code made a number: a digest of all that computes it. Comments, docstrings and what merely shows results do not count."""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from acc_cooperation import PACKAGES, ROOT

# library that a module may import -> distributions whose versions can change bits
LIBRARIES = {
    "numpy": ("numpy",),
    "scipy": ("scipy",),
    "numba": ("numba", "llvmlite"),
    "jax": ("jax", "jaxlib"),
    "equinox": ("equinox",),
    "optax": ("optax",),
}


@cache
def code_version(*roots: str) -> str:
    """Version of the package, and 16 hex digits of the code and the libraries that some modules run on.

    roots: dotted names of the modules that compute, such as "sims.mice.cohort". Equal versions, parameters and seeds give equal bits on one
    kind of processor.
    """
    return f"{version('acc-cooperation')}+{digest(roots)}"


def digest(roots: tuple[str, ...], directory: Path = ROOT) -> str:
    """16 hex digits of every module that `roots` import, directly or not, and of the libraries among `LIBRARIES` that these import."""
    texts = {name: _text(path) for name, path in files(roots, directory).items()}
    code = [f"{name}\n{_plain(text)}" for name, text in sorted(texts.items())]
    foreign = {imported.split(".")[0] for text in texts.values() for imported in _imports(text)}
    versions = sorted(f"{each} {version(each)}" for library in foreign & LIBRARIES.keys() for each in LIBRARIES[library])
    return hashlib.sha256("\0".join([*code, *versions]).encode()).hexdigest()[:16]


def files(roots: tuple[str, ...], directory: Path = ROOT) -> dict[str, Path]:
    """Name -> file of every module of the project that importing `roots` imports; what functions import later is not counted."""
    found: dict[str, Path] = {}
    waiting, seen = list(roots), set(roots)
    while waiting:
        name = waiting.pop()
        path = _file(name, directory)
        if path is not None:
            found[name] = path
            imported = {name.rpartition(".")[0], *_imports(_text(path))} - seen
            waiting += imported
            seen |= imported
    return found


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _file(name: str, directory: Path) -> Path | None:
    """File of a module of the project; None for others, and for what a module defines."""
    if name.split(".")[0] not in PACKAGES:
        return None
    place = directory.joinpath(*name.split("."))
    return next((path for path in (place / "__init__.py", place.with_suffix(".py")) if path.is_file()), None)


@cache
def _imports(text: str) -> frozenset[str]:
    """What a module imports when it is imported; of `from a import b`, both a and a.b, whichever is a module. Its tree is not kept: all
    trees together would be looked through again and again by the garbage collector, which took as long as parsing them."""
    found: set[str] = set()
    for node in _outside_functions(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{ast.unparse(node)}: imports of the project are absolute"
            base = node.module or ""
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.expr):
            yield child
            yield from _outside_functions(child)


@cache
def _plain(text: str) -> str:
    """Text of a module without its comments and docstrings."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and ast.get_docstring(node) is not None
        ):
            node.body = [*node.body[1:], ast.Pass()] if len(node.body) == 1 else node.body[1:]
    return ast.unparse(tree)
