"""Tests of the analysis draw coarse figures that are not laid out: what is drawn is the same, and most of a report's time goes into the two."""

from collections.abc import Iterator

import pytest

from analysis.plots import style


@pytest.fixture(scope="module", autouse=True)
def coarse_figures() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(style, "PNG_DPI", 20)
        patch.setattr(style, "_lay_out", lambda figure, dpi: figure.set_layout_engine("none"))
        yield
