"""A verdict holds if all its clauses do, each on enough pairs; and it is read as it was written."""

from pathlib import Path

import numpy as np
import pytest

from analysis.core.document import read_document, write_document
from analysis.core.statistics import Estimate
from analysis.findings.verdict import Clause, Verdict, above, below


def about(value: float, margin: float = 0.1) -> Estimate:
    return Estimate(value, value - margin, value + margin, 8)


@pytest.mark.parametrize(("n", "words"), [(0, "0 pairs"), (1, "1 pair"), (5, "5 pairs")])
def test_one_clause_on_too_few_pairs_leaves_the_claim_unmeasured(n: int, words: str) -> None:
    verdict = Verdict((Clause(True, "one", 8), Clause(True, "other", n)), differs="more", support="a")
    assert (verdict.n, verdict.measured, verdict.holds) == (n, False, False)
    assert verdict.because == f"not measured: a verdict needs 6 pairs, and a figure of it has {words}"
    assert Verdict((Clause(True, "one", 8), Clause(True, "other", 6))).holds


def test_a_claim_without_clauses_is_not_measured() -> None:
    assert (Verdict(missing="no rates").measured, Verdict(missing="no rates").because) == (False, "not measured: no rates")


def test_an_interval_beside_a_bound_is_a_clause_on_its_pairs() -> None:
    assert above(about(0.5), 0.3, "it") == Clause(True, "it, n = 8", 8)
    assert not above(about(0.5), 0.45, "it").holds  # the value is above, the interval is not
    assert below(about(0.5), 0.7, "it").holds
    assert not below(about(0.5), 0.55, "it").holds
    few = Estimate(0.5, np.nan, np.nan, 5)
    assert not above(few, 0.0, "it").holds
    assert not below(few, 1.0, "it").holds


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(missing="no rates"),
        Verdict(
            (Clause(True, "one; and more", 6), Clause(False, "no: other", 8)), differs="more; of it", support="a; in support: b"
        ),
    ],
)
def test_clauses_are_stored_as_data(verdict: Verdict, tmp_path: Path) -> None:
    write_document(tmp_path / "verdict.json", verdict)
    assert read_document(tmp_path / "verdict.json", Verdict) == verdict
    assert f'"holds": {str(verdict.holds).lower()}' in (tmp_path / "verdict.json").read_text()
