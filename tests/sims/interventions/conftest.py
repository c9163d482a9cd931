"""One tiny run of trained pairs for all tests of this folder."""

from pathlib import Path

import pytest

from tests.fixtures.trained import write_trained_run


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run, not to be written to."""
    return write_trained_run(tmp_path_factory.mktemp("trained") / "run")
