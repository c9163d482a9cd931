"""A calcium indicator: what a miniscope would see of the rates. A measuring instrument; nothing in a brain depends on it.

    s_i(k) ~ Poisson(r_i / f)                                    spikes of frame k, at frame rate f
    c_i(t) = sum over spikes of (exp(-t/tau_d) - exp(-t/tau_r)) / peak        calcium, one spike peaking at 1
    F_i = a H(c_i) / H(1),   H(c) = c^h / (c^h + K^h)            dF/F of the cell, one spike peaking at a
    G_i = F_i + p mean_j F_j                                      with neuropil
    dF/F_i = G_i + m g_i x(t) + s sqrt(1 - q + q (1 + G_i)) z     with motion and noise, s = a / peak_snr

Poisson spikes are drawn from the rate, and not the rate used as their mean: at a few Hz a transient is one spike, and what can be read
from fluorescence is limited by that. Of cells that spike, s are their own spikes from frame k up to the next. Every step is linear in
cells x frames.
"""

from typing import NamedTuple

import numpy as np

from compute.kernel import allocating_kernel, kernel
from params.schema.tools import Calcium

MOST_SPIKES = 500  # in a frame; beyond about 700 the chance of none is no number


class Fluorescence(NamedTuple):
    """time_s [frames] from 0; dff [frames, n] float32, dF/F."""

    time_s: np.ndarray
    dff: np.ndarray


def observe(rates_hz: np.ndarray, step_s: float, calcium: Calcium, rng: np.random.Generator) -> Fluorescence:
    """Fluorescence of cells whose rates [T, n] are given on a grid of `step_s`; the same generator state gives the same bits."""
    frames_hz = on_frames(rates_hz, step_s, calcium.frame_rate_hz)
    return observe_spikes(draw_spikes(frames_hz, calcium, rng), calcium, rng)


def observe_spikes(counts: np.ndarray, calcium: Calcium, rng: np.random.Generator) -> Fluorescence:
    """Fluorescence of cells whose spikes in each frame [frames, n] are given; the same generator state gives the same bits."""
    clean = respond(counts, calcium)
    return Fluorescence(np.arange(len(clean)) / calcium.frame_rate_hz, with_noise(with_neuropil(clean, calcium), calcium, rng))


def frames_in(duration_s: float, frame_rate_hz: float) -> int:
    """Frames of a recording of a duration, of which a part of one is none."""
    return int(duration_s * frame_rate_hz + 1e-9)


def on_frames(rates_hz: np.ndarray, step_s: float, frame_rate_hz: float) -> np.ndarray:
    """Rates [frames, n] float32 at the frames, k / frame_rate for as long as the recording lasts: linear between the samples,
    the last one held."""
    at = np.arange(frames_in(len(rates_hz) * step_s, frame_rate_hz)) / (frame_rate_hz * step_s)
    before = np.minimum(at.astype(np.int64), len(rates_hz) - 1)
    frames = np.empty((len(at), rates_hz.shape[1]), np.float32)
    _interpolate(np.asarray(rates_hz, np.float32), before, (at - before).astype(np.float32), frames)
    return frames


@kernel
def _interpolate(rates, before, share, out):
    last = rates.shape[0] - 1
    for k in range(before.size):
        first, second = rates[before[k]], rates[min(before[k] + 1, last)]
        for i in range(first.size):
            out[k, i] = (np.float32(1.0) - share[k]) * first[i] + share[k] * second[i]


def draw_spikes(frames_hz: np.ndarray, calcium: Calcium, rng: np.random.Generator) -> np.ndarray:
    """Spike counts [frames, n] float32 of each frame, Poisson with mean rate / frame rate.

    By inversion: the least k with u < P(count <= k), u uniform; as many steps as spikes, of which a frame holds few.

    Raises
    ------
    ValueError
        If a frame's mean exceeds `MOST_SPIKES`.
    """
    counts = rng.random(frames_hz.shape, np.float32)
    if frames_hz.max(initial=0) > MOST_SPIKES * calcium.frame_rate_hz:
        raise ValueError(f"rates up to {frames_hz.max():.3g} Hz; allowed: {MOST_SPIKES} spikes a frame")
    _invert(frames_hz, calcium.frame_rate_hz, counts)
    return counts


@kernel
def _invert(frames_hz, frame_rate_hz, counts):
    """Uniform numbers, in place, to Poisson counts; float64, so that the sum of probabilities reaches every float32 below 1.

    Most frames hold no spike, and 1 - mean < exp(-mean) tells most of these without the exponential.
    """
    for k in range(counts.shape[0]):
        for i in range(counts.shape[1]):
            mean, count = np.float64(frames_hz[k, i]) / frame_rate_hz, 0
            if counts[k, i] < 1.0 - mean:
                counts[k, i] = 0.0
                continue
            chance = np.exp(-mean)
            left = counts[k, i] - chance
            while left >= 0.0 and chance > 0.0:
                count += 1
                chance *= mean / count
                left -= chance
            counts[k, i] = count


def transient_peak(calcium: Calcium) -> float:
    """Greatest value of exp(-t/tau_d) - exp(-t/tau_r), reached at ln(tau_d/tau_r) tau_d tau_r / (tau_d - tau_r)."""
    rise, decay = calcium.rise_tau_s, calcium.decay_tau_s
    at = np.log(decay / rise) * decay * rise / (decay - rise)
    return float(np.exp(-at / decay) - np.exp(-at / rise))


def calcium_of(spikes: np.ndarray, calcium: Calcium) -> np.ndarray:
    """Calcium [frames, n] float32 in peaks of one spike's; the spikes of a frame are put at its moment."""
    frame_s = 1.0 / calcium.frame_rate_hz
    out = np.empty(spikes.shape, np.float32)
    keep_decay, keep_rise = np.exp(-frame_s / calcium.decay_tau_s), np.exp(-frame_s / calcium.rise_tau_s)
    _filter(np.asarray(spikes, np.float32), *np.array([keep_decay, keep_rise, 1.0 / transient_peak(calcium)], np.float32), out)
    return out


@allocating_kernel
def _filter(spikes, keep_decay, keep_rise, scale, out):
    """Difference of two leaky sums of the spikes, frame by frame."""
    n = spikes.shape[1]
    slow, fast = np.zeros(n, np.float32), np.zeros(n, np.float32)
    for k in range(spikes.shape[0]):
        for i in range(n):
            slow[i] = keep_decay * slow[i] + spikes[k, i]
            fast[i] = keep_rise * fast[i] + spikes[k, i]
            out[k, i] = scale * max(slow[i] - fast[i], np.float32(0.0))


def saturate(concentration: np.ndarray, calcium: Calcium) -> np.ndarray:
    """dF/F of a calcium concentration (any shape), rising and bounded: `single_spike` at 1."""
    response = np.asarray(concentration, np.float32) ** np.float32(calcium.hill)
    half = calcium.half_saturation**calcium.hill
    reached = response + np.float32(half)
    response *= np.float32(calcium.single_spike * (1.0 + half))
    response /= reached
    return response


def respond(spikes: np.ndarray, calcium: Calcium) -> np.ndarray:
    """dF/F [frames, n] that spikes give in a noiseless cell."""
    return saturate(calcium_of(spikes, calcium), calcium)


def with_neuropil(dff: np.ndarray, calcium: Calcium) -> np.ndarray:
    """Each cell with its share of the common mode, the mean of all cells."""
    return dff + np.float32(calcium.neuropil) * dff.mean(axis=1, keepdims=True)


def with_noise(dff: np.ndarray, calcium: Calcium, rng: np.random.Generator) -> np.ndarray:
    """Shot and white noise, apart in every cell, and motion, one signal that moves cells by gains of either sign."""
    gain = rng.standard_normal(dff.shape[1], dtype=np.float32)
    moved = motion(len(dff), calcium, rng)
    noisy = rng.standard_normal(dff.shape, dtype=np.float32)
    sd = calcium.single_spike / calcium.peak_snr
    _add_noise(np.asarray(dff, np.float32), moved, gain, *np.array([sd, calcium.shot_share], np.float32), noisy)
    return noisy


@kernel
def _add_noise(dff, moved, gain, sd, share, noisy):
    """Standard normal numbers [frames, n], in place, to dF/F with motion and noise."""
    one = np.float32(1.0)
    for k in range(dff.shape[0]):
        for i in range(dff.shape[1]):
            spread = sd * np.sqrt(one - share + share * (one + dff[k, i]))
            noisy[k, i] = dff[k, i] + moved[k] * gain[i] + spread * noisy[k, i]


def motion(frames: int, calcium: Calcium, rng: np.random.Generator) -> np.ndarray:
    """Motion [frames] float32, dF/F: a first-order process with standard deviation `motion` and time constant `motion_tau`."""
    keep = np.exp(-1.0 / (calcium.frame_rate_hz * calcium.motion_tau_s))
    out = rng.standard_normal(frames, dtype=np.float32)
    _fade(np.float32(keep), np.float32(np.sqrt(1 - keep**2)), out)
    return np.float32(calcium.motion) * out


@kernel
def _fade(keep, fresh, out):
    for k in range(1, out.shape[0]):
        out[k] = keep * out[k - 1] + fresh * out[k]
