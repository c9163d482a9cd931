"""Tests of the analysis draw coarse PNGs: what is drawn is the same at any resolution, and most of a report's time goes into pixels."""

from collections.abc import Iterator

import pytest

from analysis.plots import style


@pytest.fixture(scope="module", autouse=True)
def coarse_figures() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(style, "PNG_DPI", 20)
        yield
