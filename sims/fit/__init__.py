"""Fit of parameters to an experiment: a sweep that spreads over them, and an inference from its points."""
