"""Spikes from fluorescence, by the package oasis-deconv [friedrich2017], an extra of this one."""

import numpy as np

from params.errors import UserError
from params.schema.tools import Calcium


def deconvolve(dff: np.ndarray, calcium: Calcium) -> np.ndarray:
    """Activity [frames, n] float32, never negative, of dF/F [frames, n]; cells one by one, linear in frames.

    A decaying exponential of the indicator's decay time is the response to one unit, and there is no penalty: nothing is tuned.

    Raises
    ------
    UserError
        The package is missing.
    """
    try:
        from oasis.functions import deconvolve as infer
    except ImportError as error:
        raise UserError(
            'signal deconvolved needs the package oasis-deconv: pip install "acc-cooperation[deconvolution]"'
        ) from error
    activity = np.empty(dff.shape, np.float32)
    for cell, trace in enumerate(dff.T.astype(np.float64)):
        activity[:, cell] = infer(trace, tau_d=calcium.decay_tau_s, framerate=calcium.frame_rate_hz, penalty=None).s
    return activity
