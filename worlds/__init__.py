"""Where brains act: the chamber of the mice, and the grid of the artificial agents (which needs JAX)."""

import acc_cooperation  # noqa: F401  refuses a file of the user's that hides a package of the project
