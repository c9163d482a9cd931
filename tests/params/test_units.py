"""Texts become numbers in one place, exactly; what is no whole number of steps is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from params.units import UNIT_OF_SUFFIX, key_of_field, n_steps, to_steps, to_unit, unit_of_field

NUMBERS = st.integers(1, 10**6)


@given(NUMBERS)
def test_same_duration_however_it_is_spelt(milliseconds: int) -> None:
    spelt = (f"{milliseconds} ms", f"{milliseconds / 1000!r} s", f"{milliseconds * 1000} us", f"{milliseconds}ms")
    assert {to_unit(text, "s") for text in spelt} == {milliseconds / 1000}


@given(NUMBERS)
def test_conversion_is_linear(number: int) -> None:
    assert to_unit(f"{number} min", "s") == 60 * number
    assert to_unit(f"{number} m", "cm") == 100 * number
    assert to_unit(f"{number} kHz", "Hz") == 1000 * number
    assert to_unit(f"{number} /min", "1/min") == number
    assert to_unit(f"{number} m/s", "cm/s") == pytest.approx(100 * number)


@pytest.mark.parametrize("suffix", UNIT_OF_SUFFIX)
def test_suffix_names_the_unit(suffix: str) -> None:
    assert unit_of_field(f"some_thing{suffix}") == UNIT_OF_SUFFIX[suffix]
    assert key_of_field(f"some_thing{suffix}") == "some_thing"
    assert to_unit(f"2 {UNIT_OF_SUFFIX[suffix]}", UNIT_OF_SUFFIX[suffix]) == 2


def test_field_without_suffix_has_no_unit() -> None:
    assert unit_of_field("sessions") is None
    assert key_of_field("sessions") == "sessions"
    assert unit_of_field("speed_median_cm_per_s") == "cm/s"


def test_the_clock_says_what_a_suffix_means() -> None:
    units = {
        name: unit_of_field(name, "step") for name in ("gap_s", "contact_cm", "wait_speed_cm_per_s", "window_steps", "draws")
    }
    assert units == {
        "gap_s": "step", "contact_cm": "cell", "wait_speed_cm_per_s": "cell/step", "window_steps": "step", "draws": None,
    }  # fmt: skip
    assert to_unit("0.5 cell/step", "cell/step") == 0.5
    assert unit_of_field("tau_ms", "step") == "ms"


@pytest.mark.parametrize("text", ["10 s", "10 cell", "10", "3 cm", "10 stp"])
def test_steps_are_no_seconds(text: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        to_unit(text, "step")
    with pytest.raises(ValueError, match="is not a quantity in s"):
        to_unit("10 step", "s")


def test_steps_are_whole() -> None:
    assert to_steps("200 step") == to_steps("2e2 step") == 200
    assert isinstance(to_steps("200 step"), int)
    with pytest.raises(ValueError, match="not a whole number of steps"):
        to_steps("2.5 step")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (20, "needs a unit"),
        (True, "needs a unit"),
        ("20", "is not a quantity in ms"),
        ("20 mV", "is not a quantity in ms"),
        ("20 mss", "known unit"),
        ("twenty ms", "is not a"),
        ("", "."),
        ("20 ms ms", "known unit"),
        ("ms (", "."),
        ("__import__('os')", "."),
        ("1/0 s", "."),
    ],
)
def test_what_is_no_quantity_is_refused_in_one_line(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        to_unit(value, "ms")
    assert "\n" not in str(caught.value)


@given(st.integers(0, 10**6), st.sampled_from([0.025, 0.0625, 0.125, 0.00625]))
def test_whole_steps_are_counted_exactly(steps: int, step_s: float) -> None:
    assert n_steps(steps * step_s, step_s, "x") == steps


@given(st.integers(1, 10**5), st.floats(0.01, 0.99), st.sampled_from([0.025, 0.125]))
def test_parts_of_a_step_are_refused(steps: int, part: float, step_s: float) -> None:
    with pytest.raises(ValueError, match="is not a whole number of"):
        n_steps((steps + part) * step_s, step_s, "window")


def test_the_windows_of_the_study_are_exact() -> None:
    assert [n_steps(window_s, 0.025, "window") for window_s in (3.0, 1.5, 0.75)] == [120, 60, 30]
