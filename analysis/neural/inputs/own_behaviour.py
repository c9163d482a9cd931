"""What an animal itself does and did, as columns to be taken out before its cells are asked about the partner.

Two animals that cooperate move together. Cells that carry nothing but the animal's own path then predict the partner's, and a
decoder of the partner finds what is not there. So own behaviour must be given in a form at least as rich as cells could have it:
place as bumps rather than x and y, and its recent past, which cells remember and the partner answers to.
"""

import numpy as np

from analysis.behaviour.kinematics import armed, happening, length, velocity
from params.schema.measures import Decoding
from recording import Session

# the animal's own events; `correct` is heard by both as the click that announces the animal's own water
_EVENTS = ("arm", "poke", "empty_poke", "correct", "drink")


def own_behaviour(session: Session, agent: int, settings: Decoding, speed_baseline_s: float) -> np.ndarray:
    """Design [T, m] of an animal's own behaviour, now and up to `lags` - 1 times `lag_step` ago.

    At each lag l: exp(-|p(t - l) - centre|^2 / 2 s^2) for centres on a grid of spacing s = `bump_spacing` that covers where the
    animal went; velocity (2) and speed; the way to the own port and spout (4), if these move; each action, 0 or 1 (none if the
    recording has no actions); and for each kind of own event whether one began in (t - l - `lag_step`, t - l]. Besides, now only:
    port armed, drinking, and the time since the start, for what drifts as the animal tires or learns. Before the start the animal
    stands where it stood. Velocity is centred and sees half of `speed_baseline` ahead.

    Only what has been done counts. A plan that the cells hold and the body does not show yet is not taken out: where the partner
    moves by the same plan, it counts as knowing the partner.
    """
    position = session.tracks[:, agent].astype(np.float64)
    moving = velocity(session.tracks, session.step, speed_baseline_s)[:, agent]
    now = np.column_stack(
        [bumps(position, settings.bump_spacing_cm), moving, length(moving), *_ways(session, agent), _actions(session, agent)]
    )
    lag_steps = [round(lag * settings.lag_step_s / session.step) for lag in range(settings.lags)]
    columns = [now[np.maximum(np.arange(len(now)) - steps, 0)] for steps in lag_steps]
    columns += [_began(session, kind, agent, lag, settings.lag_step_s) for kind in _EVENTS for lag in range(settings.lags)]
    drinks = session.events_of("drink", agent)
    drinking = happening(session.time, drinks["start"], drinks["stop"])
    return np.hstack([*columns, np.column_stack([armed(session, agent), drinking, session.time])]).astype(np.float64)


def bumps(position: np.ndarray, spacing: float) -> np.ndarray:
    """Gaussian bumps [T, n] on a grid over the places visited; position [T, 2], NaN where it is; spacing in its unit."""
    low, high = np.nanmin(position, axis=0), np.nanmax(position, axis=0)
    axes = [np.linspace(low[axis], high[axis], 1 + int(np.ceil((high[axis] - low[axis]) / spacing))) for axis in range(2)]
    centres = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
    squared = ((position[:, None] - centres) ** 2).sum(axis=-1)
    return np.exp(-squared / (2 * spacing**2))


def _ways(session: Session, agent: int) -> list[np.ndarray]:
    """From the animal to its port and to its spout [T, 2] each; of those that stay, its place says it already."""
    moving = (places for places in (session.ports, session.spouts) if places is not None)
    return [places[:, agent] - session.tracks[:, agent] for places in moving]


def _actions(session: Session, agent: int) -> np.ndarray:
    """One column [T, actions] for each action; a busy animal has none."""
    if session.actions is None:
        return np.empty((len(session.time), 0))
    chosen = session.actions[:, agent]
    return (chosen[:, None] == np.arange(max(chosen.max(), 0) + 1)).astype(np.float64)


def _began(session: Session, kind: str, agent: int, lag: int, step_s: float) -> np.ndarray:
    start = session.events_of(kind, agent)["start"] + lag * step_s
    return happening(session.time, start, start + step_s)[:, None]
