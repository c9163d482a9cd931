"""Memory that a pair of mice needs, from its parameters alone, so that a run too large for a machine is refused before it starts."""

from typing import NamedTuple

from compute.memory import available_memory
from params.errors import ParameterError
from params.schema.brain import CELL_CLASSES
from params.schema.mice import Parameters

ROWS_BYTES = 2**20  # a larger matrix of recurrent weights is sparse and beyond a core's own cache: none is kept
PROCESS_BYTES = 300e6  # of the interpreter, the libraries and the compiled code
_DRAWING = 40  # bytes of work space for each possible synapse, while a graph is drawn in double precision
_SYNAPSE = 10  # weight and trace in single precision, number of the cell
_DECISION = 400  # places, acts, events and what is made of them for the recording
_DRAW = 150  # random numbers of the world at a decision
_SPIKE = (
    13 + 2 * 13 + 2 * 6
)  # of the recording, of its pieces while they are put in order, of the log; the table is there twice at the end
_SPIKING_HZ = 5.0  # mean over cells, twice that of cells at rest
_SHARE = 0.1  # of all memory: a part larger than this is worth naming


class Part(NamedTuple):
    """Bytes that follow from a parameter: its key and its value."""

    key: str
    value: str
    bytes: float


def footprint(params: Parameters) -> list[Part]:
    """What one pair needs at its largest, by the parameter it follows from, largest part first.

    With n cells of a brain (e excitatory), c channels, T decisions a session, S of a scaling interval and L of a consolidation interval
    (neither longer than a session), k = sum p_ij n_i n_j + c sum p_j n_j synapses, a brain takes B = 4 n rows_of(n) + 10 k bytes. Then

        while the second brain is drawn     B + 40 n max(n, c)
        while a session is run and written  2 B + 12 n T + 400 T + (16 n + 150) S + 8 L (n + c) + 24 L e

    of which the greater counts. 12 n T are the rates [T, 2, n] in single and, while they are written, in half precision as well; where
    [recording] keeps none they fall away. With them spikes are kept: of cells at 5 Hz, at 51 bytes a spike. A rule of spike times has room
    for two spikes of every cell at every network step of L, 16 n bytes.
    """
    drawn, run = while_drawn(params), while_run(params)
    return sorted(drawn if total(drawn) > total(run) else run, key=lambda part: -part.bytes)


def while_drawn(params: Parameters) -> list[Part]:
    """One brain, and the work space in which the second is drawn."""
    n, c = params.cells.total, params.n_channels
    cells, senses = _brain(params)
    return [_add(cells, _DRAWING * n * n), _add(senses, _DRAWING * n * max(c - n, 0))]


def while_run(params: Parameters) -> list[Part]:
    """Two brains, and what a session of them leaves."""
    n, e, c = params.cells.total, params.cells.exc.count, params.n_channels
    session_s, decision_s = params.schedule.session_s, params.time.decision_s
    scaling_s, taken_up_s = params.homeostasis.scaling_interval_s, params.plasticity.consolidation_s
    kept = bool(params.recording.rates)
    rates = 12 * n * kept
    spikes = 2 * n * _SPIKING_HZ * _SPIKE * (kept and params.brain.model == "lif")
    paired = 16 * n * params.time.network_steps_per_decision * (params.plasticity.rule == "stdp")
    return [
        *(_add(each, each.bytes) for each in _brain(params)),
        Part("schedule.session", f"{session_s:g} s", (rates + _DECISION) * session_s / decision_s + spikes * session_s),
        Part("homeostasis.scaling_interval", f"{scaling_s:g} s", (16 * n + _DRAW) * min(scaling_s, session_s) / decision_s),
        Part("plasticity.consolidation", f"{taken_up_s:g} s", (8 * (n + c) + 24 * e + paired) * taken_up_s / decision_s),
    ]


def _brain(params: Parameters) -> tuple[Part, Part]:
    """B, what follows from the largest class of cells and what from the channels of the senses."""
    cells, spacing_cm = params.cells, params.senses.place_spacing_cm
    largest = max(CELL_CLASSES, key=lambda name: int(getattr(cells, name).count))
    recurrent, afferent = _synapses(params)
    return (
        Part(
            f"cells.{largest}.count",
            str(getattr(cells, largest).count),
            4 * cells.total * rows_of(cells.total) + _SYNAPSE * recurrent,
        ),
        Part("senses.place_spacing", f"{spacing_cm:g} cm", _SYNAPSE * afferent),
    )


def rows_of(n_cells: int) -> int:
    """Rows of recurrent weights that a brain keeps beside its synapses: one for each cell, or none in a large network."""
    return n_cells if 4 * n_cells**2 <= ROWS_BYTES else 0


def _add(part: Part, n_bytes: float) -> Part:
    return part._replace(bytes=part.bytes + n_bytes)


def total(parts: list[Part]) -> float:
    """Bytes of all parts."""
    return sum(part.bytes for part in parts)


def require_memory(params: Parameters, pairs_at_a_time: int) -> None:
    """Refuse what this process cannot hold; where nobody says how much that is, nothing is refused.

    Raises
    ------
    ParameterError
        So many pairs at a time need more than there is; the line names what to lower: the workers, or the parameters behind most of it.
    """
    limit = available_memory()
    parts = footprint(params)
    needed = PROCESS_BYTES + pairs_at_a_time * total(parts)
    if limit is None or needed <= limit:
        return
    named = [part for part in parts if part.bytes > _SHARE * total(parts)][:2]
    keys = [f"{part.key} ({part.value})" for part in named]
    fit = int((limit - PROCESS_BYTES) // total(parts))
    if fit >= 1:
        keys = [f"--workers ({pairs_at_a_time}) to {fit}", *keys]
        need = f"{pairs_at_a_time} pairs at a time need"
    else:
        need = "a pair needs"
        needed = PROCESS_BYTES + total(parts)
    raise ParameterError(f"{need} about {_size(needed)}, this process may use {_size(limit)}: lower {' or '.join(keys)}")


def _synapses(params: Parameters) -> tuple[float, float]:
    """Expected number of synapses between cells, and from the senses."""
    cells, probability = params.cells, params.connectivity.probability
    recurrent = sum(
        getattr(getattr(probability, pre), post) * getattr(cells, pre).count * getattr(cells, post).count
        for pre in CELL_CLASSES
        for post in CELL_CLASSES
    )
    heard = sum(getattr(params.afferents.probability, post) * getattr(cells, post).count for post in CELL_CLASSES)
    return recurrent, params.n_channels * heard


def _size(n_bytes: float) -> str:
    """A number of bytes in words, to two digits."""
    size, unit = (n_bytes / 1e9, "GB") if n_bytes >= 1e9 else (n_bytes / 1e6, "MB")
    return f"{size:.1f} {unit}" if size < 10 else f"{size:.0f} {unit}"
