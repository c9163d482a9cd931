"""What the mice perceive: themselves exactly; the partner only through a clear divider, later, noisier and fainter afar."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.arena import arena
from worlds import body, senses

CHAMBER = arena().room
EXTENT_CM = (CHAMBER.width_cm, CHAMBER.length_cm)
PLACE = st.tuples(*(st.floats(0, extent) for extent in EXTENT_CM))
ROOM = CHAMBER.senses
N_FIELDS = len(ROOM.centre_x_cm) * len(ROOM.centre_y_cm)
IMAGE = slice(N_FIELDS, (1 + ROOM.partner_copies) * N_FIELDS)
PARTNER = np.array(["partner" in name for name in senses.channel_names(ROOM)])


def encode(
    own: tuple[float, float],
    partner: tuple[float, float],
    distance_cm: float,
    transparent: float,
    noise: np.ndarray,
    click: float = 0.0,
) -> np.ndarray:
    out = np.zeros(senses.n_channels(ROOM), np.float32)
    cues = np.array([1.0, 0.0, click, 1.0, 1.0])
    senses.encode(ROOM, np.array(own), np.array(partner), distance_cm, transparent, cues, noise, out)
    return out


def test_names_say_what_every_channel_is() -> None:
    names = senses.channel_names(ROOM)
    assert len(names) == len(set(names)) == senses.n_channels(ROOM)
    assert sum(name.startswith("place[") for name in names) == N_FIELDS
    assert sum(name.startswith("partner[") for name in names) == ROOM.partner_copies * N_FIELDS
    own = encode((ROOM.centre_x_cm[1], ROOM.centre_y_cm[2]), (0, 0), 1e9, 1.0, np.zeros(2))
    assert names[int(np.argmax(own[:N_FIELDS]))] == f"place[{ROOM.centre_x_cm[1]:g},{ROOM.centre_y_cm[2]:g}]"


@settings(max_examples=100)
@given(PLACE, PLACE, st.floats(0, 45), st.sampled_from([0.0, 1.0]), st.floats(-4, 4), st.floats(0, 1))
def test_values_lie_in_0_to_1(own: tuple, partner: tuple, distance_cm: float, transparent: float, z: float, click: float) -> None:
    perceived = encode(own, partner, distance_cm, transparent, np.array([z, -z]), click)
    assert perceived.min() >= 0.0
    assert perceived.max() <= 1.0


@settings(max_examples=100)
@given(PLACE, PLACE, st.floats(0, 45), st.floats(-4, 4))
def test_opaque_divider_removes_the_partner_exactly(own: tuple, partner: tuple, distance_cm: float, z: float) -> None:
    perceived = encode(own, partner, distance_cm, 0.0, np.array([z, z]))
    assert (perceived[PARTNER] == 0.0).all()
    np.testing.assert_array_equal(perceived[~PARTNER], encode(own, partner, distance_cm, 1.0, np.array([z, z]))[~PARTNER])


def test_opaque_phase_hides_the_partner_in_the_chamber() -> None:
    for phase, visible in (("evaluation_social", True), ("evaluation_opaque", False)):
        room = arena(phase=phase)
        for agent in range(2):
            room.put(agent, np.array([1.0, 10.0]), armed=True)
        room.wait(3)
        assert bool(room.senses(0)[PARTNER].any()) == visible


def test_partner_fades_with_distance() -> None:
    noise = np.random.default_rng(0).standard_normal((400, 2))
    distances = np.arange(0.0, 24.0, 1.5)
    image = [np.mean([encode((1, 1), (7, 15), distance, 1.0, each)[IMAGE].sum() for each in noise]) for distance in distances]
    assert (np.diff(image) <= 0).all()
    assert image[0] > 20 * image[-1]


def test_range_is_where_half_of_the_image_is_left() -> None:
    assert senses.clarity(ROOM, ROOM.range_cm, 1.0) == pytest.approx(0.5)
    assert senses.clarity(ROOM, ROOM.range_cm + 5 * ROOM.softness_cm, 1.0) < 0.01
    assert senses.clarity(ROOM, max(0.0, ROOM.range_cm - 5 * ROOM.softness_cm), 1.0) > 0.99


def test_error_of_the_partners_image_grows_with_distance() -> None:
    noise = np.random.default_rng(0).standard_normal((300, 2))
    scatter = [
        np.std([encode((1, 1), (7, 15), distance, 1.0, each)[IMAGE] for each in noise], axis=0).sum()
        for distance in (0.0, 4.0, 8.0)
    ]
    assert scatter[0] < scatter[1] < scatter[2]


@pytest.mark.parametrize("delay", [0, 1, 3])
def test_partner_is_seen_exactly_so_many_decisions_late(delay: int) -> None:
    room = arena(f"senses.partner_delay={125 * delay} ms", "senses.partner_range=60 cm")
    paths = [room.state.position.copy()]
    for decision in range(12):
        room.play(body.TO_SPOUT_END, body.TO_DIVIDER if decision % 2 else body.TO_PORT_END)
        paths.append(room.state.position.copy())
        then = paths[max(0, decision + 1 - delay)]
        expected = np.zeros(N_FIELDS)
        distance = np.hypot(then[0, 0] + then[1, 0], then[0, 1] - then[1, 1])
        senses.place_code(room.room.senses, then[1], senses.clarity(room.room.senses, distance, 1.0), expected)
        for copy in range(ROOM.partner_copies):
            image = room.senses(0)[(1 + copy) * N_FIELDS : (2 + copy) * N_FIELDS]
            np.testing.assert_allclose(image, expected, rtol=1e-6)


def test_touch_needs_both_noses_at_one_place_of_the_divider() -> None:
    touch = [name.startswith("partner_touch") for name in senses.channel_names(ROOM)]
    room = arena()
    for apart, felt in ((2.0, True), (4.0, False)):
        room.put(0, np.array([0.5, 10.0]), armed=True)
        room.put(1, np.array([0.5, 10.0 + apart]), armed=True)
        room.wait(2)
        np.testing.assert_array_equal(room.senses(0)[touch], float(felt))


def test_own_place_can_be_read_linearly() -> None:
    rng = np.random.default_rng(0)
    places = rng.random((600, 2)) * EXTENT_CM
    code = np.array([np.append(encode(tuple(place), (0, 0), 1e9, 1.0, np.zeros(2))[:N_FIELDS], 1.0) for place in places])
    weights, *_ = np.linalg.lstsq(code[:400], places[:400], rcond=None)
    error = np.hypot(*(code[400:] @ weights - places[400:]).T)
    assert np.median(error) < 1.0


def test_cues_are_copied_to_their_channels() -> None:
    room = arena()
    room.put(0, room.room.port_cm, armed=True)
    named = dict(zip(senses.channel_names(room.room.senses), room.senses(0), strict=True))
    for cue, value in (("light_on", 1.0), ("light_off", 0.0), ("at_port", 1.0), ("at_spout", 0.0), ("click", 0.0)):
        assert [named[f"{cue}[{copy}]"] for copy in range(ROOM.copies)] == [value] * ROOM.copies


def test_click_fades_by_its_time_constant() -> None:
    room = arena()
    room.state.click[:] = 1.0
    room.wait(4)
    np.testing.assert_allclose(room.state.click, np.exp(-4 * 0.125 / room.params.senses.click_decay_s), rtol=1e-12)


def test_partner_fields_of_all_the_compartment_are_its_image() -> None:
    everywhere = senses.partner_fields(ROOM, (0.0, 100.0), (0.0, 100.0))
    np.testing.assert_array_equal(np.sort(everywhere), np.arange(IMAGE.start, IMAGE.stop))
    np.testing.assert_array_equal(np.sort(np.concatenate([everywhere, senses.partner_cues(ROOM)])), np.flatnonzero(PARTNER))


def test_partner_fields_of_a_part_answer_to_a_partner_there() -> None:
    part = senses.partner_fields(ROOM, (0.0, 5.0), (0.0, 10.0))
    names = senses.channel_names(ROOM)
    assert {names[channel].split("[")[0] for channel in part} == {"partner"}
    assert len(part) == ROOM.partner_copies * 1 * 3
    inside, outside = (encode((7, 15), place, 1.0, 1.0, np.zeros(2)) for place in ((1.9, 5.6), (14.0, 28.0)))
    assert inside[part].sum() > 0.5 * inside[IMAGE].sum()
    assert outside[part].sum() == 0.0
    assert outside[IMAGE].sum() > 0.0
