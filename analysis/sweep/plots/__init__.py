"""Figures of a sweep, on Axes; matplotlib is imported here alone, when something is drawn."""
