"""Three parameters of the model are found again from the behaviour of eight simulated pairs. Ten minutes of processor time: -m slow."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.fit.bank import open_bank
from analysis.fit.experiment import read_experiment
from analysis.fit.inference import infer
from analysis.fit.statistics import choose
from sims.fit.__main__ import main
from sims.run import main as run

SMALL = {"cells.exc.count": 80, "cells.pv.count": 7, "cells.sst.count": 8, "cells.vip.count": 5}
NO_SESSIONS = ("coop_3s", "coop_150s", "evaluation_social", "evaluation_opaque")
SET = [f"{key}={value}" for key, value in (SMALL | {f"schedule.{phase}.sessions": 0 for phase in NO_SESSIONS}).items()]
FREE = ["body.speed_median=8 cm/s:18 cm/s", "body.bout=0.25 s:1.25 s", "body.dwell_max=200 ms:900 ms"]
HELD_OUT = 20


def recovered(mice: Path, bank: Path) -> tuple[np.ndarray, np.ndarray]:
    """Share of the posterior below the truth, of the experiment [parameters] and of points held out together [HELD_OUT, parameters]."""
    found, experiment = open_bank(bank, quick=True), read_experiment(mice)
    chosen = choose(found, experiment)
    places = found.places[chosen.rows]
    own = np.array([prior.places(np.array(experiment.parameters[prior.key])) for prior in found.priors])
    held = np.linspace(0, len(places) - 1, HELD_OUT).round().astype(int)
    others = np.setdiff1d(np.arange(len(places)), held)
    ranks = [infer(places[others], chosen.simulated[others], chosen.simulated[each]).below(places[each]) for each in held]
    return infer(places, chosen.simulated, chosen.observed).below(own), np.array(ranks)


def check(mice: Path, bank: Path) -> None:
    """Intervals of 90 % hold the truth in 80 % of the points held out and more, and say more than the prior."""
    own, held = recovered(mice, bank)
    assert np.all(np.mean((held > 0.05) & (held < 0.95), axis=0) >= 0.8)
    assert np.all((own > 0.01) & (own < 0.99))
    summary = json.loads((bank / "fit.json").read_text(encoding="utf-8"))
    assert all(each["identified"] and each["width"] < 0.6 and not each["coverage"]["off"] for each in summary["parameters"])


@pytest.mark.slow
def test_three_parameters_are_found_again(tmp_path: Path) -> None:
    mice, bank, sets = tmp_path / "mice", tmp_path / "fit", [word for each in SET for word in ("--set", each)]
    assert run(["coop_075s", "--quick", "--pairs", "8", "--behaviour-only", "--out", str(mice), *sets]) == 0
    free = [word for each in FREE for word in ("--free", each)]
    assert main([str(mice), *free, *sets, "--quick", "--points", "64", "-o", str(bank)]) == 0
    check(mice, bank)
