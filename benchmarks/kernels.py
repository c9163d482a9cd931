"""Time per synapse of the two kernels that most of a run is spent in, beside what the machine's memory and arithmetic allow."""

from dataclasses import dataclass

import numpy as np

from acc_model.brain import CorticalBrain
from acc_model.connectivity import Synapses
from acc_model.contract import copied
from acc_model.plasticity import eligibility
from acc_model.rate import propagate, propagate_rows
from benchmarks.tape import rested_pair
from benchmarks.timing import Contender, interleaved
from compute.kernel import kernel
from params.schema.mice import Parameters
from sims.mice.pair import run_session

PROPAGATE_BYTES = 6  # per synapse: weight 4, post 2; the drive stays in the first-level cache
PROPAGATE_FLOPS = 2
ROW_BYTES = 4  # per element of a row of axons: the weight; the drive stays in the first-level cache
CONSOLIDATE_BYTES = 18  # per synapse: weight and trace read and written, post read
LOOPS = 200


@dataclass(frozen=True)
class Cost:
    """Least time of one synapse's work, s, and the two bounds: its bytes at the copy bandwidth of the second-level cache, its
    operations at the multiply-add peak. units: synapses in one call."""

    seconds: float
    memory_bound: float
    arithmetic_bound: float
    units: int

    @property
    def fraction_of_bound(self) -> float:
        """Nearer of the two bounds over the time taken: 1 is the best that the machine could do."""
        return max(self.memory_bound, self.arithmetic_bound) / self.seconds


@kernel
def _propagate_often(synapses, activity, drive, loops):
    for _ in range(loops):
        propagate(synapses, activity, drive)


@kernel
def _rows_often(network, loops):
    for _ in range(loops):
        propagate_rows(network)


@kernel
def _consolidate_often(synapses, traces, history, work, decay, rate, loops):
    for _ in range(loops):
        eligibility.consolidate(synapses, traces, history, work, decay, rate)


def lived_brain(params: Parameters) -> CorticalBrain:
    """A brain in the middle of a session, with the activity, senses and history that it really has."""
    pair = rested_pair(params, seed=0)
    run_session(pair, params.schedule.coop_3s, 0, 1.0, False, 60.0)
    return pair.brains[0]


def _propagation(synapses: Synapses, activity: np.ndarray, n_post: int) -> tuple[Contender, int]:
    def run(drive: np.ndarray) -> None:
        _propagate_often(synapses, activity, drive, LOOPS)

    active = int(np.diff(synapses.start)[activity > 0].sum())
    return Contender(lambda: np.zeros(n_post, np.float32), run), active  # type: ignore[arg-type]


def _rows(brain: CorticalBrain) -> tuple[Contender, int]:
    def run(one: CorticalBrain) -> None:
        _rows_often(one.network, LOOPS)

    rate = brain.network.rate_hz
    return Contender(lambda: copied(brain), run), int((rate > 0).sum()) * len(rate)  # type: ignore[arg-type]


def _consolidation(brain: CorticalBrain, which: str, decay: np.float32) -> tuple[Contender, int]:
    def run(one: CorticalBrain) -> None:
        graph, pathway = getattr(one.network, which), getattr(one.rule, which)
        history = one.interval.cells_hz if which == "recurrent" else one.interval.senses
        _consolidate_often(graph, pathway.trace, history, one.rule.work, decay, np.float32(1e-9), LOOPS)

    graph = getattr(brain.network, which)
    return Contender(lambda: copied(brain), run), int((graph.plastic_stop - graph.start[:-1]).sum())  # type: ignore[arg-type]


def measure(params: Parameters, bandwidth: float, peak: float, repeats: int) -> dict[str, Cost]:
    """Cost of propagation per active synapse (rows: per element, connected or not) and step, and of consolidation per plastic synapse
    and decision."""
    brain = lived_brain(params)
    n, (length, _) = len(brain.rest_rate_hz), brain.interval.credit.shape
    decay = np.float32(1)  # the same operations; over many calls a fading trace would end in denormal numbers
    senses = brain.interval.senses[-1].copy()
    tasks = {
        "rows, recurrent": (*_rows(brain), 1),
        "propagate, recurrent": (*_propagation(brain.network.recurrent, brain.network.rate_hz, n), 1),
        "propagate, afferent": (*_propagation(brain.network.afferent, senses, n), 1),
        "consolidate, recurrent": (*_consolidation(brain, "recurrent", decay), length),
        "consolidate, afferent": (*_consolidation(brain, "afferent", decay), length),
    }
    times = interleaved({name: contender for name, (contender, _, _) in tasks.items()}, repeats)
    costs = {}
    for name, (_, units, decisions) in tasks.items():
        n_bytes, flops = {
            "rows": (ROW_BYTES, PROPAGATE_FLOPS),
            "propagate": (PROPAGATE_BYTES, PROPAGATE_FLOPS),
            "consolidate": (CONSOLIDATE_BYTES, 4 * length + 6),
        }[name.split(",")[0]]
        taken = float(times[name].min()) / (LOOPS * units * decisions)
        costs[name] = Cost(taken, n_bytes / bandwidth / decisions, flops / peak / decisions, units)
    return costs
