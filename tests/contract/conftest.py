"""Brains and rules that only tests know, named as the others are."""

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from acc_cooperation import ROOT
from acc_model.models import MODELS
from acc_model.plasticity.rules import RULES
from tests.contract import toy_brain

HOW_TO = ROOT / "docs" / "how-to" / "add-a-plasticity-rule.md"


@pytest.fixture(scope="session", autouse=True)
def _named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    MODELS["toy"] = toy_brain
    RULES["one_step"] = rule_of_how_to(tmp_path_factory.mktemp("own") / "one_step.py")
    yield
    del MODELS["toy"], RULES["one_step"]


def rule_of_how_to(path: Path) -> ModuleType:
    """The first Python block of the how-to, as the file that it says it is."""
    block = re.search(r"```python\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    path.write_text(block[1], encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[path.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
