"""Where brains act: the chamber of the mice, and the grid of the artificial agents (which needs JAX)."""
