"""The spiking network: leaky integrate-and-fire cells with adaptation, conductances as linear currents, one compiled pass a step.

Voltages are in thresholds above rest and drives in Hz, so that a cell under a steady drive u far above threshold fires at about u, and
weights mean what they mean in the rate network (acc_model/rate.py): a spike over a synapse of w Hz/Hz moves v by w thresholds in all.

    tau dv/dt = -v + tau (u + sigma xi),  a spike where v > 1, then v = 0 for the refractory time
    u_i = b_i + noise_i + sum_c W_ic s_c + A_i + N_i - a_i + G_i
    dA/dt = -A / tau_ampa, the same for N (NMDA), G (GABA-A) and a (adaptation)

An excitatory spike of weight w adds w (1 - m) / tau_ampa to A and w m / tau_nmda to N of the cells it reaches, a delay later; an
inhibitory one, w < 0, adds w / tau_gaba to G; what a spike delivers of w may depend on earlier ones (acc_model/synapses/). A cell's own
spike adds to its a. Integrated by exponential Euler, every variable from the values before the step; then thresholds, spikes that arrive
now, resets. Charges do not depend on the step: gains are divided by what a sampled exponential sums to.
"""

from typing import Any, NamedTuple

import numpy as np

from acc_model.calibration import Search
from acc_model.cells import CellTable
from acc_model.connectivity import Synapses
from acc_model.lif_constants import LifConstants, constants_of
from acc_model.noise import fill_noise, streams, uniform
from acc_model.rate import gather
from acc_model.spikes import Spikes, spike_room
from acc_model.synapses.models import short_term_named
from acc_model.synapses.transmission import deliver, recover
from compute.kernel import kernel
from params.schema.mice import Parameters

WORD = 8  # cells that are looked through together for spikes
FAINT = 1e-20  # a state below this moves no cell and is zero from the next decision on: no denormal numbers arise
FIRST_BACKGROUND = 0.6  # where calibration starts from: thresholds that the background alone would hold a cell at
MOST_AT_ONCE = 2  # spikes that a cell whose excitability is raised may fire in one step


class Due(NamedTuple):
    """Spikes under way: a ring by the step at which they arrive. cell [delay + 1, room] uint16, number [delay + 1] int64; step [1] int64:
    steps since rest."""

    cell: np.ndarray
    number: np.ndarray
    step: np.ndarray


class Held(NamedTuple):
    """Refractory cells: the first number[0] of cell [n] uint16; left [n] int32: steps for which each is still held; number [1] int64."""

    cell: np.ndarray
    left: np.ndarray
    number: np.ndarray


class LifNetwork(NamedTuple):
    """Constants and state of one network; n cells. Arrays of numbers are float32, or all float64 in the reference (`in_double`).

    recurrent, afferent, background_hz, excitability, rate_hz, mean_rate_hz [n]: as in the rate network. rates are spikes filtered with an
    exponential. v, ampa, nmda, gaba, adaptation_hz [n]: state; currents in units of weight.
    short_term: state of the synapses between cells, and how spikes are delivered.
    slope [n]: mean pseudo-derivative of the decision. lanes [3, n + 1] uint32: random bits of every cell, and of releases. spikes: of the
    decision. afferent_drive_hz [n], noise [steps, n] Hz, above (a bool for each cell, and to whole words), fired [n + WORD]: work space.
    """

    recurrent: Synapses
    afferent: Synapses
    constants: LifConstants
    short_term: Any
    background_hz: np.ndarray
    excitability: np.ndarray
    v: np.ndarray
    ampa: np.ndarray
    nmda: np.ndarray
    gaba: np.ndarray
    adaptation_hz: np.ndarray
    held: Held
    rate_hz: np.ndarray
    mean_rate_hz: np.ndarray
    slope: np.ndarray
    afferent_drive_hz: np.ndarray
    noise: np.ndarray
    above: np.ndarray
    fired: np.ndarray
    lanes: np.ndarray
    due: Due
    spikes: Spikes


def with_precision(arrays: Any, precision: type[np.floating]) -> Any:
    """Nested NamedTuples with every array of numbers in another precision, whole numbers as they are."""
    if isinstance(arrays, np.ndarray):
        return arrays.astype(precision) if arrays.dtype.kind == "f" else arrays.copy()
    return type(arrays)(*(with_precision(field, precision) for field in arrays))


def in_double(network: LifNetwork, params: Parameters) -> LifNetwork:
    """The same network in float64, the reference; its constants are those of the parameters, not rounded ones."""
    return with_precision(network, np.float64)._replace(constants=constants_of(params))


def build_network(
    params: Parameters, table: CellTable, recurrent: Synapses, afferent: Synapses, rng: np.random.Generator
) -> LifNetwork:
    """A silent network of these cells and graphs, with a background drive not far below threshold."""
    n, steps, constants = params.cells.total, params.time.network_steps_per_decision, constants_of(params)
    background = FIRST_BACKGROUND * (1.0 - constants.leak) / constants.per_drive_s
    room = MOST_AT_ONCE * n
    ring = int(constants.delay.max()) + 1
    zeros = np.zeros((9, n), np.float32)
    return LifNetwork(
        recurrent=recurrent,
        afferent=afferent,
        constants=with_precision(constants, np.float32),
        short_term=short_term_named(params.lif.short_term.model).of_axons(params, recurrent),
        background_hz=background.astype(np.float32),
        excitability=np.ones(n, np.float32),
        v=zeros[0],
        ampa=zeros[1],
        nmda=zeros[2],
        gaba=zeros[3],
        adaptation_hz=zeros[4],
        held=Held(np.zeros(n, np.uint16), np.zeros(n, np.int32), np.zeros(1, np.int64)),
        rate_hz=zeros[5],
        mean_rate_hz=zeros[6],
        slope=zeros[7],
        afferent_drive_hz=zeros[8],
        noise=np.zeros((steps + steps % 2, n), np.float32),
        above=np.zeros(-(-n // WORD) * WORD, np.bool_),
        fired=np.zeros(n + WORD, np.uint16),
        lanes=streams(n + 1, rng),
        due=Due(np.zeros((ring, room), np.uint16), np.zeros(ring, np.int64), np.zeros(1, np.int64)),
        spikes=spike_room(room * steps),
    )


@kernel
def advance(network, senses, noise_hz, n_steps):
    """Run the cells for `n_steps` steps under their own noise."""
    fill_noise(network.lanes, network.constants.noise_hz, network.noise[: n_steps + n_steps % 2])
    _run(network, senses, noise_hz, network.noise[:n_steps])


@kernel
def integrate(network, senses, noise_hz, normal):
    """Run the cells for as many steps as there are rows of normal [n_steps, n], standard normal numbers, their noise."""
    noise = network.noise[: normal.shape[0]]
    for k in range(normal.shape[0]):
        for i in range(normal.shape[1]):
            noise[k, i] = network.constants.noise_hz[i] * normal[k, i]
    _run(network, senses, noise_hz, noise)


@kernel
def _run(network, senses, noise_hz, noise):
    """Run the cells under a drive of noise [n_steps, n], Hz.

    Arrays are taken out of the network, and views made, before the loop: a view costs as much as 50 cells. Each pass is over few arrays:
    the compiler makes SIMD of a loop if it has at most eight pairs of them, one of the two written, to tell apart.
    """
    n_steps = noise.shape[0]
    gather(network, senses, noise_hz)
    begin_decision(network, n_steps)
    constants, steady, v, above, slope = network.constants, network.afferent_drive_hz, network.v, network.above, network.slope
    ampa, nmda, gaba, adaptation = network.ampa, network.nmda, network.gaba, network.adaptation_hz
    decay, gain, width, fired = constants.decay, constants.gain_hz, constants.pseudo_width[0], network.fired
    words, due, first = above.view(np.uint64), network.due, network.due.step[0]
    now = first % due.number.shape[0]
    for k in range(n_steps):
        _move(v, steady, ampa, nmda, gaba, adaptation, gain, noise, k, constants.leak, constants.per_drive_s)
        _fade(ampa, decay[0])
        _fade(nmda, decay[1])
        _fade(gaba, decay[2])
        _fade(adaptation, decay[3])
        _hold(v, network.held)
        _note_slope(v, width, slope)
        _mark(v, above)
        n_fired = _find(words, above, fired)
        if n_fired > 0:
            _reset(fired, n_fired, constants, v, adaptation, network.held)
            _send(fired, n_fired, k, now, constants.delay, network.excitability, network.lanes, due, network.spikes)
        if due.number[now] > 0:
            deliver(network.short_term, network.recurrent, due.cell[now, : due.number[now]], first + k, ampa, nmda, gaba)
            due.number[now] = 0
        now = now + 1 if now + 1 < due.number.shape[0] else 0
    due.step[0] = first + n_steps
    end_decision(network, n_steps)


@kernel
def begin_decision(network, n_steps):
    """Let filtered rates fade over the decision to come, start its sums, and make zeros of what is faint."""
    fading, faded, rate = network.constants.fading, network.constants.faded, network.rate_hz
    left, mean = fading[n_steps], (faded[n_steps] - faded[0]) / n_steps
    for i in range(rate.shape[0]):
        network.mean_rate_hz[i] = mean * rate[i]
    _fade(rate, left)
    network.slope[:] = 0
    network.spikes.number[0] = 0
    for state in (rate, network.v, network.ampa, network.nmda, network.gaba, network.adaptation_hz):
        _flush(state)


@kernel
def _flush(state):
    """Zeros of what is faint: no denormal numbers arise until the next decision."""
    faint, zero = state.dtype.type(FAINT), state.dtype.type(0)
    for i in range(state.shape[0]):
        state[i] = state[i] if abs(state[i]) > faint else zero


@kernel
def _move(v, steady, ampa, nmda, gaba, adaptation, gain, noise, k, leak, per_drive_s):
    """v of every cell after this step, were none refractory."""
    of_ampa, of_nmda, of_gaba = gain[0], gain[1], gain[2]
    for i in range(v.shape[0]):
        u = steady[i] + of_ampa * ampa[i] + of_nmda * nmda[i] + of_gaba * gaba[i] - adaptation[i] + noise[k, i]
        v[i] = leak[i] * v[i] + per_drive_s[i] * u


@kernel
def _fade(current, decay):
    for i in range(current.shape[0]):
        current[i] *= decay


@kernel
def _hold(v, held):
    """Refractory cells stay where they were reset to."""
    kept = 0
    for each in range(held.number[0]):
        i = held.cell[each]
        v[i] = 0
        held.left[i] -= 1
        held.cell[kept] = i
        kept += held.left[i] > 0
    held.number[0] = kept


@kernel
def _note_slope(v, width, slope):
    """Pseudo-derivative max(0, 1 - |v - 1| / width) [bellec2020], summed over steps."""
    one, zero = v.dtype.type(1), v.dtype.type(0)
    steepness = one / width
    for i in range(v.shape[0]):
        now = one - steepness * abs(v[i] - one)
        slope[i] += now if now > zero else zero


@kernel
def _mark(v, above):
    """above_i: whether v_i is past threshold."""
    one = v.dtype.type(1)
    for i in range(v.shape[0]):
        above[i] = v[i] > one


@kernel
def _find(words, above, fired):
    """Write down the cells that are marked, and return how many there are; words: `above` once more, by eight cells."""
    number = 0
    for word in range(words.shape[0]):
        if words[word] != 0:
            for i in range(word * WORD, (word + 1) * WORD):
                fired[number] = i
                number += above[i]
    return number


@kernel
def _reset(fired, number, constants, v, adaptation, held):
    """Cells that fired start again from rest, held there for their refractory time."""
    for each in range(number):
        i = fired[each]
        v[i] = 0
        adaptation[i] += constants.adaptation_hz[i]
        held.left[i] = constants.refractory[i] - 1
        held.cell[held.number[0]] = i
        held.number[0] += held.left[i] > 0


@kernel
def _send(fired, number, step, now, delay, excitability, lanes, due, spikes):
    """Send out floor(q + U) spikes of each cell that fired, U uniform: one of a cell that is left alone, fewer or more as its
    excitability q."""
    for each in range(number):
        i = fired[each]
        sent = min(int(excitability[i] + uniform(lanes, excitability.shape[0])), MOST_AT_ONCE)
        arrival = (now + delay[i]) % due.number.shape[0]
        for _ in range(sent):
            due.cell[arrival, due.number[arrival]] = i
            due.number[arrival] += 1
            spikes.cell[spikes.number[0]] = i
            spikes.step[spikes.number[0]] = step
            spikes.number[0] += 1


@kernel
def end_decision(network, n_steps):
    """Add the decision's spikes to filtered and mean rates, and turn the sum of slopes into their mean."""
    constants, spikes = network.constants, network.spikes
    for each in range(spikes.number[0]):
        i, to_come = spikes.cell[each], n_steps - 1 - spikes.step[each]
        network.rate_hz[i] += constants.spike_hz[0] * constants.fading[to_come]
        network.mean_rate_hz[i] += constants.spike_hz[0] * constants.faded[to_come] / n_steps
    _fade(network.slope, network.slope.dtype.type(1 / n_steps))


@kernel
def times_slope(network, signal):
    """signal_i <- psi_i signal_i, psi the mean pseudo-derivative of the decision."""
    for i in range(signal.shape[0]):
        signal[i] *= network.slope[i]


@kernel
def weights_changed(network):
    """Spikes follow the weights themselves."""


def rest(network: LifNetwork, rng: np.random.Generator) -> None:
    """Cells at rest, no spike under way, and noise of the session's own."""
    state = ("v", "ampa", "nmda", "gaba", "adaptation_hz", "rate_hz", "mean_rate_hz", "slope")
    for array in (
        *(getattr(network, name) for name in state),
        network.held.number,
        network.due.number,
        network.due.step,
        network.spikes.number,
    ):
        array[:] = 0
    recover(network.short_term)
    network.lanes[:] = streams(network.lanes.shape[1], rng)


def calibration(network: LifNetwork) -> Search:
    """Newton steps that grow smaller: rates are counted from spikes."""
    return Search((0.8,) * 8 + (0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1), 0.1)


def state_of(network: LifNetwork) -> dict[str, np.ndarray]:
    """Membrane potentials and rates."""
    return {"membrane potentials": network.v, "rates": network.rate_hz}
