"""Coverage: even ranks where inference is right, and a word where it is not."""

import numpy as np
import pytest
from scipy import stats

from analysis.fit import coverage
from analysis.fit.coverage import held_out
from analysis.fit.inference import Posterior
from tests.analysis.fit.test_inference import linear


def test_ranks_of_a_linear_gaussian_model_are_even() -> None:
    for found in held_out(*linear(256, 0, noise=0.3)):
        assert found.n == 200
        assert found.off == ""
        assert sum(found.ranks) == 200
        assert stats.chisquare(found.ranks).pvalue > 0.001
        assert found.share(0.5) == pytest.approx(0.5, abs=0.12)
        assert found.share(0.9) == pytest.approx(0.9, abs=0.06)


@pytest.mark.parametrize(("spread", "said"), [(0.05, "too narrow"), (1.0, ""), (4.0, "too wide")])
def test_posteriors_of_a_wrong_width_are_said_so(spread: float, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The observation is the truth and normal noise; a posterior is normal around it, so many times too wide."""
    draws = stats.norm.ppf((np.arange(99) + 0.5) / 99)

    def given(places: np.ndarray, statistics: np.ndarray, observed: np.ndarray) -> Posterior:
        return Posterior(np.arange(99), (observed + spread * draws)[:, None], np.full(99, 1 / 99))

    monkeypatch.setattr(coverage, "infer", given)
    truths = np.random.default_rng(0).random((200, 1))
    (found,) = held_out(truths, truths + np.random.default_rng(1).normal(size=(200, 1)))
    assert found.off == said
