"""How near a network step comes to what the machine's caches and arithmetic allow."""

from dataclasses import replace

import numpy as np

from acc_model.contract import copied
from acc_model.lif import LifNetwork
from benchmarks import machine
from benchmarks.spiking.exposure import Exposure, contender, live
from benchmarks.timing import best, interleaved
from compute.kernel import kernel

# of a cell and step, each array counted once: v, four currents and the slope read and written, three constants read, the noise and its
# random state written and read, the mark
CELL_BYTES = 6 * 8 + 3 * 4 + 2 * 4 + 8 + 2
CELL_FLOPS = 8 + 3 + 4 + 5 + 1 + 2  # drive, membrane, currents, slope, threshold, noise
EVENT_L2_BYTES = 4 + 2  # of a synapse that a spike crosses: weight and target
EVENT_L1_BYTES = 2 * 8  # two currents read and written
L1_FLOATS = 4096


@kernel
def _scale_often(array, factor, loops):
    for _ in range(loops):
        for i in range(array.shape[0]):
            array[i] *= factor


def l1_bandwidth(repeats: int) -> float:
    """Bytes per second of an array in the first-level cache that is read, scaled and written in place; read and write both count."""
    array, loops = np.ones(L1_FLOATS, np.float32), 20_000
    return 2 * array.nbytes * loops / best(lambda: _scale_often(array, np.float32(1), loops), repeats)


def _quiet(network: LifNetwork) -> LifNetwork:
    """The same cells, which never fire."""
    silent = copied(network)
    silent.background_hz[:] = 0
    silent.afferent.weight[:] = 0
    return silent


def measure(of: Exposure, repeats: int) -> dict[str, float]:
    """Nanoseconds of a step, with and without spikes, and what the nearer bound of either would be."""
    l1, l2, peak = l1_bandwidth(repeats), machine.copy_bandwidth(machine.l2_bytes() // 2, repeats), machine.fma_peak(repeats)
    steps, n = len(of.normal), len(of.network.v)
    quiet = replace(of, network=_quiet(of.network))
    times = interleaved({"rest": contender(of), "quiet": contender(quiet)}, repeats)
    spikes = live(copied(of.network), of.senses, of.noise_hz, steps // len(of.senses)) / steps
    events = spikes * len(of.network.recurrent.weight) / n
    memory, arithmetic = n * CELL_BYTES / l1, n * CELL_FLOPS / peak["compiled"]
    cells_s, events_s = max(memory, arithmetic), events * (EVENT_L2_BYTES / l2 + EVENT_L1_BYTES / l1)
    rest_s, quiet_s = (float(times[name].min()) / steps for name in ("rest", "quiet"))
    return {
        "l1_gb_s": l1 / 1e9,
        "l2_gb_s": l2 / 1e9,
        "gflop_s": peak["compiled"] / 1e9,
        "memory_ns": 1e9 * memory,
        "arithmetic_ns": 1e9 * arithmetic,
        "quiet_ns": 1e9 * quiet_s,
        "quiet_fraction": cells_s / quiet_s,
        "spikes": spikes,
        "events": events,
        "events_ns": 1e9 * events_s,
        "rest_ns": 1e9 * rest_s,
        "rest_fraction": (cells_s + events_s) / rest_s,
    }


def lines(found: dict[str, float]) -> list[str]:
    """What the command prints."""
    return [
        "a step of one network, its noise included, and its bound",
        f"  caches {found['l1_gb_s']:.0f} GB/s (first level), {found['l2_gb_s']:.0f} GB/s (second); {found['gflop_s']:.0f} Gflop/s",
        f"  no cell fires: {found['quiet_ns']:.0f} ns; bound {found['memory_ns']:.0f} ns by memory, "
        f"{found['arithmetic_ns']:.0f} ns by arithmetic; {100 * found['quiet_fraction']:.0f} % of the nearer reached",
        f"  at rest, {found['spikes']:.2f} spikes and {found['events']:.0f} synaptic events a step: {found['rest_ns']:.0f} ns; "
        f"bound of events {found['events_ns']:.0f} ns; {100 * found['rest_fraction']:.0f} % reached",
    ]
