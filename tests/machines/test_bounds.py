"""Sizes that no machine could hold are refused at once, in one line that names the key, the value and the limit."""

import resource
from pathlib import Path
from typing import Any

import annotated_types
import numpy as np
import pytest
from pydantic import BaseModel

from acc_model.brain import build
from compute.memory import available_memory
from params import GridParameters, ParameterError, Parameters, footprint, list_conditions, resolve
from params.footprint import Part, require_memory, total
from params.units import n_steps
from worlds.body import ACTIONS
from worlds.senses import CUES, n_channels, own_channels, sense_constants

TOO_LARGE = {
    "cells.exc.count=200000": "cells.exc.count = 200000: Input should be less than or equal to 16000",
    "schedule.session=20000 h": "schedule.session = 7.2e+07 s: Input should be less than or equal to 1000000 s",
    "analysis.chance_shifts=1000000000": "analysis.chance_shifts = 1000000000: Input should be less than or equal to 100000",
    "schedule.coop_3s.sessions=1000000": "less than or equal to 10000",
    "senses.channels_per_cue=100000": "less than or equal to 1000",
    "ablation.counts=[1, 16, 1000000]": "ablation.counts.2 = 1000000",
    "ablation.draws=1000000000": "less than or equal to 100000",
    "pathways.permutations=100000000": "less than or equal to 100000",
    "pathways.grid_from_divider=1001": "less than or equal to 1000",
    "analysis.decoding.lags=1000": "less than or equal to 100",
    "cells.exc.max_rate=100 kHz": "less than or equal to 10000 Hz",
    "chamber.length=1e300 m": "chamber.length",
    "homeostasis.scaling_interval=1e300 s": "homeostasis.scaling_interval",
    "body.bout=1e300 h": "body.bout",
    "senses.place_spacing=0.01 cm": "senses.place_spacing = 0.01 cm, channels_per_partner_field = 4 makes 28125028 channels",
    "time.physics_step=0.05 ms": "time.physics_step = 5e-05 s makes 2500 steps a decision; allowed: at most 2000",
    "time.physics_step=1e-12 s": "time.decision = 0.125 s is more than 1e+09 steps of 1e-12 s",
    "analysis.decoding.bump_spacing=0.1 mm": "analysis.decoding.bump_spacing = 0.01 cm makes 5630251 bumps",
    "analysis.report.course_bin=0.1 ms": "course_bin = 0.0001 s makes 80000 bins",
    "calcium.frame_rate=1 MHz": "calcium.frame_rate",
    "schedule.session=277 h": "schedule.session = 997200 s",
}
TOO_LARGE_TOGETHER = {
    "analysis.compare: partner_levels = 100, own_levels = 10, course_bins = 4 makes 4000 conditions": (
        "coop_3s", "analysis.compare.partner_levels=100", "analysis.compare.own_levels=10",
    ),
    "pathways: grid_from_divider = 1000 makes 1000000 places": (
        "coop_3s", "pathways.grid_from_divider=1000", "pathways.grid_from_port_end=1000",
    ),
    "schedule.session = 720000 s makes 720000000 decisions": (
        "coop_3s", "schedule.session=200 h", "time.decision=1 ms", "time.physics_step=1 ms", "time.network_step=1 ms",
    ),
    "training.environments = 100000, network.units = 8192": (
        "marl_coop", "network.units=8192", "training.environments=100000", "training.update=100 step",
    ),
    "recording.session = 1000000 step, network.units = 8192": (
        "marl_coop", "recording.session=1000000 step", "network.units=8192",
    ),
    "network.units = 100000": ("marl_coop", "network.units=100000"),
    "schedule.pretraining.session = 100000000000": ("marl_coop", "schedule.pretraining.session=100000000000 step"),
    "less than or equal to 1000000 step": ("marl_coop", "analysis.chance_max_shift=1e7 step"),
    "bump_spacing = 0.1 cell": ("marl_coop", "analysis.decoding.bump_spacing=0.1 cell"),
}  # fmt: skip


def refusal(condition: str, *overrides: str) -> str:
    with pytest.raises(ParameterError) as caught:
        resolve(condition, list(overrides))
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


@pytest.mark.parametrize("override", TOO_LARGE)
def test_too_large_is_one_line(override: str) -> None:
    assert TOO_LARGE[override] in refusal("coop_3s", override)


@pytest.mark.parametrize("words", TOO_LARGE_TOGETHER)
def test_too_large_together_is_one_line(words: str) -> None:
    assert words in refusal(*TOO_LARGE_TOGETHER[words])


def numbers_of(model: type[BaseModel], path: str = "") -> dict[str, list[Any]]:
    """Key -> constraints of every number of a schema."""
    found = {}
    for name, field in model.model_fields.items():
        annotation = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            found |= numbers_of(annotation, f"{path}{name}.")
        elif annotation in (int, float):
            found[path + name] = field.metadata
    return found


@pytest.mark.parametrize("schema", [Parameters, GridParameters])
def test_every_number_has_an_upper_bound(schema: type[BaseModel]) -> None:
    numbers = numbers_of(schema)
    assert len(numbers) > 60
    bounds = (annotated_types.Le, annotated_types.Lt)
    assert [key for key, limits in numbers.items() if not any(isinstance(limit, bounds) for limit in limits)] == []


def test_values_in_use_are_far_from_the_bounds() -> None:
    """A tenth of every bound at least is left, of sizes that no condition means to exhaust."""
    for condition in list_conditions():
        params = resolve(condition).params
        for key, limits in numbers_of(type(params)).items():
            value: Any = params
            for part in key.split("."):
                value = getattr(value, part)
            most = next((limit.le for limit in limits if isinstance(limit, annotated_types.Le)), 1)
            assert most < 200 or value <= most / 10, key


def test_durations_are_counted_or_refused() -> None:
    for duration_s in (1e300, 1e18, float(2**60)):
        with pytest.raises(ValueError, match=r"is more than 1e\+09 steps"):
            n_steps(duration_s, 0.125, "x")


def mouse(*overrides: str) -> Parameters:
    return resolve("coop_3s", list(overrides)).mouse


@pytest.mark.parametrize("spacing", ["3.75 cm", "1 cm", "7 cm", "100 cm"])
def test_channels_are_those_of_the_senses(spacing: str) -> None:
    params = mouse(f"senses.place_spacing={spacing}")
    assert params.n_channels == n_channels(sense_constants(params.senses, params.chamber))
    assert len(CUES) == 7


def part(params: Parameters, key: str) -> Part:
    return next(each for each in footprint.footprint(params) if each.key == key)


def arrays(brain: Any) -> list[np.ndarray]:
    return [brain] if isinstance(brain, np.ndarray) else [array for each in brain for array in arrays(each)]


PAIRED = ["plasticity.rule=stdp", "brain.model=lif", "time.network_step=1 ms"]


@pytest.mark.parametrize(
    "overrides", [["cells.exc.count=700"], ["senses.place_spacing=1 cm"], ["plasticity.consolidation=60 s"], PAIRED]
)
def test_brains_take_what_was_foretold(overrides: list[str]) -> None:
    params = mouse("schedule.session=1 min", *overrides, "cells.vip.count=4")
    constants = sense_constants(params.senses, params.chamber)
    brain, _ = build(params, n_channels(constants), own_channels(constants), len(ACTIONS), np.random.default_rng(0))
    measured = 2 * sum(array.nbytes for array in arrays(brain))
    keys = {"schedule.session", "homeostasis.scaling_interval"}
    foretold = sum(each.bytes for each in footprint.while_run(params) if each.key not in keys)
    assert measured / 1.2 < foretold < measured * 1.2


def test_rates_take_what_was_foretold() -> None:
    kept, dropped = (part(mouse(f"recording.rates={rates}"), "schedule.session").bytes for rates in ('["all"]', "[]"))
    decisions, cells = 1800 / 0.125, mouse().cells.total
    in_single, in_half = np.zeros((1, 2, cells), np.float32), np.zeros((1, 2, cells), np.float16)
    assert kept - dropped == pytest.approx(decisions * (in_single.nbytes + in_half.nbytes))


def test_a_pair_of_the_base_takes_80_mb() -> None:
    """Measured as the peak of resident memory over that of a tiny pair: 80 MB; with 1000 cells and 10 min a session 78 MB; with 3080
    cells and 1 min 376 MB, while graphs are drawn."""
    measured = {
        (): 80e6,
        ("cells.exc.count=920", "schedule.session=10 min"): 78e6,
        ("cells.exc.count=3000", "schedule.session=1 min"): 376e6,
    }
    for overrides, peak in measured.items():
        assert peak / 1.5 < total(footprint.footprint(mouse(*overrides))) < peak * 1.5


def test_what_does_not_fit_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footprint, "available_memory", lambda: 3_000_000_000)
    require_memory(mouse(), 8)
    lines = {}
    for key, workers, params in (
        ("cells.exc.count (16000)", 1, mouse("cells.exc.count=16000")),
        ("cells.sst.count (9000)", 1, mouse("cells.sst.count=9000")),
        ("schedule.session (720000 s)", 1, mouse("schedule.session=200 h", "calcium.frame_rate=5 Hz")),
        ("--workers (100) to 33", 100, mouse()),
    ):
        with pytest.raises(ParameterError) as caught:
            require_memory(params, workers)
        lines[key] = str(caught.value)
    assert all(key in line and "this process may use 3.0 GB: lower" in line for key, line in lines.items()), lines
    assert lines["cells.exc.count (16000)"].startswith("a pair needs about 11 GB")
    assert lines["--workers (100) to 33"].startswith("100 pairs at a time need about 8.3 GB")
    monkeypatch.setattr(footprint, "available_memory", lambda: None)
    require_memory(mouse("cells.exc.count=16000"), 1000)


def described(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


MEMINFO = {"proc/meminfo": "MemTotal: 16000 kB\nMemFree: 3 kB\nMemAvailable: 8000 kB\nHugePages_Total: 0\n"}
V2, V1 = "sys/fs/cgroup/", "sys/fs/cgroup/memory/"
MACHINES: dict[str, tuple[dict[str, str], dict[str, str], int | None]] = {
    "nothing known": ({}, {}, None),
    "machine": (MEMINFO, {}, 8_192_000),
    "group of the second kind": (
        MEMINFO | {
            "proc/self/cgroup": "0::/user/job\n", f"{V2}user/job/memory.max": "5000000\n", f"{V2}user/job/memory.current": "2000000\n",
            f"{V2}user/job/memory.stat": "anon 1\ninactive_file 500000\n",
        }, {}, 3_500_000,
    ),
    "group around it": (
        MEMINFO | {"proc/self/cgroup": "0::/user/job\n", f"{V2}user/job/memory.max": "max\n", f"{V2}user/memory.max": "4000000\n"},
        {}, 4_000_000,
    ),
    "group of the first kind": (
        MEMINFO | {"proc/self/cgroup": "9:cpu:/\n4:memory:/docker/1f\n0::/\n", f"{V1}memory.limit_in_bytes": "3000000\n",
                   f"{V1}memory.usage_in_bytes": "1000000\n"}, {}, 2_000_000,
    ),
    "first kind, no limit": (
        MEMINFO | {"proc/self/cgroup": "4:memory:/\n", f"{V1}memory.limit_in_bytes": "9223372036854771712\n"}, {}, 8_192_000,
    ),
    "used up": (
        {"proc/self/cgroup": "0::/\n", f"{V2}memory.max": "5\n", f"{V2}memory.current": "9\n"}, {}, 0,
    ),
    "batch system": (MEMINFO, {"SLURM_MEM_PER_NODE": "4"}, 4 << 20),
    "batch system, all of it": (MEMINFO, {"SLURM_MEM_PER_NODE": "0"}, 8_192_000),
    "batch system, odd": (MEMINFO, {"SLURM_MEM_PER_NODE": "4G"}, 8_192_000),
    "files of another form": ({"proc/meminfo": "\xff\nMemAvailable:\n", "proc/self/cgroup": "x\n"}, {}, None),
}  # fmt: skip


@pytest.mark.parametrize("name", MACHINES)
def test_the_least_limit_counts(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, environment, expected = MACHINES[name]
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY,) * 2)
    assert available_memory(described(tmp_path, files), environment) == expected


def test_a_limit_on_addresses_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (10**9, 10**9))
    root = described(tmp_path, {"proc/self/statm": "1000 50 20 1 0 40 0\n"})
    assert available_memory(root, {}) == 10**9 - 1000 * resource.getpagesize()


def test_this_machine_says_how_much_there_is() -> None:
    found = available_memory()
    assert found is None or found > 10**6
