"""Cells of mice, and hidden units of agents, taken away by what they carry."""
