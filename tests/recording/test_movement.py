"""Positions of a session as a Dataset of movement, as docs/reference/recording.md says; movement is heavy and may be missing."""

import numpy as np
import pytest

from tests.recording.test_store import full_session

load_poses = pytest.importorskip("movement.io.load_poses", reason="needs movement (pip install movement, over a gigabyte)")


def test_positions_and_times_are_those_of_the_session() -> None:
    session = full_session(400)
    positions = session.tracks.transpose(0, 2, 1)[:, :, np.newaxis]
    data = load_poses.from_numpy(positions, individual_names=["0", "1"], keypoint_names=["nose"], fps=1 / session.step)
    assert data.position.dims[:2] == ("time", "space")
    np.testing.assert_array_equal(data.position.to_numpy(), positions)
    np.testing.assert_allclose(data.time, session.time, atol=1e-9)
