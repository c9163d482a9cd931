"""Tests of the analysis draw coarse figures that are not laid out: a report spends most of its time on resolution and layout."""

from collections.abc import Iterator

import pytest

from analysis.plots import style


@pytest.fixture(scope="module", autouse=True)
def coarse_figures() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(style, "PNG_DPI", 20)
        patch.setattr(style, "_lay_out", lambda figure, dpi: figure.set_layout_engine("none"))
        yield
