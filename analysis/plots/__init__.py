"""Figures that a paper could print: one file per figure, each a function from a cohort to a matplotlib Figure."""
