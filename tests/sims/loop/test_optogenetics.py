"""Light comes on when the mouse does what it is meant for, in the mice it is meant for, and rebounds."""

import numpy as np
import pytest

from acc_model.cells import class_slices
from params import Parameters, resolve
from sims.interventions.silencing import light_at
from sims.loop import optogenetics as light
from sims.loop.optogenetics import AFTER_REWARD, BEFORE_POKE, DARK, LIT, REBOUND, WAITING
from tests.worlds.arena import EXACT, Arena, arena
from worlds import body

SHORT_S = 4  # decisions that standing is judged over


def lit_params(when: str = "waiting", who: str = "both", target: str = "exc", *overrides: str) -> Parameters:
    names = {"target": target, "when": when, "who": who}
    return resolve("coop_075s", [*[f"silencing.{key}={value}" for key, value in names.items()], *overrides]).params


def situations(room: Arena, shining: light.Light, agent: int = 0) -> list[int]:
    light.notice(shining, room.state, agent)
    return shining.now[agent].tolist()


def test_before_poke_is_armed_and_near_the_port() -> None:
    room, shining = arena(*EXACT), light_at(lit_params("before_poke"), 1.0, 10)
    near, far = (room.room.port_cm + np.array([0.0, along_cm]) for along_cm in (7.9, 8.1))
    for place, armed, expected in ((near, True, 1), (near, False, 0), (far, True, 0), (far, False, 0)):
        room.put(0, place, armed)
        assert situations(room, shining)[BEFORE_POKE] == expected


def test_before_poke_lasts_until_the_nose_is_in() -> None:
    room, shining = arena(*EXACT), light_at(lit_params("before_poke"), 1.0, 20)
    room.put(0, room.room.port_cm, armed=True)
    seen = []
    for _ in range(6):
        seen.append(situations(room, shining)[BEFORE_POKE])
        room.play(body.POKE, body.STAY)
    pokes = [event.start for event in room.of("poke", 0)]
    decision = pokes[0] // room.room.steps_per_decision
    assert seen == [1] * (decision + 1) + [0] * (5 - decision)


def test_waiting_is_armed_standing_and_free() -> None:
    room, shining = arena(*EXACT), light_at(lit_params(), 1.0, 20)
    room.put(0, np.array([5.0, 15.0]), armed=True)
    seen = []
    for _ in range(SHORT_S + 2):
        seen.append(situations(room, shining)[WAITING])
        room.play(body.STAY, body.STAY)
    assert seen == [0] * SHORT_S + [1, 1]
    room.state.armed[0] = 0
    assert situations(room, shining)[WAITING] == 0
    room.state.armed[0] = 1
    room.state.busy[0] = 3
    assert situations(room, shining)[WAITING] == 0


def test_a_walking_mouse_does_not_wait() -> None:
    room, shining = arena(*EXACT), light_at(lit_params(), 1.0, 20)
    room.put(0, np.array([5.0, 5.0]), armed=True)
    for _ in range(10):
        assert situations(room, shining)[WAITING] == 0
        room.play(body.TO_SPOUT_END, body.STAY)


def test_after_reward_is_the_time_of_drinking() -> None:
    room, shining = arena(*EXACT), light_at(lit_params("after_reward"), 1.0, 40)
    room.put(0, room.room.spout_cm, armed=False)
    room.state.water[0] = 1
    seen, busy = [], []
    for _ in range(25):
        seen.append(situations(room, shining)[AFTER_REWARD])
        busy.append(int(room.state.busy[0] > 0))
        room.play(body.STAY, body.STAY)
    assert seen == busy
    assert sum(seen) == pytest.approx(room.params.body.drink_median_s / room.params.time.decision_s, abs=1)
    room.put(0, room.room.port_cm, armed=True)
    room.play(body.POKE, body.STAY)
    assert room.state.busy[0] > 0
    assert situations(room, shining)[AFTER_REWARD] == 0


def test_rebound_follows_the_light_and_ends() -> None:
    shining = light_at(lit_params(), 1.0, 10)
    shades = []
    for on in (0, 1, 1, 0, 0, 0, 1, 0):
        shining.now[1, WAITING] = on
        shades.append(light.switch(shining, 1))
    assert shades == [DARK, LIT, LIT, REBOUND, REBOUND, DARK, LIT, REBOUND]


@pytest.mark.parametrize(("who", "lit"), [("mouse_0", [1, 0]), ("mouse_1", [0, 1]), ("both", [1, 1])])
def test_only_the_named_mice_are_lit(who: str, lit: list[int]) -> None:
    shining = light_at(lit_params("waiting", who), 1.0, 10)
    shining.now[:, WAITING] = 1
    assert [light.switch(shining, agent) for agent in range(2)] == [LIT if each else DARK for each in lit]


def test_dose_sets_how_deep_and_how_high_the_rebound() -> None:
    params = lit_params()
    exc = class_slices(params.cells)["exc"]
    for dose, depth, height in ((0.0, 1.0, 1.0), (0.5, 0.535, 1.25), (1.0, 0.07, 1.5)):
        shining = light_at(params, dose, 1)
        assert shining.excitability[DARK].tolist() == [1.0] * params.cells.total
        np.testing.assert_allclose(shining.excitability[LIT, exc], depth, rtol=1e-6)
        np.testing.assert_allclose(shining.excitability[REBOUND, exc], height, rtol=1e-6)
        assert (shining.excitability[:, exc.stop :] == 1.0).all()
        assert not shining.drive_hz.any()


def test_light_through_pv_cells_drives_them_alone() -> None:
    params = lit_params("waiting", "both", "exc_by_pv")
    slices, shining = class_slices(params.cells), light_at(params, 0.5, 1)
    driven = np.zeros(params.cells.total)
    driven[slices["pv"]] = 0.5 * params.silencing.light_pv_drive_hz
    np.testing.assert_allclose(shining.drive_hz[LIT], driven)
    assert (shining.excitability[LIT] == 1.0).all()
    assert not shining.drive_hz[[DARK, REBOUND]].any()
