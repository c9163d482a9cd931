"""The analysis on agents of the grid: cases by hand, scripted pairs, and a report in steps and cells."""

import csv
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.behaviour.cohort import Cohort
from analysis.behaviour.kinematics import armed
from analysis.behaviour.pokes import coordination
from analysis.behaviour.session import measure_session, occupancy
from analysis.behaviour.synchrony import find_in_sync
from analysis.core.run import open_run
from analysis.core.statistics import Estimate
from analysis.core.units import STEPS
from analysis.findings.summary import TrainingSummary, read_summary
from analysis.neural.decoding.hidden_variable import NAMES as HIDDEN
from analysis.neural.inputs.own_behaviour import own_behaviour
from analysis.neural.inputs.signals import SIGNALS, signals_on
from analysis.plots.behaviour.learning_curves import one_window
from analysis.report.packing import unpacked
from analysis.report.training import analyse, write_report
from params import AnyParameters, resolve
from params.schema.room import Room
from recording import Session, event_table, validate
from tests.fixtures import grid
from tests.fixtures.bouts import contact, interaction, wait, wait_at_port
from tests.fixtures.planted import FEW_DRAWS
from tests.fixtures.sessions import make_session

PARAMS: AnyParameters = resolve("marl_coop").params
THRESHOLDS = PARAMS.analysis.ethogram
SESSIONS = (
    "schedule.naive.sessions=0",
    "schedule.pretraining.sessions=1",
    "schedule.evaluation_social.sessions=1",
    "schedule.coop_training.sessions=3",
)
FEW_FITS = ("analysis.decoding.blocks=5", "analysis.decoding.lags=1")
POLICIES = {"random": grid.at_random, "greedy": grid.greedy, "waiting": grid.waiting, "half": grid.sometimes(0.5)}


def on_grid(columns: list[list[int]], rows: list[list[int]], events: list[np.ndarray], ports: Any = None) -> Session:
    """A session of two agents on [agent][t] columns and rows; ports [t, agent, (x, y)], by default above everybody."""
    tracks = np.stack([np.array(columns).T - 3.5, np.array(rows).T], axis=-1)
    ports = np.tile([[-3.5, 0.0], [3.5, 0.0]], (len(tracks), 1, 1)) if ports is None else np.array(ports, float)
    said = {"time_unit": "step", "space_unit": "cell", "event_step": 1, "window": 2, "condition": "marl_coop"}
    said |= {"port": ports.mean(axis=0).tolist(), "phase": "coop_training"}
    session = make_session(
        tracks, time=np.arange(len(tracks), dtype=float), ports=ports.astype(np.float32), events=events, **said
    )
    validate(session)
    return session


def waiter() -> Session:
    """Agent 0 comes down column 1 to a step from its port, stands there from step 2 to 6 and goes in at 7; agent 1 pokes at 8."""
    row_0 = [4, 3, 2, 2, 2, 2, 2, 1, 1, 1]
    row_1 = [7, 7, 6, 5, 4, 3, 2, 1, 0, 0]
    ports = np.tile([[-2.5, 1.0], [2.5, 0.0]], (10, 1, 1))
    events = [event_table([0, 1], "arm", [0, 0]), event_table([0, 1], "poke", [7, 8]), event_table([0, 1], "correct", [8, 8])]
    return on_grid([[1] * 10, [6] * 10], [row_0, row_1], events, ports)


class TestByHand:
    def test_waiting_one_step_from_the_port(self) -> None:
        """Speed over two steps is 1, 1, 1/2, 0, 0, 0, 1/2: below 0.6 from step 2 to 6."""
        session = waiter()
        np.testing.assert_array_equal(wait(session, 0, THRESHOLDS), [[2, 7]])
        np.testing.assert_array_equal(wait_at_port(session, 0, THRESHOLDS), [[2, 7]])
        assert not len(wait(session, 1, THRESHOLDS))

    def test_a_port_that_moves_away_is_not_waited_at(self) -> None:
        session = waiter()
        assert session.ports is not None
        session.ports[:5, 0] = [-0.5, 0.0]
        assert not len(wait_at_port(session, 0, THRESHOLDS))

    def test_armed_from_the_drink_to_the_poke(self) -> None:
        events = [event_table(0, "arm", [0, 6]), event_table(0, "poke", [3, 8])]
        session = on_grid([[0] * 10, [7] * 10], [[5] * 10, [5] * 10], events)
        assert np.flatnonzero(armed(session, 0)).tolist() == [0, 1, 2, 6, 7]

    def test_contact_across_the_midline(self) -> None:
        """In columns 3 and 4, at most one row apart, for two steps: at steps 2 to 4; a joint decision is open until step 4."""
        columns = [[2, 2, 3, 3, 3, 3, 3, 3], [5, 4, 4, 4, 4, 4, 4, 5]]
        rows = [[4, 4, 4, 4, 4, 3, 2, 2], [4, 4, 4, 5, 5, 5, 5, 5]]
        events = [event_table([0, 1], "arm", [0, 0]), event_table(1, "poke", 4)]
        session = on_grid(columns, rows, events)
        np.testing.assert_array_equal(contact(session, THRESHOLDS), [[2, 5]])
        np.testing.assert_array_equal(interaction(session, THRESHOLDS), [[2, 4]])

    def test_every_cell_is_one_bin(self) -> None:
        session = on_grid([[0, 0, 3], [4, 7, 7]], [[0, 0, 7], [3, 0, 0]], [])
        time = occupancy(session, PARAMS.room)
        assert PARAMS.room == Room((-4.0, 4.0), (-0.5, 7.5))
        assert time.shape == (2, 8, 8)
        assert {tuple(map(int, place)): int(time[tuple(place)]) for place in np.argwhere(time)} == {
            (0, 0, 0): 2, (0, 3, 7): 1, (1, 4, 3): 1, (1, 7, 0): 2,
        }  # fmt: skip


class TestScriptedPairs:
    @pytest.mark.parametrize("window", [1, 2, 4])
    @pytest.mark.parametrize("name", POLICIES)
    def test_the_rule_gives_the_recorded_events(self, name: str, window: int) -> None:
        for seed in range(3):
            session = grid.play(POLICIES[name], 1500, np.random.default_rng([seed, window]), window=window)
            validate(session)
            result = coordination(session, window, np.empty(0, np.int64)).score
            np.testing.assert_array_equal(session.events_of("correct", 0)["start"], result.correct)
            np.testing.assert_array_equal(session.events_of("miss")["start"], result.miss)
            assert sorted(session.events_of("miss")["agent"]) == sorted(result.missed)

    def test_waiting_pays_in_sync_and_nothing_else_does(self) -> None:
        found = {name: self.measures(POLICIES[name]) for name in ("greedy", "waiting")}
        share = {name: 2 * len(each.trained.score.correct) / sum(each.pokes) for name, each in found.items()}
        assert share["waiting"] > share["greedy"] + 0.1
        assert found["waiting"].strategy_s["wait"] > 10 * found["greedy"].strategy_s["wait"]
        assert found["waiting"].wait_contingency > found["greedy"].wait_contingency + 0.1
        assert found["waiting"].recorded_as_scored

    def test_measures_are_in_steps(self) -> None:
        each = self.measures(grid.waiting)
        assert each.clock is STEPS
        assert each.duration_s == 3000
        assert each.occupancy.sum() == 2 * 3000
        assert each.study is not None
        assert each.study.episodes == 15
        assert (each.ports[:, 0, 1] == 0).all()
        assert (each.ports[:, 1, 1] == 2).all()
        assert (each.spouts[:, 0, 1] == 4).all()

    def test_pokes_in_sync_by_hand(self) -> None:
        each = self.measures(grid.waiting)
        found = find_in_sync(Cohort([each]), "coop_training", lambda values: Estimate(float(np.mean(values)), 0, 0, 1))
        correct, chance = len(each.trained.score.correct), each.trained.null.correct.mean()
        assert found.share.value == pytest.approx(2 * correct / sum(each.pokes))
        assert found.ratio.value == pytest.approx(correct / chance)
        assert found.ratio.value == pytest.approx(found.share.value / found.chance.value)
        assert found.rate.value == pytest.approx(correct / 15)
        assert found.study_seen.value == pytest.approx(each.study.seen / 15)
        assert found.study_ratio.value == pytest.approx(each.study.seen / each.study.by_chance)

    @staticmethod
    def measures(policy: grid.Policy) -> Any:
        return measure_session(grid.play(policy, 3000, np.random.default_rng(1)), PARAMS, np.random.default_rng(0))


@pytest.mark.parametrize("window", [1, 2, 4])
def test_the_rule_agrees_with_the_world(window: int) -> None:
    """Random play and one that shuttles, of the world that agents train in: syncs and misses by the analysis' own rule."""
    jax = pytest.importorskip("jax")
    from worlds import grid as world

    rule = world.GridRule(window=window)

    def act(state: Any, key: Any) -> Any:
        goal = jax.numpy.where(state.available[:, None], state.water, state.port)
        away = goal - state.position
        vertical, sideways = jax.numpy.where(away[:, 0] > 0, 2, 0), jax.numpy.where(away[:, 1] > 0, 1, 3)
        shuttle = jax.numpy.where(away[:, 0] != 0, vertical, jax.numpy.where(away[:, 1] != 0, sideways, 4))
        at_random = jax.random.randint(key, (2,), 0, 5)
        return jax.numpy.where(jax.random.uniform(key, (2,)) < 0.3, at_random, shuttle)

    def step(state: Any, key: Any) -> Any:
        acts, draws = jax.random.split(key)
        after, _, happened = world.step(rule, state, act(state, acts), world.draw_step(rule, draws))
        return after, happened

    start = world.spawn(rule, world.draw_spawn(rule, jax.random.key(0)))
    happened = jax.lax.scan(step, start, jax.random.split(jax.random.key(window), 3000))[1]
    pokes = [np.flatnonzero(np.asarray(happened.poke)[:, agent]) + 1 for agent in range(2)]
    tables = [event_table(agent, "poke", each) for agent, each in enumerate(pokes)]
    session = make_session(n=3000, time=np.arange(3000.0), event_step=1, time_unit="step", events=tables)
    result = coordination(session, window, np.empty(0, np.int64)).score
    assert result.attempts > 100
    np.testing.assert_array_equal(result.correct, np.flatnonzero(np.asarray(happened.sync)) + 1)
    np.testing.assert_array_equal(result.miss, np.flatnonzero(np.asarray(happened.miss).any(axis=1)) + 1)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pairs with units."""
    path = grid.write_grid_run(
        tmp_path_factory.mktemp("run"), overrides=(*SESSIONS, *FEW_DRAWS, "recording.session=1200 step"), units=True
    )
    write_report(path, workers=2, say=lambda line: None)
    return path


@pytest.fixture(scope="module")
def summary(run: Path) -> TrainingSummary:
    return read_summary(open_run(run), TrainingSummary)


def test_agents_that_learn_to_wait_are_seen_to(tmp_path: Path) -> None:
    """Six pairs: fewer have no verdict."""
    path = grid.write_grid_run(tmp_path, 6, overrides=(*SESSIONS, "recording.session=450 step"))
    summary = analyse(path, workers=2, behaviour_only=True).summary
    assert summary.verdicts["F1"].holds, summary.verdicts["F1"]
    assert summary.behaviour.growth["wait"].low > 2
    social, opaque = (summary.behaviour.in_sync[name] for name in ("social", "opaque"))
    assert social.ratio.low > opaque.ratio.high
    assert social.rate.low > 10
    assert social.study_ratio.n == 6


class TestReport:
    def test_recordings_are_counted_and_scored_as_they_were_played(self, summary: TrainingSummary) -> None:
        assert summary.time_unit == "step"
        assert summary.recorded == 2 * 7 * 1200
        assert not summary.verdicts["F1"].measured
        assert not summary.verdicts["F8"].measured
        assert not any("differ from the rule" in note for note in summary.missing)
        assert not any("No session of coop_3s" in note for note in summary.missing)

    def test_the_same_columns_in_steps(self, run: Path) -> None:
        with (run / "learning.csv").open() as file:
            rows = list(csv.DictReader(file))
        assert {row["window_s"] for row in rows} == {"2"}
        assert {row["phase"] for row in rows if row["success"] == ""} == {"pretraining", "evaluation_solo"}

    def test_one_signal_of_one_class(self, summary: TrainingSummary) -> None:
        ((name, found),) = summary.cells.signals.items()
        early, late = (found.findings.stages[stage] for stage in ("early", "late"))
        assert name == "activity"
        assert late["net_partner_position"].value > early["net_partner_position"].value + 0.3
        assert late["shared_dims_exc"].n == late["shared_dims_gaba"].n == 0
        assert any("does not tell excitatory from GABAergic" in note for note in found.missing)

    def test_the_page_speaks_of_agents_and_steps(self, run: Path) -> None:
        page = re.sub(r"base64,[^\"]*|\"data\": \"[^\"]*", "", (run / "report.html").read_text())
        for heading in ("Findings", "Figures", "Replay", "Cells", "Pairs", "What every measure means", "What is missing"):
            assert heading in page
        before_definitions = page.split("What every measure means")[0]
        assert "Do pairs of agents learn" in page
        assert "wait_min = 3 step" in page
        assert "contact = 1 cell" in page
        assert "The study&#39;s own chance" in page
        assert not re.search(r"\bmouse\b|\bcm\b|\bminute\b|\bhours\b|per min\b", before_definitions, re.IGNORECASE)
        assert "nan" not in re.sub("Science|finance", "", before_definitions).lower().replace("nanmean", "")

    def test_the_replay_holds_an_episode_of_moving_ports(self, run: Path) -> None:
        page = (run / "report.html").read_text()
        found = re.search(r'id="replay-data">(.*?)</script>', page, re.DOTALL)
        assert found is not None
        data = json.loads(found[1])
        port, samples = unpacked(data["port"]), unpacked(data["tracks"]).shape[0]
        assert samples == len(port) == unpacked(data["spout"]).shape[0] == 600
        assert [sum(rows for _, rows in brain["bands"]) for brain in data["brains"]] == [24, 24]
        assert all(
            name in ("no group", "unit") or name.startswith("group ") for brain in data["brains"] for name, _ in brain["bands"]
        )
        assert (data["square"], data["unit"], data["x"], data["y"]) == (1.0, "steps", [-4.0, 4.0], [-0.5, 7.5])
        assert len(np.unique(port, axis=0)) > 5


def test_a_report_on_the_grid_shows_what_agents_do_and_carry(run: Path, summary: TrainingSummary) -> None:
    agents = summary.agents
    assert agents is not None
    assert agents.waiting.window == 2
    assert (
        agents.waiting.lowest_before.value == agents.waiting.lowest_within.value == 1.0
    )  # greedy before; after, partners in time
    assert agents.waiting.too_far.value == agents.waiting.highest_too_late.value == 0.0  # they always wait
    blind = [each.value for each in agents.waiting.curves["opaque"].estimates]
    assert all(value == 1.0 or np.isnan(value) for value in blind)  # NaN: too few steps
    assert {*HIDDEN} <= {*summary.cells.signals["activity"].findings.stages["social"]}
    assert agents.partner_variance is not None
    assert agents.partner_variance.late.value > 0.1
    page = re.sub(r"base64,[^\"]*|\"data\": \"[^\"]*", "", (run / "report.html").read_text())
    for text in (
        "What the agents do and carry",
        "Who waits for whom",
        "The hidden state of the partner",
        "Verdict F8",
        "Waiting curve",
    ):
        assert text in page
    assert all((run / "figures" / f"{name}.svg").exists() for name in ("waiting_curve", "hidden_variable", "partner_variance"))


def test_own_behaviour_holds_the_way_to_what_moves() -> None:
    session = grid.play(grid.greedy, 300, np.random.default_rng(0))
    moving, staying = (
        own_behaviour(each, 0, PARAMS.analysis.decoding, THRESHOLDS.speed_baseline_s)
        for each in (session, replace(session, ports=None, spouts=None))
    )
    assert moving.shape[1] - staying.shape[1] == 4 * PARAMS.analysis.decoding.lags
    assert session.ports is not None
    way = session.ports[:, 0] - session.tracks[:, 0]
    assert all((moving == column[:, None]).all(axis=0).any() for column in way.T)


def test_signals_follow_the_clock() -> None:
    assert list(signals_on(STEPS)) == ["activity"]
    assert "dff" in SIGNALS


def test_a_solo_run_and_one_without_rates(tmp_path: Path) -> None:
    overrides = ("schedule.pretraining.sessions=2", "recording.session=600 step")
    path = grid.write_grid_run(tmp_path, 1, "marl_solo", overrides)
    write_report(path)
    summary = read_summary(open_run(path), TrainingSummary)
    assert not any(verdict.measured for verdict in summary.verdicts.values())
    assert any("No session of coop_training: this condition does not run it" in note for note in summary.missing)
    assert summary.behaviour.in_sync["social"].ratio.n == 0


def test_one_window_shows_counts_in_place_of_a_second_ruler() -> None:
    sessions = [grid.play(grid.greedy, 300, np.random.default_rng(n), session=n) for n in range(2)]
    cohort = Cohort([measure_session(each, PARAMS, np.random.default_rng(0)) for each in sessions])
    assert one_window(cohort)
