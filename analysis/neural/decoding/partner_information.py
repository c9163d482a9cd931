"""What one animal's cells tell of its partner, at all and net of the animal's own behaviour.

*At all*: the partner's place, whether it is at its port, whether it is about to poke, decoded from the cells alone. Where the
animals move together this is large for cells that know only their own animal.

*Net*: the partial R^2. Own behaviour (`analysis.neural.inputs.own_behaviour`) is regressed out of cells and target within training
frames, and of what it leaves unexplained of the target on held-out frames, the share is counted that the cells' remainders explain,

    net = 1 - sum (y - own and cells)^2 / sum (y - own)^2 = (R^2(own and cells) - R^2(own)) / (1 - R^2(own)).

The share rather than the difference R^2(own and cells) - R^2(own) (the unique variance, `unique_variance`): the better two
animals coordinate, the more of the partner follows from own behaviour, and the less is left to add. The difference can fall then
though the cells know all that is left. The two can disagree on which of two sessions holds more, and both should be looked at.

It errs in one direction. What cells carry of own behaviour more finely than the design has it, and of plans, remains and may
tell of the partner: a small positive value is not proof. A session behind an opaque divider does not bound that part: there the two
animals hardly move together, and without that coupling what cells carry of their own animal tells nothing of the partner. A shadow brain
(`sims.shadow`: the same brain, senses and behaviour, the partner's fibres cut) keeps the coupling and does.
"""

from dataclasses import dataclass

import numpy as np

from analysis.behaviour.kinematics import distance_to, happening
from analysis.neural.decoding.blocked_ridge import DecodingError
from analysis.neural.decoding.decoding import Decoded, Finding, decode, frame_shifts
from analysis.neural.inputs.own_behaviour import own_behaviour
from params.schema.measures import Analysis
from recording import RecordingError, Session

PARTNER_TARGETS = ("partner_position", "partner_at_port", "partner_about_to_poke")


@dataclass(frozen=True)
class PartnerInformation:
    """One animal in one session. at_all: own position and `PARTNER_TARGETS`; net: `PARTNER_TARGETS`, beyond own behaviour."""

    agent: int
    at_all: dict[str, Decoded]
    net: dict[str, Decoded]

    def scores(self) -> dict[str, Finding]:
        """Every finding, those net of own behaviour as `net_...`."""
        return {name: each.finding for name, each in self.at_all.items()} | {
            f"net_{name}": each.finding for name, each in self.net.items()
        }


def partner_information(session: Session, agent: int, analysis: Analysis, rng: np.random.Generator) -> PartnerInformation:
    """Decode one animal's cells; rng draws the shifts.

    Raises
    ------
    DecodingError
        A session of one animal, without rates, without a finite frame, or too short for the blocks.
    """
    if session.n_agents != 2:
        raise DecodingError(f"the session has {session.n_agents} animal; a partner's place needs 2")
    cells = rates_of(session, agent)
    targets = own_and_partner(session, agent, analysis)
    own = own_behaviour(session, agent, analysis.decoding, analysis.ethogram.speed_baseline_s)
    shifts = frame_shifts(session.time, analysis.decoding, rng)
    partner = {name: targets[name] for name in PARTNER_TARGETS}
    at_all = decode(cells, targets, session.time, shifts, analysis.decoding)
    return PartnerInformation(agent, at_all, decode(cells, partner, session.time, shifts, analysis.decoding, own))


def rates_of(session: Session, agent: int) -> np.ndarray:
    """Activity [T, n] of one animal's cells.

    Raises
    ------
    DecodingError
        If the session holds none.
    """
    try:
        activity = session.cells_of(agent).activity
    except RecordingError as error:
        raise DecodingError(str(error)) from None
    if not activity.shape[1]:
        raise DecodingError(f"agent {agent} has no cells")
    return activity


def own_and_partner(session: Session, agent: int, analysis: Analysis) -> dict[str, np.ndarray]:
    """What is to be decoded: own_position, partner_position [T, 2]; the others [T] bool.

    partner_at_port: the partner's nose is within `wait_zone` of its port. partner_about_to_poke: the partner's next armed poke
    begins less than `poke_horizon` after the sample.
    """
    partner = 1 - agent
    at_port = distance_to(session.tracks, session.port_tracks)[:, partner] <= analysis.ethogram.wait_zone_cm
    pokes = session.events_of("poke", partner)["start"]
    return {
        "own_position": session.tracks[:, agent],
        "partner_position": session.tracks[:, partner],
        "partner_at_port": at_port,
        "partner_about_to_poke": happening(session.time, pokes - analysis.decoding.poke_horizon_s, pokes),
    }


def unique_variance(net: Decoded) -> float:
    """R^2(own and cells) - R^2(own) on held-out frames, of a target decoded net of own behaviour; NaN if it was not decoded."""
    explained = _squares(net.actual - net.baseline).sum() - _squares(net.actual - net.predicted).sum()
    whole = _squares(net.actual - net.actual.mean(axis=0)).sum()
    return float(explained / whole) if whole > 0 else float("nan")


def time_course(decoded: Decoded, time_s: np.ndarray, moments_s: np.ndarray, edges_s: np.ndarray) -> np.ndarray:
    """Score [bins] of held-out predictions by their time from a moment, such as the closing poke.

    1 - sum (y - predicted)^2 / sum (y - baseline)^2 over the frames in a bin, of all moments. The fit is that of all training
    frames; only its errors are sorted. Beyond the training mean (`at_all`) a score around a poke is high for cells that know the
    moment: to ask what they know of the partner there, take `net`. NaN for a bin without frames.

    Parameters
    ----------
    time_s : [T] s, of the session
    moments_s : [n] s
    edges_s : [bins + 1] s
    """
    from_moment_s = (time_s[decoded.frames] - np.asarray(moments_s)[:, None]).ravel()
    within = [
        np.bincount(place, np.tile(squares, len(moments_s))[inside], len(edges_s) - 1)
        for squares in (_squares(decoded.actual - decoded.predicted), _squares(decoded.actual - decoded.baseline))
        for inside in [(from_moment_s >= edges_s[0]) & (from_moment_s < edges_s[-1])]
        for place in [np.searchsorted(edges_s, from_moment_s[inside], side="right") - 1]
    ]
    return 1.0 - within[0] / np.where(within[1] > 0, within[1], np.nan)


def _squares(errors: np.ndarray) -> np.ndarray:
    return (errors**2).sum(axis=1)
