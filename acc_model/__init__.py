"""The mouse's brain: an ACC network of four cell classes, of rates or of spikes, its readout and its local plasticity. It knows no task."""

import acc_cooperation  # noqa: F401  refuses a file of the user's that hides a package of the project
