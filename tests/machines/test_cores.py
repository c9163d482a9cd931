"""The cores that a process may use: those allotted to it, not those of the machine."""

import os
from pathlib import Path

import pytest

from analysis.report import __main__ as report
from compute.cores import allotted_cores
from compute.threads import in_threads
from tests.machines.shell import python

ALLOWED = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def test_slurm_says_it_as_a_plain_number_or_not_at_all() -> None:
    assert [allotted_cores({"SLURM_CPUS_PER_TASK": said}) for said in ("3", "128")] == [3, 128]
    assert {allotted_cores({"SLURM_CPUS_PER_TASK": said}) for said in ("", "0", "-2", "4(x2)", "\u0663")} == {ALLOWED}


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system has no affinity")
def test_affinity_counts() -> None:
    one = min(os.sched_getaffinity(0))
    code = f"import os; os.sched_setaffinity(0, [{one}]); from compute.cores import allotted_cores; print(allotted_cores())"
    assert python("-c", code, SLURM_CPUS_PER_TASK=None).stdout == "1\n"


@pytest.mark.parametrize(
    ("group", "files", "cores"),
    [
        ("0::/job/step", {"job/step/cpu.max": "150000 100000", "job/cpu.max": "max 100000"}, 2),
        ("0::/job/step", {"job/step/cpu.max": "max 100000", "job/cpu.max": "50000 100000"}, 1),
        ("4:cpu,cpuacct:/job", {"cpu/job/cpu.cfs_quota_us": "100000", "cpu/job/cpu.cfs_period_us": "100000"}, 1),
        ("4:cpu,cpuacct:/job", {"cpu/job/cpu.cfs_quota_us": "-1", "cpu/job/cpu.cfs_period_us": "100000"}, 8),
        ("0::/", {}, 8),
    ],
)
def test_a_container_that_gives_less_time_counts(
    group: str, files: dict[str, str], cores: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(8), raising=False)
    files = {"proc/self/cgroup": group, **{f"sys/fs/cgroup/{name}": text for name, text in files.items()}}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{text}\n", encoding="utf-8")
    assert allotted_cores({}, tmp_path) == cores


@pytest.mark.parametrize("workers", ["-1", "0", "1_0", "two", "1.5"])
def test_a_number_of_workers_that_cannot_be(workers: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert report.main(["nowhere", "--workers", workers]) == 2
    assert capsys.readouterr().err.startswith(f"error: --workers = {workers}: ")


def test_after_an_error_nothing_is_begun() -> None:
    begun = []

    def one(item: int) -> int:
        begun.append(item)
        raise ValueError(item)

    with pytest.raises(ValueError, match="0"):
        in_threads(one, range(1000), 1)
    assert len(begun) < 1000
    assert in_threads(str, range(5), 3) == ["0", "1", "2", "3", "4"]
