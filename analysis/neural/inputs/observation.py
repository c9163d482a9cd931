"""What an agent of the grid sees, rebuilt from a recording: nothing that its network was not shown at that step."""

import numpy as np

from recording import Session


def observation(session: Session, agent: int) -> np.ndarray:
    """The network's inputs [T, p] less those that stay 0: own places and the partner's, or behind an opaque divider only its own."""
    own = own_places(session, agent)
    return own if session.attributes["divider"] == "opaque" else np.hstack([own, partner_places(session, agent)])


def own_places(session: Session, agent: int) -> np.ndarray:
    """An agent's own cell, port and water, one-hot [T, p]: a column for each row and each column that one takes in the session."""
    return _one_hot([each[:, agent] for each in (session.tracks, session.port_tracks, session.spout_tracks)])


def partner_places(session: Session, agent: int) -> np.ndarray:
    """Its partner's cell and port in the same form, [T, q]."""
    return _one_hot([each[:, 1 - agent] for each in (session.tracks, session.port_tracks)])


def _one_hot(places: list[np.ndarray]) -> np.ndarray:
    """Columns [T, n] of every coordinate of places [T, space], one for each value it takes."""
    coordinates = np.hstack(places).T
    return np.hstack([each[:, None] == np.unique(each) for each in coordinates]).astype(np.float64)
