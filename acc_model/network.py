"""What a network of cells must offer the brain that it is in.

A network is a module. It defines a NamedTuple of arrays, of a name that no other has, and beside it what is declared here, for the class of
its first argument (compute/dispatch.py), and `build_network`. Its fields `recurrent`, `afferent`, `background_hz`, `excitability`,
`rate_hz`, `mean_rate_hz` and `spikes` mean the same in every network (acc_model/rate.py, acc_model/lif.py).
"""

from compute.dispatch import by_class


@by_class
def advance(network, senses, noise_hz, n_steps):
    """Run the cells for `n_steps` steps under senses [n_channels] and noise_hz [n], both held.

    Fills rate_hz (at the end), mean_rate_hz (over the steps), both [n], and `spikes`.
    """


@by_class
def times_slope(network, signal):
    """Multiply a signal [m], of the first m cells, by how steeply their rates rise with their drive, over the decision just past."""


@by_class
def weights_changed(network):
    """Bring in accord what follows from the recurrent weights."""


@by_class
def rest(network, rng):
    """Silence a network, in place; rng: for randomness of the network's own in the session that begins."""


@by_class
def calibration(network):
    """How its resting rates are searched for, `acc_model.calibration.Search`."""


@by_class
def state_of(network):
    """What it is, in words -> array that must stay finite."""
