"""Conditions resolve, mistakes are one line that names the nearest allowed thing, digests follow values and not spelling."""

import hashlib
import tomllib
from pathlib import Path

import pytest
import tomli_w
from pydantic import ValidationError

from params import GridParameters, ParameterError, Parameters, list_conditions, resolve
from params.load import resolve_file, resolve_onto, resolve_tool

CONDITIONS = list(list_conditions())
MOUSE = [condition for condition in CONDITIONS if isinstance(resolve(condition).params, Parameters)]


@pytest.mark.parametrize("quick", [False, True])
@pytest.mark.parametrize("condition", CONDITIONS)
def test_condition_resolves_and_comes_back_from_its_file(condition: str, quick: bool, tmp_path: Path) -> None:
    resolved = resolve(condition, quick=quick)
    path = tmp_path / "params.toml"
    path.write_text(resolved.text, encoding="utf-8")
    again = resolve_file(path, condition)
    assert again.params == resolved.params
    assert again.digest == resolved.digest
    assert len(resolved.digest) == 16
    assert resolved.params.schedule.phases


def test_conditions_of_the_study_are_there() -> None:
    assert {"solo", "coop_3s", "coop_150s", "coop_075s", "opaque", "no_plasticity", "yoked"} <= set(CONDITIONS)
    assert all(list_conditions().values())


def test_main_condition_is_the_published_schedule() -> None:
    schedule = resolve("coop_075s").params.schedule
    training = [(phase.sessions, phase.window_s) for name, phase in schedule.phases if name.startswith("coop")]
    assert training == [(5, 3.0), (10, 1.5), (15, 0.75)]
    assert schedule.session_s == 1800
    assert schedule.session_s * sum(sessions for sessions, _ in training) == 15 * 3600


def test_controls_differ_from_the_main_condition_as_they_say() -> None:
    def cooperative(condition: str) -> list:
        return [phase for name, phase in resolve(condition).params.schedule.phases if name.startswith("coop")]

    assert all(phase.divider == "opaque" for phase in cooperative("opaque"))
    assert not any(phase.plastic for phase in cooperative("no_plasticity"))
    assert all(phase.reward == "yoked" for phase in cooperative("yoked"))
    assert [name for name, _ in resolve("solo").params.schedule.phases] == ["pretraining", "evaluation_solo"]


def test_no_reward_for_strategies_by_default() -> None:
    for condition in MOUSE:
        assert resolve(condition).params.rule.affiliation_reward == 0.0


MISTAKES = {
    "time.decison=125 ms": "did you mean decision",
    "tine.decision=125 ms": "did you mean time",
    "cells.excc.count=3": "did you mean exc",
    "schedule.coop_75s.window=3 s": "did you mean coop_075s",
    "chamber.lenght=30 cm": "did you mean length",
    "time.decision=125": "time.decision.*needs a unit",
    "time.decision=125 mV": "time.decision.*not a quantity in s",
    "time.decision=125 mss": "known unit",
    "time.decision=130 ms": "not a whole number of",
    "time.physics_step=0 s": "greater than 0",
    "cells.exc.tau=-20 ms": "cells.exc.tau.*greater than 0",
    "cells.exc.tau=nan s": "cells.exc.tau",
    "cells.exc.tau=inf s": "cells.exc.tau",
    "cells.exc.count=3.5": "cells.exc.count.*integer",
    "cells.exc.count=0": "cells.exc.count",
    'cells.exc.count="320"': "cells.exc.count.*integer",
    "connectivity.probability.exc.exc=1.2": "less than or equal to 1",
    "rule.click=1": "rule.click.*boolean",
    "rule.miss_timeout=0.1 s": "miss_timeout.*not a whole number",
    "schedule.coop_075s.window=0.76 s": r"nearest: 0.75 s, 0.775 s",
    "schedule.coop_075s.divider=glass": "'transparent' or 'opaque'",
    "schedule.coop_075s.sessions=-1": "greater than or equal to 0",
    "schedule.session=31 s": "schedule.session.*not a whole number",
    "schedule.coop_075s=3": "schedule.coop_075s",
    "time=5": "time",
    "recording.rates=first": "recording.rates",
    'recording.rates=["some"]': "recording.rates",
    "plasticity.yoked_delay_max=1 s": "shorter than yoked_delay_min",
    "chamber.reach=20 cm": "reach",
    "chamber.port_from_divider=20 cm": "outside the width",
    "body.dwell_max=50 ms": "shorter than dwell_min",
    "senses.partner_delay=0.1 s": "partner_delay.*not a whole number",
    "analysis.chance_shifts=10": "chance_shifts",
    "plasticity.actor_rate=fast": "plasticity.actor_rate",
    "=3": "key=value",
    "novalue": "key=value",
}


@pytest.mark.parametrize(("override", "message"), MISTAKES.items(), ids=MISTAKES.keys())
def test_mistake_is_one_line(override: str, message: str) -> None:
    with pytest.raises(ParameterError, match=message) as caught:
        resolve("coop_075s", [override])
    assert "\n" not in str(caught.value)
    assert "pydantic" not in str(caught.value)


def test_unknown_condition_names_the_nearest() -> None:
    with pytest.raises(ParameterError, match="did you mean coop_075s"):
        resolve("coop_75s")


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "missing"), ("[time\n", "not valid TOML"), ("[time]\nfoo = 1\n", "."), ("\xff", "."), ("[[time]]\n", ".")],
)
def test_broken_file_is_one_line(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "params.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ParameterError, match=message) as caught:
        resolve_file(path, "coop_075s")
    assert "\n" not in str(caught.value)


def test_absent_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="cannot be read"):
        resolve_file(tmp_path / "none.toml", "coop_075s")


def test_digest_ignores_spelling() -> None:
    plain = resolve("coop_075s").digest
    window = "schedule.coop_075s.window"
    for same in (f"{window}=750 ms", f'{window}="0.750 s"', "schedule.session=0.5 h", "rule.click=true"):
        assert resolve("coop_075s", [same]).digest == plain, same


def test_digest_follows_every_value() -> None:
    overrides = ("schedule.coop_075s.window=0.775 s", "cells.exc.count=321", "rule.click=false", "plasticity.actor_rate=0.0041")
    digests = [resolve("coop_075s", given).digest for given in ([], *([override] for override in overrides))]
    assert len(set(digests)) == len(digests)


def test_parameters_are_frozen() -> None:
    params = resolve("coop_075s").params
    with pytest.raises(ValidationError, match="frozen"):
        params.rule.click = False
    with pytest.raises(ValidationError, match="frozen"):
        params.rule = params.rule


def test_override_wins_over_condition_and_base() -> None:
    assert resolve("coop_3s", ["schedule.evaluation_social.window=1.5 s"]).params.schedule.evaluation_social.window_s == 1.5
    assert resolve("coop_3s").params.schedule.evaluation_social.window_s == 3.0
    assert resolve("coop_075s").params.schedule.evaluation_social.window_s == 0.75


def test_text_holds_units_and_no_description() -> None:
    tree = tomllib.loads(resolve("solo").text)
    assert "description" not in tree
    assert tree["time"]["decision"] == "125 ms"


def test_a_tool_keeps_the_runs_parameters_and_takes_its_own_table_anew(tmp_path: Path) -> None:
    run = resolve("coop_075s", ['senses.partner_range="9 cm"', "ablation.draws=20"])
    (tmp_path / "params.toml").write_text(run.text, encoding="utf-8")
    tool = resolve_tool(tmp_path / "params.toml", "ablation", ["ablation.draws=30"], quick=False)
    assert (tool.condition, tool.params.ablation.draws) == ("ablation", 30)
    assert tool.params.senses == run.params.senses
    assert resolve_tool(tmp_path / "params.toml", "ablation").params.ablation == resolve("coop_075s").params.ablation
    quick = resolve_tool(tmp_path / "params.toml", "ablation", quick=True).params
    assert quick.ablation == resolve("coop_075s", quick=True).params.ablation
    assert quick.schedule == run.params.schedule


def test_runs_keep_their_text_and_digest() -> None:
    """Written down: a run made with this text must be recognised; a change here makes every older run another one."""
    known = {"coop_075s": "3113b101ad2644e0", "coop_150s": "9df7093dc2e4bb6c", "coop_habit": "458805f8bcb8eab4"}
    assert {condition: resolve(condition).digest for condition in known} == known
    assert hashlib.sha256(resolve("coop_075s").text.encode()).hexdigest()[:16] == "c2bc6e5a8586e50e"


@pytest.mark.parametrize("table", ["shadow", "pathways"])
def test_a_run_from_before_a_tool_is_read(table: str, tmp_path: Path) -> None:
    tree = tomllib.loads(resolve("coop_075s").text)
    del tree[table]
    (tmp_path / "params.toml").write_text(tomli_w.dumps(tree), encoding="utf-8")
    assert resolve_file(tmp_path / "params.toml", "coop_075s").params == resolve("coop_075s").params
    assert resolve_tool(tmp_path / "params.toml", table, quick=True).condition == table


def test_a_run_from_before_brains_rules_and_partners_had_names_is_read(tmp_path: Path) -> None:
    """It had the rate brain and its rule, and two mice."""
    run = resolve("coop_075s")
    tree = tomllib.loads(run.text)
    del tree["brain"], tree["lif"], tree["plasticity"]["rule"], tree["partner"]
    (tmp_path / "params.toml").write_text(tomli_w.dumps(tree), encoding="utf-8")
    read = resolve_file(tmp_path / "params.toml", "coop_075s")
    assert (read.params, read.digest) == (run.params, run.digest)


def test_a_run_from_before_habits_had_a_share_is_read(tmp_path: Path) -> None:
    text = resolve("coop_075s").text
    start = text.index("[habit]")
    end = text.index("\n[", start)
    for gain, known in (("0.0", True), ("4.0", False)):
        (tmp_path / "params.toml").write_text(text[:start] + f"[habit]\ngain = {gain}\n" + text[end:], encoding="utf-8")
        if known:
            assert resolve_file(tmp_path / "params.toml", "coop_075s").params == resolve("coop_075s").params
        else:
            with pytest.raises(ParameterError, match=r"habit: key 'gain' is unknown"):
                resolve_file(tmp_path / "params.toml", "coop_075s")


def test_conditions_know_their_side() -> None:
    grid = [condition for condition in CONDITIONS if isinstance(resolve(condition).params, GridParameters)]
    assert sorted(grid) == ["marl_coop", "marl_noobs", "marl_scratch", "marl_solo"]
    assert sorted(grid + MOUSE) == sorted(CONDITIONS)
    with pytest.raises(ParameterError, match="marl_coop is of the grid"):
        _ = resolve("marl_coop").mouse
    with pytest.raises(ParameterError, match="solo is of the mice"):
        _ = resolve("solo").grid


def test_resolved_text_says_its_base_on_the_grid_only() -> None:
    assert tomllib.loads(resolve("marl_coop").text)["base"] == "grid"
    assert "base" not in tomllib.loads(resolve("solo").text)


GRID_MISTAKES = {
    "analysis.chance_min_shift=10 s": '"10 s" is not a quantity in step',
    "analysis.ethogram.contact=3 cm": "not a quantity in cell",
    "analysis.ethogram.wait_speed=4 cm/s": "not a quantity in cell/step",
    "analysis.chance_min_shift=10": "needs a unit",
    "analysis.decoding.null_min_shift=20 step": "null_min_shift = 20 step is shorter than gap = 50 step",
    "world.window=0.75 s": "not a quantity in step",
    "world.window=2.5 step": "not a whole number of steps",
    "world.window=6 step": "less than or equal to 5",
    "world.windw=2 step": "did you mean window",
    "cells.exc.count=3": "table 'cells' is unknown",
    "base=mouse": "key 'base' is unknown",
    "network.cell=lstm": "'rnn' or 'gru'",
    "training.minibatches=5": "not a multiple of minibatches",
    "training.update=30 step": "not a whole number of updates of 1920 step",
    "schedule.coop_training.session=1000000 step": "nearest: 998400 step, 1001600 step",
    "schedule.evaluation_opaque.divider=glass": "'transparent' or 'opaque'",
    "ablation.judged_count=3": "not among counts",
}


@pytest.mark.parametrize(("override", "message"), GRID_MISTAKES.items(), ids=GRID_MISTAKES.keys())
def test_mistake_on_the_grid_is_one_line(override: str, message: str) -> None:
    with pytest.raises(ParameterError, match=message) as caught:
        resolve("marl_coop", [override])
    assert "\n" not in str(caught.value)
    assert "pydantic" not in str(caught.value)


@pytest.mark.parametrize("override", ["analysis.chance_min_shift=10 step", "body.bout=5 step", "chamber.reach=2 cell"])
def test_mice_know_no_steps_and_cells(override: str) -> None:
    with pytest.raises(ParameterError, match="is not a quantity in"):
        resolve("coop_075s", [override])


def test_differences_of_the_grid_conditions() -> None:
    assert [name for name, _ in resolve("marl_solo").params.schedule.phases] == ["naive", "pretraining", "evaluation_solo"]
    assert "pretraining" not in dict(resolve("marl_scratch").params.schedule.phases)
    assert not resolve("marl_noobs").params.world.sees_partner
    main = resolve("marl_coop").params
    assert main.schedule.coop_training.session_steps % main.training.batch_steps == 0


def test_a_tool_of_the_mice_or_a_file_of_the_other_side_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "params.toml"
    path.write_text(resolve("marl_coop").text, encoding="utf-8")
    with pytest.raises(ParameterError, match="is a run of the grid, which has no pathways"):
        resolve_tool(path, "pathways")
    with pytest.raises(ParameterError, match="is a run of the grid; inhibit_acc is for runs of the mouse"):
        resolve_onto(path, "inhibit_acc")
    assert resolve_tool(path, "ablation", ["ablation.draws=10"]).params.ablation.draws == 10
    path.write_text('base = "house"\n' + resolve("coop_075s").text, encoding="utf-8")
    with pytest.raises(ParameterError, match="base = 'house' is unknown; allowed: mouse, grid"):
        resolve_file(path, "coop_075s")
    path.write_text('base = "grid"\n' + resolve("coop_075s").text, encoding="utf-8")
    with pytest.raises(ParameterError, match=r"unknown|missing"):
        resolve_file(path, "coop_075s")


def test_a_run_from_before_the_response_of_groups_is_read(tmp_path: Path) -> None:
    """Its table of the report still has the shifts of the gain, and not yet the permutations that took their place."""
    text = resolve("coop_075s").text
    line = next(line for line in text.splitlines() if line.startswith("group_permutations"))
    earlier = text.replace(line, 'gain_shifts = 40\ngain_min_shift = "10 s"')
    (tmp_path / "params.toml").write_text(earlier.replace("group_surrogates = 20", "group_surrogates = 30"), encoding="utf-8")
    report = resolve_file(tmp_path / "params.toml", "coop_075s").params.analysis.report
    assert report.group_surrogates == 30
    assert report.group_permutations == resolve("coop_075s").params.analysis.report.group_permutations


def test_tables_of_older_runs_keep_their_values_under_todays_names(tmp_path: Path) -> None:
    path = tmp_path / "params.toml"
    now = resolve("inhibit_acc", ["silencing.rebound_gain=2.0", "pathways.permutations=200"])
    path.write_text(now.text.replace("[silencing]", "[manipulation]").replace("[pathways]", "[mechanism]"))
    assert "[manipulation]" in path.read_text()
    assert "[mechanism]" in path.read_text()
    assert resolve_file(path, "inhibit_acc") == now


def test_keys_that_are_asked_no_more_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "params.toml"
    now = resolve("coop_075s")
    path.write_text(now.text.replace("[analysis.shared_space]\n", "[analysis.shared_space]\ncanonical_quantile = 0.95\n"))
    assert "canonical_quantile" in path.read_text()
    assert resolve_file(path, "coop_075s") == now
