"""What a mouse perceives: own place, cues of its own ports and body, and the partner through the divider."""

from typing import NamedTuple

import numpy as np

from compute.kernel import copy_onto, kernel
from params.schema.world import Chamber, Senses

CUES = ("light_on", "light_off", "click", "at_port", "at_spout", "partner_seen", "partner_touch")
FAINT = 0.02  # a channel below this is silent, and costs nothing


class SenseConstants(NamedTuple):
    """Tuning of the channels: place-field centres [nx], [ny] cm and width; copies of each cue
    and of each partner field; the partner's image. in_y [ny]: work space."""

    centre_x_cm: np.ndarray
    centre_y_cm: np.ndarray
    width_cm: float
    copies: int
    partner_copies: int
    range_cm: float
    softness_cm: float
    noise_near_cm: float
    noise_per_cm: float
    touch_cm: float
    in_y: np.ndarray


def sense_constants(senses: Senses, chamber: Chamber) -> SenseConstants:
    """Place fields cover the compartment at even spacing, half a spacing from its walls."""

    def centres(extent_cm: float) -> np.ndarray:
        n = max(1, round(extent_cm / senses.place_spacing_cm))
        return (np.arange(n) + 0.5) * extent_cm / n

    return SenseConstants(
        centres(chamber.width_cm),
        centres(chamber.length_cm),
        senses.place_width_cm,
        senses.channels_per_cue,
        senses.channels_per_partner_field,
        senses.partner_range_cm,
        senses.partner_softness_cm,
        senses.partner_noise_near_cm,
        senses.partner_noise_per_cm_distance,
        senses.touch_range_cm,
        np.zeros(len(centres(chamber.length_cm))),
    )


def n_channels(constants: SenseConstants) -> int:
    """Own place, partner's place, copies of each cue."""
    n_fields = len(constants.centre_x_cm) * len(constants.centre_y_cm)
    return (1 + constants.partner_copies) * n_fields + constants.copies * len(CUES)


def channel_names(constants: SenseConstants) -> list[str]:
    """Name of every channel, in order: place[x,y], partner[x,y], cue[copy]."""
    fields = [f"[{x:g},{y:g}]" for x in constants.centre_x_cm for y in constants.centre_y_cm]
    cues = [f"{cue}[{copy}]" for cue in CUES for copy in range(constants.copies)]
    partner = [f"partner{field}[{copy}]" for copy in range(constants.partner_copies) for field in fields]
    return [f"place{field}" for field in fields] + partner + cues


def partner_fields(constants: SenseConstants, x_cm: tuple[float, float], y_cm: tuple[float, float]) -> np.ndarray:
    """Indices of the partner's place channels, all copies, whose centres lie in a part of its compartment (ends included):
    x from the divider, y from the ports' end."""
    x, y = constants.centre_x_cm[:, None], constants.centre_y_cm[None, :]
    inside = np.flatnonzero((x_cm[0] <= x) & (x <= x_cm[1]) & (y_cm[0] <= y) & (y <= y_cm[1]))
    n_fields = len(constants.centre_x_cm) * len(constants.centre_y_cm)
    return np.concatenate([(1 + copy) * n_fields + inside for copy in range(constants.partner_copies)])


def partner_cues(constants: SenseConstants) -> np.ndarray:
    """Indices of the channels that say that the partner is seen, or touches."""
    first = n_channels(constants) - constants.copies * len(CUES)
    of_partner = np.array([cue.startswith("partner") for cue in CUES])
    return first + np.flatnonzero(np.repeat(of_partner, constants.copies))


def own_channels(constants: SenseConstants) -> np.ndarray:
    """Indices of the channels that say nothing of the partner: own place and own cues."""
    return np.array([channel for channel, name in enumerate(channel_names(constants)) if not name.startswith("partner")])


@kernel
def place_code(constants, position, gain, out):
    """Gaussian place fields, out [nx * ny]: gain exp(-|position - centre|^2 / 2 width^2), zero where below FAINT."""
    in_y, n_y = constants.in_y, constants.centre_y_cm.shape[0]
    scale = 0.5 / (constants.width_cm * constants.width_cm)
    for row in range(n_y):
        dy = position[1] - constants.centre_y_cm[row]
        in_y[row] = np.exp(-scale * dy * dy)
    for column in range(constants.centre_x_cm.shape[0]):
        dx = position[0] - constants.centre_x_cm[column]
        in_x = gain * np.exp(-scale * dx * dx)
        for row in range(n_y):
            response = in_x * in_y[row]
            out[column * n_y + row] = response if response > FAINT else 0.0


@kernel
def clarity(constants, distance_cm, transparent):
    """How much of the partner's image is left at a distance: a soft step down at the range limit; 0 behind an opaque divider."""
    return transparent / (1.0 + np.exp((distance_cm - constants.range_cm) / constants.softness_cm))


@kernel
def encode(constants, own, partner_seen_at, distance_cm, transparent, cues, noise, senses):
    """Fill `senses` [n_channels] in 0..1.

    own [2]: nose position. partner_seen_at [2]: where the partner's nose was one sensory delay ago, in its own frame, and
    distance_cm its distance then. transparent: 1 or 0. cues [5]: light_on, light_off, click, at_port, at_spout.
    noise [2]: standard normal draws; the perceived position errs by (near + per_cm * distance) times them.
    """
    n_fields = constants.centre_x_cm.shape[0] * constants.centre_y_cm.shape[0]
    place_code(constants, own, 1.0, senses[:n_fields])
    clear = clarity(constants, distance_cm, transparent)
    error_cm = constants.noise_near_cm + constants.noise_per_cm * distance_cm
    perceived = (partner_seen_at[0] + error_cm * noise[0], partner_seen_at[1] + error_cm * noise[1])
    first = senses[n_fields : 2 * n_fields]
    place_code(constants, perceived, clear, first)
    position = 2 * n_fields
    for _ in range(1, constants.partner_copies):
        copy_onto(senses[position : position + n_fields], first)
        position += n_fields
    touch = transparent if distance_cm <= constants.touch_cm else 0.0
    for cue in range(7):
        value = cues[cue] if cue < 5 else (clear if cue == 5 else touch)
        for _ in range(constants.copies):
            senses[position] = value
            position += 1
