"""Silencing and ablations beside the runs that trained the pairs: what is read of their reports, and what is refused."""

import json
from pathlib import Path

import pytest

from analysis.comparison.acted_on import Acted, compared_acted, read_acted, refuse_two_of_a_kind
from analysis.core.document import write_document
from analysis.core.statistics import Estimate
from analysis.findings.f7 import DoseVerdict
from analysis.findings.summary import AblationSummary, Dose, RunFacts, SilencingSummary
from analysis.interventions.silencing import DoseEffect
from params import resolve
from params.errors import UserError

SOURCE: dict[str, object] = {"condition": "coop_075s", "seed": 0, "digest": "0", "code_version": "test"}
OWN = Estimate(0.5, 0.4, 0.6, 3)
NOTHING = {"verdicts": {}}
HEADER = "pair,k,set,draw,task,rewards_per_min\n"


def write(path: Path, condition: str, summary: object, ablation: str = "") -> Path:
    """A run of the mice that acts on trained pairs, with what its report left of it."""
    resolved = resolve(condition if condition == "inhibit_acc" else "coop_075s")
    (path / "sessions").mkdir(parents=True)
    (path / "sessions" / "pair00_s000_dose000_coop.h5").touch()
    (path / "params.toml").write_text(resolved.text)
    facts = {"condition": condition, "seed": 0, "pairs": 3, "digest": resolved.digest, "code_version": "test", "source": SOURCE}
    (path / "run.json").write_text(json.dumps(facts))
    write_document(path / "summary.json", summary)
    if ablation:
        (path / "ablation.csv").write_text(ablation)
    return path


FACTS = RunFacts("inhibit_acc", 0, 3, "0", "test", True, None, 1, SOURCE)
ABLATION = AblationSummary(FACTS, OWN, 0.0, {}, [], {})


def silencing(path: Path) -> Path:
    effects = [DoseEffect(dose, OWN, OWN, 0.0, 1, *[OWN] * 9) for dose in (0.0, 1.0)]
    doses = [Dose(each, DoseVerdict(each.dose, None, None, None, None)) for each in effects]
    return write(path, "inhibit_acc", SilencingSummary(FACTS, "exc", "before_poke", "both", doses, {}))


def test_silencing_is_named_by_all_that_it_is(tmp_path: Path) -> None:
    lines = compared_acted([read_acted(silencing(tmp_path / "run"), "acc")])
    assert lines[0].measure == "success kept (exc, before poke, both, dose 1)"
    assert lines[0].acc.estimate.value == 0.5
    assert "--ablation-marl" in lines[0].marl.missing


def test_water_kept_is_that_of_each_pair_over_its_own(tmp_path: Path) -> None:
    """Own 4 and 2 drinks; without 16 matched units means over draws of 3 and 1: 0.75 and 0.5."""
    rows = [f"{pair},0,none,0,coop,{own}" for pair, own in enumerate((4, 2))]
    rows += [
        f"{pair},16,matched,{draw},coop,{kept}" for pair, kepts in enumerate(((2, 4), (1, 1))) for draw, kept in enumerate(kepts)
    ]
    run = write(tmp_path / "run", "ablation", ABLATION, HEADER + "\n".join(rows) + "\n")
    line = next(each for each in compared_acted([read_acted(run, "acc")]) if "together without 16 matched" in each.measure)
    assert line.acc.estimate.value == pytest.approx(0.625)
    assert line.acc.estimate.n == 2


@pytest.mark.parametrize(
    ("condition", "summary", "ablation", "words"),
    [
        ("pathways", NOTHING, "", "swaps pathways"),
        ("shadow", NOTHING, "", "changes no brain"),
        ("inhibit_acc", NOTHING, "", r"of another version of the report \(run: Field required\); python -m analysis.report"),
        ("ablation", ABLATION, "pair,k\n", "ablation.csv: has no column set"),
        ("ablation", ABLATION, "", "has no ablation.csv; python -m analysis.report"),
    ],
)
def test_what_cannot_be_compared_is_one_line(condition: str, summary: object, ablation: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=words) as caught:
        read_acted(write(tmp_path / "run", condition, summary, ablation), "acc")
    assert "\n" not in str(caught.value)


def test_two_of_a_kind_are_refused(tmp_path: Path) -> None:
    one, two = (read_acted(silencing(tmp_path / name), "acc") for name in ("one", "two"))
    with pytest.raises(UserError, match="are both of kind silencing"):
        refuse_two_of_a_kind([one, two])
    refuse_two_of_a_kind([one, Acted("acc", "ablation", two.run, ABLATION, [])])
