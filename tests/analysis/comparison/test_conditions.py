"""Conditions and their means: by hand."""

from typing import Any

import numpy as np
import pytest

from analysis.comparison.conditions import condition_masks, condition_means, means_of, names
from params import resolve
from recording import RecordingError, event_table
from tests.fixtures.sessions import make_session

SETTINGS = resolve("coop_075s").params.analysis.compare


def settings(**changes: Any) -> Any:
    return SETTINGS.model_copy(update=changes)


def at_ports(n: int = 80, **changes: Any) -> Any:
    """Agent 0 nears its port over the session, agent 1 leaves its own."""
    tracks = np.zeros((n, 2, 2))
    tracks[:, 0], tracks[:, 1] = (-2.5, 0), (2.5, 0)
    tracks[:, 0, 1], tracks[:, 1, 1] = np.arange(n)[::-1] / 4, np.arange(n) / 4
    return make_session(tracks, **changes)


def test_every_frame_is_in_one_state() -> None:
    masks = condition_masks(at_ports(), 0, SETTINGS)
    states = 4 * SETTINGS.partner_levels * SETTINGS.own_levels
    assert len(masks) == len(names(SETTINGS)) == states + 2 * SETTINGS.course_bins
    np.testing.assert_array_equal(masks[:states].sum(axis=0), 1)
    assert not masks[states:].any()


def test_levels_are_thirds_and_halves_of_the_session() -> None:
    """Without lights all ports count as armed; agent 0 is near its port in the second half, its partner near in the first third."""
    masks = dict(zip(names(SETTINGS), condition_masks(at_ports(60), 0, SETTINGS), strict=True))
    first = masks["armed, partner armed, partner at distance 1 of 3, self at 2 of 2"]
    last = masks["armed, partner armed, partner at distance 3 of 3, self at 1 of 2"]
    np.testing.assert_array_equal(np.flatnonzero(first), np.arange(20))
    np.testing.assert_array_equal(np.flatnonzero(last), np.arange(40, 60))


def test_seen_from_the_partner_the_distances_change_places() -> None:
    masks = [dict(zip(names(SETTINGS), condition_masks(at_ports(60), agent, SETTINGS), strict=True)) for agent in (0, 1)]
    name = "armed, partner armed, partner at distance {} of 3, self at {} of 2"
    np.testing.assert_array_equal(masks[1][name.format(1, 2)][::-1], masks[0][name.format(1, 2)])


def test_course_is_cut_into_equal_parts_of_the_time_to_the_poke() -> None:
    """Armed at 1 s, poked at 5 s: four parts of 1 s, 8 samples each; the poke at 6 s, which nothing armed, has none."""
    events = [event_table(0, "arm", [1.0]), event_table(0, "poke", [5.0, 6.0]), event_table(0, "correct", [5.5, 6.0])]
    masks = condition_masks(at_ports(events=events), 0, SETTINGS)[-8:]
    for part in range(4):
        np.testing.assert_array_equal(np.flatnonzero(masks[part]), np.arange(8 + 8 * part, 16 + 8 * part))
    assert not masks[4:].any()


def test_means_by_hand() -> None:
    """Four blocks of two frames, halves in turn; the second condition has one frame in the second half, too few."""
    activity = np.arange(8.0)[:, None] * [1.0, 10.0]
    masks = np.array([[1, 1, 1, 1, 1, 0, 1, 1], [1, 1, 1, 0, 1, 1, 0, 0]], bool)
    means = means_of(activity, masks, settings(blocks=4, fewest_frames=2))
    np.testing.assert_allclose(means[0, 0], np.array([0 + 1 + 4]) / 3 * [1, 10])
    np.testing.assert_allclose(means[1, 0], np.array([2 + 3 + 6 + 7]) / 4 * [1, 10])
    assert np.isnan(means[:, 1]).all()


def test_a_session_without_activity_is_refused() -> None:
    with pytest.raises(RecordingError, match="no rates"):
        condition_means(at_ports(), 0, SETTINGS)
