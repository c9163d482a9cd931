"""Success, its two kinds of chance and the ratio of social to opaque, counted by hand; and the real sheet's."""

from pathlib import Path

import numpy as np
import pytest

from analysis.comparison.sides.measures import growth
from analysis.comparison.sides.of_totals import side_of_totals
from analysis.comparison.sides.side import OPAQUE, OTHER, SOCIAL
from analysis.comparison.sides.success import (
    above_chance,
    by_rules,
    chance,
    dyads,
    over_chance,
    over_opaque,
    over_sessions,
    pooled,
    ratio,
)
from recording.import_outcomes import main
from tests.docs.pages import ROOT, blocks
from tests.fixtures.real_files import real
from tests.fixtures.sides import session, side

NAN = float("nan")
TWO = side(
    "two",
    [
        *(session(0, SOCIAL, correct, attempts) for correct, attempts in ((10, 100), (30, 100), (80, 400))),
        session(0, OPAQUE, 10, 200),
        session(0, OTHER, 50, 50),
        session(0, SOCIAL, 90, 100, evaluated=False, training=False),
        session(1, SOCIAL, 5, 50),
        session(1, OPAQUE, 0, 40),
        session(2, SOCIAL, 1, 10),
    ],
)


def test_counts_by_hand() -> None:
    assert pooled(SOCIAL, TWO) == pytest.approx([120 / 600, 0.1, 0.1])
    assert pooled(OPAQUE, TWO) == pytest.approx([0.05, 0.0, NAN], nan_ok=True)
    assert over_opaque(TWO) == pytest.approx([0.15, 0.1, NAN], nan_ok=True)
    assert ratio(TWO) == pytest.approx([4.0, 0.1 / (1 / 40), NAN], nan_ok=True)


def test_the_ratio_by_each_rule() -> None:
    """Pair 0: sessions 0.1, 0.3, 0.2 against 0.05. Pair 1 has no opaque correct: counted as one where sessions are pooled."""
    rules = {each.rule: each for each in by_rules(TWO)}
    assert [(each.ratio, each.n) for each in rules.values()] == [(4.0, 2), (pytest.approx(4.0), 1), (pytest.approx(4.0), 1)]
    assert rules["median of sessions"].social == pytest.approx(0.2)
    assert by_rules(side("blind", [session(0, SOCIAL, 1, 2)])) == []


def test_chance_of_shifted_pokes_weighs_by_attempts() -> None:
    seen = side("c", [session(0, SOCIAL, 30, 100, chance=0.1), session(0, SOCIAL, 30, 300, chance=0.2)], lacks={})
    assert chance(seen) == pytest.approx([0.175])
    assert over_chance(seen) == pytest.approx([0.15 - 0.175])
    assert chance(TWO) == "planted: no pokes"
    assert over_chance(TWO) == "planted: no pokes"


def test_pairs_above_chance_by_all_their_sessions() -> None:
    rows = [session(0, SOCIAL, 1, 2, p_value=p) for p in (0.04, 0.06)] + [session(1, SOCIAL, 1, 2, p_value=0.06)]
    assert above_chance(0.05, side("p", [*rows, session(2, SOCIAL, 1, 2, p_value=NAN)], lacks={})) == pytest.approx(
        [1, 0, NAN], nan_ok=True
    )


def test_what_is_not_there_is_said() -> None:
    assert pooled(OPAQUE, side("s", [session(0, SOCIAL, 1, 2)])) == "no evaluated session behind an opaque divider"
    assert ratio(side("s", [session(0, OPAQUE, 1, 2)])) == "no evaluated session with the partner in sight"
    assert pooled(SOCIAL, side("s", [session(0, SOCIAL, 0, 0)])) == "no evaluated session with the partner in sight"


def test_growth_is_of_thirds_and_one_window() -> None:
    rows = [session(0, SOCIAL, correct, 10) for correct in (1, 3, 9, 9, 6, 8)] + [session(1, SOCIAL, 1, 10)]
    assert growth(side("g", rows)) == pytest.approx([0.7 - 0.2, NAN], nan_ok=True)


def test_growth_over_several_windows_is_refused() -> None:
    rows = [
        session(0, SOCIAL, 1, 10, window_s=3.0),
        session(1, SOCIAL, 1, 10),
        session(0, SOCIAL, 1, 10),
        session(1, SOCIAL, 1, 10),
    ]
    assert "several windows" in str(growth(side("g", rows)))


def test_dyads_and_their_test() -> None:
    rows = [session(0, SOCIAL, correct, 100) for correct in (21, 22, 23)] + [
        session(0, OPAQUE, correct, 100) for correct in (1, 2, 3)
    ]
    found, alone = dyads(side("d", [*rows, session(1, SOCIAL, 1, 2)]))
    assert (found.sessions, found.success, found.ratio) == ((3, 3), (0.22, 0.02), pytest.approx(11))
    assert found.p_value == pytest.approx(1 / 20)
    assert (alone.sessions, np.isnan(alone.p_value)) == ((1, 0), True)


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real sheet, imported by the specification of the documentation."""
    file = real("sessions/coop_pairs_a.xlsx")
    folder = tmp_path_factory.mktemp("sheet")
    text = blocks(ROOT / "docs/how-to/import-session-totals.md", "toml")[0]
    (folder / "spec.toml").write_text(text.replace("coop_seek_and_find_v2_updated.xlsx", str(file)), encoding="utf-8")
    assert main([str(folder / "spec.toml"), "-o", str(folder)]) == 0
    return folder


def test_the_real_dyads(sheet: Path) -> None:
    """Computed from the cells by hand-written code. The published 0.108, 0.049 and 2.3 are of nine dyads; six sheets are here."""
    dyads_here = side_of_totals(sheet, "sheet")
    social, opaque = (over_sessions(dyads_here, role) for role in (SOCIAL, OPAQUE))
    assert (social.n, opaque.n) == (174, 54)
    assert (social.middle, opaque.middle) == (pytest.approx(0.1177, abs=1e-4), pytest.approx(0.0518, abs=1e-4))
    rules = {each.rule: (round(each.ratio, 2), each.n) for each in by_rules(dyads_here)}
    assert rules == {"sessions pooled": (2.07, 5), "mean of sessions": (2.05, 5), "median of sessions": (2.13, 5)}
    ratios = [each.ratio for each in dyads(dyads_here)]
    assert ratios == pytest.approx([1.18, 1.80, 2.07, 2.94, NAN, 2.93], abs=0.005, nan_ok=True)
