"""What a brain tells of its partner more than a shadow that never senses it, and how much of its response the network makes.

Three recordings of one session differ by their rates alone: *intact*, the brain that played; *blind*, the same brain on the same own senses
and noise, all channels of the partner at 0; *held*, the brain with all its senses and the recurrent input of blind (`sims.shadow`).

*Excess*: what intact cells tell of the partner, less what blind ones do. Two animals that move together tell of each other by their own
behaviour alone; blind cells have all of that, the intact brain's own path and acts included, and nothing of the partner.

*Amplification*: the response to the partner's arrival, intact less blind, over what fibres bring of it directly, held less blind, of the
cells that fibres drive most. Cells are chosen on every other arrival and measured on the rest, so that choosing them favours nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from analysis.behaviour.pokes import poke_ticks
from analysis.core.run import RunDirectory, RunDirectoryError, SessionFile
from analysis.neural.decoding.blocked_ridge import DecodingError
from analysis.neural.decoding.partner_information import PARTNER_TARGETS, partner_information, rates_of
from analysis.neural.inputs.arrivals import arrivals
from analysis.neural.measures import with_draws_of_report
from compute.threads import in_threads
from params.schema.measures import Analysis
from recording import Session, read_session
from recording.scoring import score

INTACT, BLIND, HELD = "intact", "blind", "held"
EXCESS = "excess"
KINDS = ("at_all", "net")
NAN = float("nan")


class Response(NamedTuple):
    """Of one animal to its partner's arrivals. arrivals: how many. Means over partner-driven cells and even arrivals, Hz: intact_hz, the
    rate; response_hz, intact less blind; direct_hz, held less blind. NaN with too few arrivals."""

    arrivals: int
    intact_hz: float = NAN
    response_hz: float = NAN
    direct_hz: float = NAN

    @property
    def amplification(self) -> float:
        """Response over direct response; NaN unless fibres raise the rate."""
        return self.response_hz / self.direct_hz if self.direct_hz > 0 else NAN

    @property
    def share(self) -> float:
        """Share of the intact rate that is response; NaN of silent cells."""
        return self.response_hz / self.intact_hz if self.intact_hz > 0 else NAN


@dataclass(frozen=True)
class Animal:
    """One animal in one state. success: of the pair in that session, NaN without attempts. told: by `told_name`, scores on held-out
    time, NaN where nothing can be said."""

    pair: int
    state: str
    agent: int
    success: float
    told: dict[str, float]
    response: Response

    def values(self) -> dict[str, float]:
        """Every number by its name: success, arrivals, those of the response, and for each kind and target the score of intact and blind
        cells and the excess."""
        response = self.response
        excess = {
            told_name(kind, target, EXCESS): self.told[told_name(kind, target, INTACT)]
            - self.told[told_name(kind, target, BLIND)]
            for kind in KINDS
            for target in PARTNER_TARGETS
        }
        of_response = {"arrivals": float(response.arrivals), "amplification": response.amplification, "share": response.share}
        return {"success": self.success} | of_response | {name: self.told[name] for name in TOLD} | excess


def told_name(kind: str, target: str, brain: str) -> str:
    """Name of a score: kind of `KINDS`, target of `PARTNER_TARGETS`, of brain `INTACT` or `BLIND`; or their difference, `EXCESS`."""
    return f"{kind}_{target}_{brain}"


TOLD = tuple(told_name(kind, target, brain) for kind in KINDS for target in PARTNER_TARGETS for brain in (INTACT, BLIND))


def response_to_arrivals(
    rates: dict[str, np.ndarray], excitatory: np.ndarray, events: np.ndarray, after: int, cells: int
) -> Response:
    """Response of the cells that the partner's arrival drives most through fibres.

    Parameters
    ----------
    rates : brain -> [T, n] Hz, of `INTACT`, `BLIND`, `HELD`
    excitatory : int [k], cells to choose from
    events : int [e], samples
        The cells are chosen on the first, third, ... and measured on the second, fourth, ...
    after : samples
        Window [event, event + after); an event without a whole one is left out, as if it had not been.
    cells : how many are chosen, all if there are fewer
    """
    frames = events[events + after <= len(rates[INTACT])][:, None] + np.arange(after)

    def mean(brain: str, first: int) -> np.ndarray:
        return rates[brain][frames[first::2]][:, :, excitatory].mean(axis=(0, 1), dtype=np.float64)

    if len(frames) < 2:
        return Response(len(frames))
    driven = np.argsort(mean(BLIND, 0) - mean(HELD, 0), kind="stable")[:cells]
    intact, blind, held = (float(mean(brain, 1)[driven].mean()) for brain in (INTACT, BLIND, HELD))
    return Response(len(frames), intact, intact - blind, held - blind)


def measure_animal(sessions: dict[str, Session], agent: int, analysis: Analysis, seed: int, cells: int) -> Animal:
    """Everything about one animal in one state from the three recordings of its session, by brain.

    The two brains are decoded against the same shifts. Their number is that of `[analysis.report]`, since no p-value is judged.
    """
    session = sessions[INTACT]
    attributes, step = session.attributes, session.attributes["event_step"]
    scored = score(*poke_ticks(session), round(attributes["window"] / step), round(session.duration / step))
    told: dict[str, float] = {}
    for brain in (INTACT, BLIND):
        rng = np.random.default_rng([seed, attributes["pair"], attributes["session"], agent])
        told |= _told(sessions[brain], agent, with_draws_of_report(analysis), rng, brain)
    return Animal(
        attributes["pair"], attributes["state"], agent, scored.success, told, measure_response(sessions, agent, analysis, cells)
    )


def _told(session: Session, agent: int, analysis: Analysis, rng: np.random.Generator, brain: str) -> dict[str, float]:
    try:
        found = partner_information(session, agent, analysis, rng)
    except DecodingError:  # as a rule too short a session for its blocks and gaps
        return {told_name(kind, target, brain): NAN for kind in KINDS for target in PARTNER_TARGETS}
    decoded = {"at_all": found.at_all, "net": found.net}
    return {told_name(kind, name, brain): decoded[kind][name].finding.score for kind in KINDS for name in PARTNER_TARGETS}


def measure_response(sessions: dict[str, Session], agent: int, analysis: Analysis, cells: int) -> Response:
    """Response of one animal to its partner's arrivals, from the three recordings of a session; NaN rates if there are too few."""
    session = sessions[INTACT]
    events = np.searchsorted(session.time, arrivals(session, agent, analysis.ethogram.wait_zone_cm))
    rates = {brain: rates_of(each, agent) for brain, each in sessions.items()}
    excitatory = np.flatnonzero(np.array(session.cells_of(agent).classes) == "exc")
    found = response_to_arrivals(rates, excitatory, events, round(analysis.groups.response_window_s / session.step), cells)
    return found if found.arrivals >= analysis.decoding.fewest_events else Response(found.arrivals)


def measure_shadows(run: RunDirectory, workers: int | None, say: Callable[[str], None] = print) -> list[Animal]:
    """Measures of every animal in every state that all three brains were recorded in; the same whatever the number of workers.

    Raises
    ------
    UserError
        A recording is damaged, or says nothing of its state and brain.
    """
    grouped: dict[tuple[int, int], list[SessionFile]] = {}
    for file in run.sessions:
        grouped.setdefault((file.pair, file.session), []).append(file)
    params, seed = run.resolved.mouse, run.facts["seed"]

    def measure(files: list[SessionFile]) -> list[Animal]:
        sessions = {str(each.attributes["brain"]): each for each in map(_read, files)}
        if not {INTACT, BLIND, HELD} <= set(sessions):
            return []
        say(f"cells of pair {files[0].pair}, {sessions[INTACT].attributes['state']}")
        return [measure_animal(sessions, agent, params.analysis, seed, params.shadow.cells) for agent in range(2)]

    # one BLAS thread a worker: more would wait for each other, and sum in an order that depends on the number of cores
    with threadpool_limits(1, "blas"):
        return [each for found in in_threads(measure, grouped.values(), workers) for each in found]


def _read(file: SessionFile) -> Session:
    session = read_session(file.path)
    missing = [name for name in ("state", "brain") if name not in session.attributes]
    if missing:
        raise RunDirectoryError(f"{file.path}: attribute {missing[0]} is missing; is this a run of sims.shadow?")
    return session
