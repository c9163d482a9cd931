"""Numbers as people and programs write them: read exactly, or refused in one line that says how to write them; never another number."""

import math
import os
import string
import subprocess
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.behaviour.training_course import KEY, NAMES, training_courses
from analysis.findings.learning_table import LEARNING
from analysis.interventions.ablation.mice import points, read_tables
from analysis.interventions.shadow_table import SHADOW, read_animals
from analysis.interventions.weight_changes import read_changes
from analysis.neural.table import NEURAL, read_cells
from params import ParameterError, Parameters, resolve
from params.errors import UserError
from params.load import resolve_file
from params.numbers import number, whole
from params.units import QUANTITIES, UNIT_OF_SUFFIX, to_unit
from recording import table
from recording.schemas import ABLATION_OF_MICE, RANKING, WEIGHTS
from recording.table import Schema, TableError, read_table
from sims.grid.episodes import EPISODES
from sims.interventions.ablation.matching import read_ranking

BLANKS = " \t\u00a0\u202f"
CHARACTERS = st.sampled_from([*"0123456789.,+-eE_/' ms", "\u2212", "\u00b5", "\uff17", "\u0663", "\u00a0", "\u202f", "\n"])
UNITS = sorted(unit for units in QUANTITIES.values() for unit in units)


def strictly(text: str) -> Fraction | None:
    """The number that a text is, by hand, digit by digit; None if it is none."""
    mantissa, letter, exponent = text.replace("E", "e").partition("e")
    digits = mantissa[1:] if mantissa[:1] in ("+", "-") else mantissa
    before, _, after = digits.partition(".")
    power = exponent[1:] if exponent[:1] in ("+", "-") else exponent
    plain = all(each in string.digits for each in before + after + power)
    if not plain or not before + after or (letter and not power) or "." in after:
        return None
    value = Fraction(int(before + after), 10 ** len(after)) * Fraction(10) ** max(min(int(exponent or 0), 400), -400)
    return -value if mantissa[:1] == "-" else value


def in_unit(text: str, unit: str) -> bool:
    """Whether a text is a number and a unit of what `unit` measures, cut at every place where it can be."""
    units = next(each for each in QUANTITIES.values() if unit in each)
    text = text.strip(BLANKS)
    return any(strictly(text[:cut].rstrip(BLANKS)) is not None and text[cut:].strip(BLANKS) in units for cut in range(len(text)))


def read(reader: Callable[[], float]) -> float | None:
    """What a reader finds, or None if it refuses, in one line."""
    try:
        return reader()
    except ValueError as error:
        message = str(error)
    assert len(message.splitlines()) == 1
    return None


@given(st.text(CHARACTERS, max_size=12))
def test_only_numbers_are_numbers(text: str) -> None:
    found, expected = read(lambda: number(text)), strictly(text.strip(BLANKS))
    if found is None:
        assert expected is None or abs(expected) > 1e308
    else:
        assert expected is not None
        assert found == float(expected)


@given(st.text(CHARACTERS, max_size=10), st.sampled_from(["", " ", "\u202f"]), st.sampled_from([*UNITS, "sec", "", "CM"]))
def test_only_a_number_and_a_unit_are_a_quantity(digits: str, between: str, name: str) -> None:
    text = f"{digits}{between}{name}"
    for unit in ("s", "cm", "1/min"):
        found = read(lambda unit=unit: to_unit(text, unit))
        assert found is None or (in_unit(text, unit) and math.isfinite(found))


@given(st.integers(1, 10**7), st.integers(0, 4), st.sampled_from(["time", "length", "voltage", "rate", "speed"]), st.data())
def test_conversion_is_exact(digits: int, places: int, quantity: str, data: st.DataObject) -> None:
    units = QUANTITIES[quantity]
    written, wanted = data.draw(st.sampled_from(sorted(units))), next(iter(units))
    value = Fraction(digits, 10**places)
    assert to_unit(f"{float(value)!r} {written}", wanted) == round(float(value * units[written]), 12)


SPELLINGS = [
    "75ms",
    "75 ms",
    " 75 ms\t",
    "75\u00a0ms",
    "75\u202fms",
    "0.075 s",
    ".075 s",
    "7.5e1 ms",
    "75000 us",
    "75000 \u00b5s",
]


@pytest.mark.parametrize("text", [*SPELLINGS, "75000\u03bcs", "+75 ms", "075. ms"])
def test_all_these_are_75_ms(text: str) -> None:
    assert to_unit(text, "s") == 0.075


WRONG = {
    "senses.partner_range=7,5 cm": "write 7.5 cm",
    "senses.partner_range=7,5": "write 7.5 cm",
    "senses.partner_range=1,000 cm": "write 1000 cm or 1.000 cm",
    "senses.partner_range=1 000 mm": "write 1000 mm",
    "senses.partner_range=1_0 cm": "write 10 cm",
    "senses.partner_range=\uff17 cm": "write 7 cm",
    "senses.partner_range=\u22127 cm": "write -7 cm",
    "senses.partner_range=-7 cm": "greater than 0 cm",
    "senses.partner_range={1:2} cm": "is not a number with a known unit",
    "senses.partner_range=2*3 cm": "is not a number with a known unit",
    "senses.partner_range=cm": "is not a number with a known unit",
    "senses.partner_range=nan cm": "is not a number with a known unit",
    "senses.partner_range=1e400 cm": "larger than any number",
    "senses.partner_range=7 CM": 'did you mean "7 cm"',
    "senses.partner_range=7 centimeters": 'did you mean "7 cm"',
    "senses.partner_range=7 s": "is not a quantity in cm; allowed: cm, mm, m",
    "senses.partner_range=7 cm\n": "is not a number with a known unit",
    "senses.partner_range=true": 'such as "1 cm"',
    "body.bout=6 seconds": 'did you mean "6 s"',
    "body.bout=6sec": 'did you mean "6 s"',
    "body.bout=6 msec": 'did you mean "6 ms"',
    "body.bout=1,5 sec": "write 1.5 s",
    "body.bout=5 M": "is not a number with a known unit",
    "body.speed_median=12 cm / sec": 'did you mean "12 cm/s"',
    "schedule.pretraining.until_rewards=3 per min": 'did you mean "3 /min"',
    "plasticity.actor_rate=0,01": "write 0.01",
    'plasticity.actor_rate="0.01"': "write 0.01",
    "plasticity.actor_rate=\uff11": "write 1",
    "plasticity.actor_rate=0.1\nrule = 2": "valid number",
    "plasticity.actor_rate=" + "[" * 50_000: "valid number",
    "plasticity.actor_rate=" + "9" * 5000: "valid number",
    "cells.exc.count=1,000": "write 1000 or 1",
    "cells.exc.count=20.0": "write 20",
    'cells.exc.count="20"': "write 20",
    "rule.click=True": "write true",
    "rule.click=no": "write false",
    "recording.rates=all": 'write recording.rates=["all"]',
    "recording.rates=[solo, all]": 'write recording.rates=["solo", "all"]',
    "ablation.counts=8": "write ablation.counts=[8]",
}


@pytest.mark.parametrize("override", WRONG, ids=lambda text: text[:40])
def test_a_slip_is_one_line_with_the_remedy(override: str) -> None:
    with pytest.raises(ParameterError) as caught:
        resolve("coop_3s", [override])
    line = str(caught.value)
    assert WRONG[override] in line
    assert override.partition("=")[0] in line
    assert len(line.splitlines()) == 1
    assert len(line) < 400


def test_remedies_are_right() -> None:
    for override, words in WRONG.items():
        _, _, readings = words.partition("write ")
        for reading in readings.split(" or ") if readings and "=" not in readings else []:
            if not reading.startswith("-"):
                resolve("coop_3s", [f"{override.partition('=')[0]}={reading}"])


def test_whole_numbers_are_never_rounded() -> None:
    assert whole(" 12 ") == 12
    for text, words in {"2.0": "write 2", "2.5": "whole number", "1e3": "write 1000", "1_000": "write 1000", "": "whole"}.items():
        with pytest.raises(ValueError, match=words):
            whole(text)


def test_the_units_ask_the_disk_for_nothing(tmp_path: Path) -> None:
    """A home that cannot be written, and whatever caches earlier versions left there, change nothing."""
    (tmp_path / ".cache").write_text("not a folder")
    code = "import sys; from params import resolve; print(resolve('solo').digest, 'pint' in sys.modules)"
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / ".cache")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.split() == [resolve("solo").digest, "False"]


@pytest.mark.parametrize("suffix", UNIT_OF_SUFFIX)
def test_every_field_has_its_own_unit(suffix: str) -> None:
    assert to_unit(f"3 {UNIT_OF_SUFFIX[suffix]}", UNIT_OF_SUFFIX[suffix]) == 3


def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path: Path) -> None:
    plain = resolve("coop_3s")
    (tmp_path / "params.toml").write_text("\ufeff" + plain.text, encoding="utf-8")
    again = resolve_file(tmp_path / "params.toml", "coop_3s")
    assert isinstance(again.params, Parameters)
    assert again.digest == plain.digest
    (tmp_path / "table.csv").write_text("\ufeffpair,rate\n0,1.5\n", encoding="utf-8")
    assert read_table(tmp_path / "table.csv", RATES).to_dict("records") == [{"pair": 0, "rate": 1.5}]


RATES = Schema("table.csv", "A rate.", (table.whole("pair", "pair"), table.number("rate", "rate")), ("pair",))
TABLES = {
    "decimal comma": ('pair,rate\n0,"1,5"\n', 'line 2, rate: "1,5" is not a number; write 1.5'),
    "decimal comma, bare": ("pair,rate\n0,1,5\n", "line 2: has 3 cells, and the table 2 columns"),
    "semicolons": ("pair;rate\n0;1,5\n", "columns are parted by ';'"),
    "tabs": ("pair\trate\n0\t1.5\n", "columns are parted by"),
    "groups": ("pair,rate\n0,1_000\n", 'rate: "1_000" is not a number; write 1000'),
    "full width": ("pair,rate\n0,\uff11\n", "write 1"),
    "infinite": ("pair,rate\n0,inf\n", '"inf" is not a number'),
    "nan in words": ("pair,rate\n0,nan\n", '"nan" is not a number'),
    "pair not whole": ("pair,rate\n0.5,1\n", 'line 2, pair: "0.5" is not a whole number'),
    "pair as a float": ("pair,rate\n1.0,1\n", "write 1"),
    "pair without end": (f"pair,rate\n{'9' * 500},1\n", "is not a whole number"),
    "pair beyond exact": (f"pair,rate\n{2**53 + 1},1\n", "is too large for a whole number of a table"),
    "nothing": ("pair,rate\n0,\n", 'line 2, rate: "" is not a number'),
    "no column": ("pair\n0\n", "has no column rate; needed: pair, rate"),
    "cut off": ("pair,rate\n0,1\n0", "line 3: has 1 cells"),
    "empty": ("", "has no column pair"),
    "open quote": ('pair,rate\n0,"1\n', "line 2"),
    "nul": ("pair,rate\n0,\x00\n", "line 2"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_saved_otherwise_is_one_line(name: str, tmp_path: Path) -> None:
    text, words = TABLES[name]
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableError) as caught:
        read_table(path, RATES)
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ")
    assert len(str(caught.value).splitlines()) == 1


def test_a_table_in_another_encoding_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("pair,rate\n0,1\n", encoding="utf-16")
    with pytest.raises(TableError, match="save it as CSV in UTF-8"):
        read_table(tmp_path / "table.csv", RATES)


# every table that is read back: its place in a run, its columns, one that holds a number, what reads it
READERS: dict[str, tuple[Sequence[str], str, Callable[[Any], object]]] = {
    "pairs/pair00.csv": (ABLATION_OF_MICE.names, "correct", lambda run: points(read_tables(run))),
    "neural.csv": (NEURAL.names, "value", lambda run: read_cells(run.path / "neural.csv")),
    "shadow.csv": (SHADOW.names, "success", read_animals),
    "training.csv": ((*KEY, *NAMES), "entropy", training_courses),
    "weights/pair00.csv": (WEIGHTS.names, "poke", read_changes),
    "ranking.csv": (RANKING.names, "rate_hz", lambda run: read_ranking(run.path / "ranking.csv", 0)),
    "learning.csv": (("pair", "session", "phase"), "pair", lambda run: read_table(run.path / "learning.csv", LEARNING)),
    "checkpoints/pair00_episodes.csv": (EPISODES.schema.names, "session", lambda run: EPISODES.of_pair(run.path, 0, 9)),
}
TEXTS = {"phase": "coop_3s", "stage": "early", "signal": "rate", "set": "none", "task": "coop", "class": "exc", "base": "naive"}


@pytest.mark.parametrize("saved", ["decimal comma", "semicolons", "cut off", "UTF-16", "binary"])
@pytest.mark.parametrize("name", READERS)
def test_every_table_that_is_read_back_is_refused_in_one_line(name: str, saved: str, tmp_path: Path) -> None:
    columns, key, read_back = READERS[name]
    cells = {column: TEXTS.get(column, "0") for column in columns}
    if saved == "decimal comma":
        cells[key] = '"1,5"'
    text = "\n".join([",".join(columns), ",".join(cells.values()), ""])
    changed = {"semicolons": text.replace(",", ";"), "cut off": text[: text.rindex(",")]}
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    encoded = changed.get(saved, text).encode("utf-16" if saved == "UTF-16" else "utf-8")
    path.write_bytes(bytes(range(256)) if saved == "binary" else encoded)
    with pytest.raises(UserError) as caught:
        read_back(SimpleNamespace(path=tmp_path, facts={"pairs": 1}))
    line = str(caught.value)
    assert str(path) in line
    assert len(line.splitlines()) == 1
    if saved == "decimal comma":
        assert f'line 2, {key}: "1,5" is not a' in line
